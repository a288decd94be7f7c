"""What is picked on a page puts the state it leads to into the address, and the page is drawn again."""

from types import SimpleNamespace

import pytest

from aspromised.app import renderer


class Drawn(Exception):  # noqa: N818 - what the stub raises in the place of a new run
    """The page was asked to be drawn again."""


@pytest.fixture
def streamlit(monkeypatch):
    said = {}

    def rerun():
        raise Drawn

    stub = SimpleNamespace(
        session_state={}, query_params=SimpleNamespace(from_dict=said.update), rerun=rerun, said=said
    )
    monkeypatch.setattr(renderer, "st", stub)
    return stub


def selection(**chosen):
    return SimpleNamespace(selection=SimpleNamespace(rows=chosen.get("rows", []), get=chosen.get))


def test_a_mark_leads_where_its_link_does(streamlit):
    streamlit.session_state["k"] = selection(picked=[{"to": "?month=2026-10&where=region%3Anorth%2C+east"}])
    with pytest.raises(Drawn):
        renderer._follow_mark("k")
    assert streamlit.said == {"month": "2026-10", "where": "region:north, east"}


def test_a_row_leads_to_its_story(streamlit):
    streamlit.session_state["k"] = selection(rows=[1])
    with pytest.raises(Drawn):
        renderer._follow_row("k", ["gaps?item=a", "gaps?item=b"])
    assert streamlit.said == {"item": "b"}


@pytest.mark.parametrize("nothing", [selection(), selection(picked=[{}], rows=[7])])
def test_nothing_picked_leads_nowhere(streamlit, nothing):
    streamlit.session_state["k"] = nothing
    renderer._follow_mark("k")
    renderer._follow_row("k", ["gaps?item=a"])
    assert streamlit.said == {}
