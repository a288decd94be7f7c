"""A supplier chosen on a team's page: its brief, with the stories of its examples, to take away as PDF or HTML."""

from tests.app.conftest import Opened, opened, said
from tests.e2e.conftest import Demo, demo

__all__ = ["demo", "opened"]


def test_a_supplier_chosen_on_a_teams_page_has_its_brief(demo: Demo, opened: Opened) -> None:
    app = opened(demo.root, "pages/service.py", month="2026-10", team="fulfilment", supplier="finance")
    assert not app.exception
    told = said(app)
    assert "The brief for its supplier" in told and "we rated finance" in told
    assert 'href="gaps?month=2026-10&amp;promise=' in told and "&amp;item=" in told
    assert [each.proto.label for each in app.get("download_button")] == ["Brief as PDF", "Brief as HTML"]


def test_without_a_supplier_there_is_no_brief_and_a_stranger_is_told_as_such(
    demo: Demo, opened: Opened
) -> None:
    stranger = opened(demo.root, "pages/service.py", month="2026-10", team="fulfilment", supplier="stores")
    assert not stranger.exception
    assert "supplier cannot be &#x27;stores&#x27;: choose one of" in said(stranger)
    assert "The brief for its supplier" not in said(stranger)
