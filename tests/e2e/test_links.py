"""Every link of a page leads to a page in a state that it can be in."""

import re
from html import escape, unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from aspromised.app.house import HOUSE
from aspromised.app.pages import PAGES
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.parameters import declared_parameters, read_value, resolve
from aspromised.notebook.runner import run
from aspromised.store.snapshot import Snapshot, open_snapshot
from tests.e2e.conftest import Demo
from tests.notebook.recorder import Recorder

NOTEBOOKS = {page.name: page.notebooks for page in PAGES}
VIEWS = [
    ("compliance", {"month": "2026-10"}),
    ("compliance", {"month": "2026-10", "promise": "two-day-delivery"}),
    ("compliance", {"month": "2026-09", "window": "quarter", "promise": "two-day-delivery"}),
    ("compliance", {"month": "2026-10", "promise": "same-for-everyone"}),
    ("gaps", {"month": "2026-10", "promise": "two-day-delivery"}),
    ("gaps", {"month": "2026-10", "promise": "two-day-delivery", "segment": "site", "value": "north"}),
    ("gaps", {"month": "2026-10", "promise": "chat-in-minutes"}),
    ("gaps", {"month": "2026-10", "week": "2026-10-05", "promise": "two-day-delivery"}),
    ("handoffs", {"month": "2026-10", "promise": "two-day-delivery"}),
    (
        "handoffs",
        {
            "month": "2026-10",
            "promise": "two-day-delivery",
            "segment": "site",
            "value": "north",
            "stage": "transit",
        },
    ),
    ("handoffs", {"month": "2026-10", "promise": "chat-in-minutes"}),
    ("handoffs", {"month": "2026-10", "promise": "two-day-delivery", "log": "claims"}),
    ("tonight", {}),
    ("tonight", {"promise": "two-day-delivery", "segment": "region", "value": "london"}),
    ("launches", {}),
    ("launches", {"promotion": "express-everything"}),
    ("launches", {"promotion": "hallway-refresh"}),
    ("review", {"month": "2026-10"}),
    ("service", {"month": "2026-10"}),
    ("service", {"month": "2026-10", "team": "customer-care"}),
    ("health", {}),
]


def shown(snapshot: Snapshot, page: str, chosen: dict[str, str]) -> str:
    """Return all HTML that a page's notebooks show."""
    recorder = Recorder()
    with reading(snapshot):
        for name in NOTEBOOKS[page]:
            run(read_notebook(HOUSE / "notebooks" / name), recorder, chosen)
    assert "error" not in [method for method, _ in recorder.shown]
    return "".join(getattr(thing, "html", thing) for method, thing in recorder.shown if method in ("ledger", "html"))  # fmt: skip


def refused(snapshot: Snapshot, page: str, state: dict[str, str]) -> list[str]:
    """Return what of a link's state the page does not know, in the order of its controls."""
    parameters = {each.name: each for name in NOTEBOOKS[page] for each in declared_parameters(read_notebook(HOUSE / "notebooks" / name))}  # fmt: skip
    problems = [f"{page} has no {name}" for name in state if name not in parameters]
    chosen: dict[str, object] = {}
    for name, parameter in parameters.items():
        resolved = resolve(parameter, snapshot, chosen)
        try:
            chosen[name] = read_value(resolved, state[name]) if name in state else resolved.default
        except ValueError as error:
            problems.append(f"{page}: {error}")
    return problems


@pytest.mark.parametrize(("page", "chosen"), VIEWS)
def test_a_link_leads_to_a_state_that_its_page_knows(page: str, chosen: dict[str, str], demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        found = {
            unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', shown(snapshot, page, chosen))
        }
        assert found
        problems = [
            problem
            for link in sorted(found)
            for problem in refused(snapshot, urlsplit(link).path or page, dict(parse_qsl(urlsplit(link).query)))
        ]  # fmt: skip
    assert problems == []


WAYS = [
    ("compliance", {"month": "2026-10", "promise": "two-day-delivery"}, "gaps?month=2026-10&promise=two-day-delivery&items=broken"),
    ("compliance", {"month": "2026-10", "promise": "two-day-delivery"}, "gaps?month=2026-03&promise=two-day-delivery"),
    ("compliance", {"month": "2026-10", "promise": "two-day-delivery"}, "health?"),
    ("gaps", {"month": "2026-10", "promise": "two-day-delivery"}, "gaps?month=2026-05&week=2026-05-04&promise=two-day-delivery"),
    ("gaps", {"month": "2026-10", "promise": "two-day-delivery"}, "gaps?month=2026-10&promise=two-day-delivery&items=broken"),
    ("gaps", {"month": "2026-10", "week": "2026-10-05", "promise": "two-day-delivery"}, "gaps?month=2026-10&week=2026-10-05&promise=two-day-delivery&items=broken"),
    ("handoffs", {"month": "2026-10", "promise": "two-day-delivery"}, "handoffs?month=2026-10&promise=two-day-delivery&stage=payment+check"),
    ("launches", {"promotion": "express-everything"}, "gaps?month=2026-05&week=2026-05-04&promise=order-accuracy"),
    ("gaps", {"month": "2026-10", "promise": "chat-in-minutes"}, "?month=2026-10&promise=chat-in-minutes&where=hour%3A9"),
    ("gaps", {"month": "2026-10", "promise": "chat-in-minutes"}, "?month=2026-10&promise=chat-in-minutes&where=weekday%3AMonday"),
    ("launches", {"promotion": "express-everything"}, "compliance?month=2026-05&promise=order-accuracy"),
    ("launches", {"promotion": "express-everything"}, "health?"),
    ("health", {}, "compliance?promise=two-day-delivery"),
]  # fmt: skip
"""A budget's misses, a chart's months, records; single weeks, lateness, the load of a launch; hours and weekdays; the evidence of gates; a source's promises."""


@pytest.mark.parametrize(("page", "chosen", "way"), WAYS)
def test_what_a_page_counts_leads_on(page: str, chosen: dict[str, str], way: str, demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        assert f'href="{escape(way)}"' in shown(snapshot, page, chosen)
