"""A page that has nothing to show says what to do next."""

import pytest

from tests.app.conftest import Opened, said
from tests.app.tiny import declared, refreshed

PAGES = ["compliance", "gaps", "tonight", "handoffs", "launches", "service", "review", "health"]


@pytest.mark.parametrize("page", PAGES)
def test_where_there_is_no_workspace_every_page_says_how_to_make_one(page: str, opened: Opened, tmp_path):
    app = opened(tmp_path, f"pages/{page}.py")
    assert not app.exception
    assert len(app.title) == 1
    assert f"There is no workspace in {tmp_path}" in said(app)
    assert f"aspromised demo --workspace {tmp_path}\naspromised init --workspace {tmp_path}" in said(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_workspace_that_was_never_refreshed_says_so_on_every_page(page: str, opened: Opened, tmp_path):
    app = opened(declared(tmp_path / "work"), f"pages/{page}.py")
    assert not app.exception
    assert "Nothing has been judged yet" in said(app)
    assert f"aspromised refresh --workspace {tmp_path / 'work'}" in said(app)


@pytest.mark.parametrize("page", PAGES)
def test_broken_declarations_are_told_with_their_place_on_every_page(page: str, opened: Opened, tmp_path):
    root = declared(tmp_path / "work")
    text = (root / "promises" / "promises.yaml").read_text(encoding="utf-8")
    (root / "promises" / "promises.yaml").write_text(
        text.replace("target: 95%", "targit: 95%"), encoding="utf-8"
    )
    app = opened(root, f"pages/{page}.py")
    assert not app.exception
    assert "promises/promises.yaml:8:5" in said(app) and "Did you mean 'target'?" in said(app)
    assert f"aspromised check --workspace {root}" in said(app)


def test_a_folder_with_a_space_is_quoted_in_the_command(opened: Opened, tmp_path):
    app = opened(declared(tmp_path / "my work"))
    assert f"aspromised refresh --workspace '{tmp_path}/my work'" in said(app)


def test_a_damaged_snapshot_is_told_and_mended_by_a_refresh(opened: Opened, tmp_path):
    root = refreshed(declared(tmp_path / "work"))
    for snapshot in (root / ".aspromised" / "snapshots").glob("*.duckdb"):
        snapshot.write_bytes(b"not a database" * 1000)
    app = opened(root)
    assert not app.exception
    assert f"aspromised refresh --workspace {root}" in said(app)
