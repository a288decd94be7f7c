"""Whether the numbers can be trusted, on sources few enough to count."""

import pytest

from aspromised.analyse import health
from aspromised.chart.health import source_ledger
from aspromised.schema.snapshot import SET_ASIDE, SOURCE_HEALTH
from aspromised.sql.tables import create, insert
from tests.analyse.shelf import shelf


def source(name, newest="2026-10-31 20:00", promised=None, rows=100, aside=0, problem=None, before=None):
    seconds = {"1 day": 86_400, "2 hours": 7200}.get(promised)
    return [
        name,
        "csv",
        1,
        rows,
        rows - aside,
        aside,
        0,
        newest,
        "2026-11-01",
        problem,
        None,
        promised,
        seconds,
        before,
    ]


@pytest.fixture
def snapshot():
    def made(sources, set_aside=(), **tables):
        shown = shelf(**tables)
        for table in (SOURCE_HEALTH, SET_ASIDE):
            shown.con.execute(create(table, ""))
        for row in sources:
            shown.con.execute(insert(SOURCE_HEALTH), row)
        for row in set_aside:
            shown.con.execute(insert(SET_ASIDE), row)
        return shown

    return made


def test_a_source_is_fresh_by_its_age_at_the_snapshots_moment(snapshot):
    rows = [
        source("orders", promised="1 day"),
        source("tickets", promised="2 hours"),
        source("stock"),
        source("plans", newest=None, promised="1 day"),
        source("broken", problem="no file", promised="1 day"),
    ]
    table = health.sources(snapshot(rows)).set_index("source")
    assert table["freshness"].to_dict() == {
        "orders": "fresh", "tickets": "older than promised", "stock": "not promised", "plans": "age not known", "broken": "not read",
    }  # fmt: skip
    assert list(table.index[:2]) == ["broken", "tickets"], "what needs a look comes first"
    assert round(table.loc["orders", "age_seconds"]) == 4 * 3600


def test_a_record_of_the_moment_itself_is_up_to_date_and_not_0_s_old(snapshot):
    rows = [
        source("orders", newest="2026-10-31 23:59:59", promised="1 day"),
        source("tickets", promised="1 day"),
    ]
    read = snapshot(rows)
    html = source_ledger(health.sources(read), health.unjudged_reasons(read)).html
    assert "up to date, promised within 1 day" in html and "4 h old, promised within 1 day" in html


def test_reasons_are_counted_by_column_not_by_value(snapshot):
    aside = [
        ("orders", "{}", "column 'at': 'abc' is not a timestamp"),
        ("orders", "{}", "column 'at': 'xyz' is not a timestamp"),
        ("orders", "{}", "delivered before it was ordered"),
    ]
    table = health.unjudged_reasons(snapshot([source("orders", aside=3)], aside))
    assert table.to_dict("records") == [
        {"source": "orders", "reason": "column 'at' is not a timestamp", "rows": 2},
        {"source": "orders", "reason": "delivered before it was ordered", "rows": 1},
    ]


def test_the_sentence_tells_what_to_doubt(snapshot):
    assert (
        health.health(snapshot([])).sentence
        == "No source has been read yet: there is nothing to trust or to doubt."
    )
    one = health.health(snapshot([source("orders", promised="1 day", aside=2)]))
    assert one.sentence == "1 source, 100 rows read, 2 set aside; all as fresh as promised."
    old = health.health(
        snapshot([source("orders", promised="2 hours"), source("stock", problem="no file", rows=0)])
    )
    assert (
        old.sentence
        == "2 sources, 100 rows read, 0 set aside; stock could not be read, orders older than promised."
    )


def test_promises_without_verdicts_are_told_apart(snapshot):
    promises = [
        {"promise_id": "a"},
        {"promise_id": "b", "problem": "a spread between units is not judged yet"},
        {"promise_id": "c", "problem": "the source 'x' has no data"},
    ]
    shown = snapshot([source("orders")], promise=promises)
    assert health.unjudged(shown)[["promise_id", "not_yet"]].to_dict("records") == [
        {"promise_id": "b", "not_yet": True},
        {"promise_id": "c", "not_yet": False},
    ]
    found = health.health(shown)
    assert (found.not_yet_promises, found.broken_promises, found.promises) == (1, 1, 3)
    assert any("could not be judged" in step for step in health.health_steps(shown))
