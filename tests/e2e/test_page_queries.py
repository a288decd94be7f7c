"""How many questions a page asks of a snapshot that nobody has asked before; and none where somebody has."""

import pytest

from aspromised.app import pieces
from aspromised.notebook.memory import PageMemory
from aspromised.store.snapshot import Snapshot
from tests.app.conftest import Opened, opened
from tests.e2e.conftest import Demo

__all__ = ["opened"]

BOUNDS = [
    ("compliance", {}, 18),
    ("compliance", {"promise": "two-day-delivery"}, 44),
    ("compliance", {"promise": "same-for-everyone", "window": "quarter"}, 44),
    ("gaps", {}, 40),
    ("gaps", {"promise": "two-day-delivery", "segment": "region", "items": "open"}, 40),
    ("handoffs", {}, 44),
    ("handoffs", {"promise": "refund-in-five-days", "stage": "approval"}, 44),
    ("handoffs", {"promise": "tell-us-once", "log": "refunds"}, 44),
    ("tonight", {}, 12),
    ("tonight", {"promise": "two-day-delivery", "segment": "region", "value": "london"}, 14),
    ("launches", {}, 21),
    ("launches", {"promotion": "express-everything"}, 40),
    ("launches", {"promotion": "hallway-refresh"}, 40),
    ("review", {}, 25),
    ("service", {}, 22),
    ("service", {"team": "customer-care"}, 40),
    ("health", {}, 15),
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the questions that reach the database, as they come."""
    questions: list[str] = []
    ask = Snapshot._ask
    monkeypatch.setattr(Snapshot, "_ask", lambda self, sql, params: questions.append(sql) or ask(self, sql, params))  # fmt: skip
    monkeypatch.setattr(pieces, "_MEMORY", PageMemory())
    return questions


@pytest.mark.parametrize(("page", "url", "most"), BOUNDS)
def test_a_page_asks_few_questions_and_none_the_second_time(
    page: str, url: dict[str, str], most: int, demo: Demo, opened: Opened, asked: list[str]
) -> None:
    app = opened(demo.root, f"pages/{page}.py", **url)
    assert not app.exception and 0 < len(asked) <= most
    asked.clear()
    app.run()
    assert not app.exception and asked == []


def test_a_launch_opened_after_another_asks_only_what_is_its_own(
    demo: Demo, opened: Opened, asked: list[str]
) -> None:
    app = opened(demo.root, "pages/launches.py")
    asked.clear()
    app.query_params["promotion"] = "express-everything"
    assert not app.run().exception and 0 < len(asked) <= 20
