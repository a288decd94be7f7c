"""The ledger, in SQLite and in PostgreSQL alike: events are added, and never changed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from aspromised.store.ledger import LedgerBook, open_ledger
from aspromised.store.ledger.chain import FIRST
from aspromised.store.ledger.tables import MIGRATIONS
from aspromised.words.problems import AsPromisedError


def test_what_is_written_is_read_back_whole_and_in_order(ledger: LedgerBook) -> None:
    before = datetime.now(UTC)
    body = {
        "on": "2026-03-01",
        "n": 1.5,
        "words": "naïve “café” 🙂\n%s :x $1",
        "deep": {"a": [1, None, True]},
    }
    first = ledger.append("note", "spring", body, "Ann")
    second = ledger.append("sign-off", "spring", {}, "Bob")
    assert ledger.events() == [first, second]
    assert (first.id, first.who, first.kind, first.subject, first.body) == (1, "Ann", "note", "spring", body)
    assert (first.previous, second.previous) == (FIRST, first.hash)
    assert before <= first.at <= second.at <= datetime.now(UTC)


def test_events_are_found_by_kind_by_subject_and_by_moment(ledger: LedgerBook) -> None:
    one, two, three = (
        ledger.append(kind, subject, {}, "Ann") for kind, subject in (("a", "x"), ("b", "x"), ("a", "y"))
    )
    assert ledger.events(kind="a") == [one, three]
    assert ledger.events(subject="x") == [one, two]
    assert ledger.events("a", "x") == [one]
    assert ledger.events(until=two.at) == [one, two]
    assert ledger.events(until=one.at - timedelta(microseconds=1)) == []


def test_another_opening_reads_the_same(ledger: LedgerBook, home: Path) -> None:
    written = [ledger.append("note", f"s{n}", {"n": n}, "Ann") for n in range(3)]
    with open_ledger(home) as again:
        assert again.events() == written
        assert again.append("note", "s3", {}, "Ann").previous == written[-1].hash


def test_looking_at_an_empty_ledger_finds_nothing_and_makes_nothing(ledger: LedgerBook, home: Path) -> None:
    assert ledger.events() == []
    state = ledger.verify()
    assert (state.events, state.last_hash, state.problem) == (0, FIRST, None)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update event set who = 'Eve' where id = 1",
        "delete from event where id = 2",
        "delete from event",
        "insert into event select 1, at, 'Eve', kind, subject, body, previous, hash from event where id = 1",
        "insert into event select 4, at, 'Eve', kind, subject, body, previous, hash from event where id = 2",
        "insert into event select 3, at, 'Eve', kind, subject, body, previous, hash from event where id = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_past(ledger: LedgerBook, statement: str) -> None:
    kept = [ledger.append("note", "s", {"n": n}, "Ann") for n in range(2)]
    with ledger.engine.connect() as con, pytest.raises(SQLAlchemyError):
        con.execute(text(statement))
        con.commit()
    assert ledger.events() == kept


def test_sqlite_cannot_replace_and_postgres_cannot_truncate(ledger: LedgerBook) -> None:
    kept = [ledger.append("note", "s", {}, "Ann")]
    is_file = ledger.engine.dialect.name == "sqlite"
    replaced = (
        "insert or replace into event select id, at, 'Eve', kind, subject, body, previous, hash from event"
    )
    with ledger.engine.connect() as con, pytest.raises(SQLAlchemyError):
        con.execute(text(replaced if is_file else "truncate event"))
        con.commit()
    assert ledger.events() == kept


TAMPERED = {
    "update event set who = 'Eve' where id = 2": "event 2 was changed after it was written",
    "update event set at = '2020-01-01T00:00:00.000000+00:00' where id = 2": "event 2 was changed",
    "update event set body = '{\"n\":9}' where id = 3": "event 3 was changed after it was written",
    "delete from event where id = 2": "event 2 is missing: event 3 stands in its place",
    "delete from event where id = 1": "event 1 is missing: event 2 stands in its place",
    "update event set hash = previous where id = 2": "event 2 was changed",
}


@pytest.mark.parametrize(("statement", "problem"), TAMPERED.items())
def test_tampering_with_the_guards_taken_down_shows(ledger: LedgerBook, statement: str, problem: str) -> None:
    for n in range(3):
        ledger.append("note", "s", {"n": n}, "Ann")
    assert ledger.verify().problem is None
    with ledger.engine.begin() as con:
        for name in ("event_never_changes", "event_never_goes"):
            on = "" if con.dialect.name == "sqlite" else " on event"
            con.execute(text(f"drop trigger {name}{on}"))
        con.exec_driver_sql(statement)
    assert (ledger.verify().problem or "").startswith(problem)


@pytest.mark.parametrize("words", [("", "s", "Ann"), ("note", " ", "Ann"), ("note", "s", ""), ("note", "s", "A\nnn"), ("note", "s\0", "Ann")])  # fmt: skip
def test_an_event_says_who_what_and_about_what(ledger: LedgerBook, words: tuple[str, str, str]) -> None:
    kind, subject, who = words
    with pytest.raises(AsPromisedError):
        ledger.append(kind, subject, {}, who)
    assert ledger.events() == []


def test_a_body_that_is_not_json_is_refused(ledger: LedgerBook) -> None:
    for body in ({"x": float("nan")}, {"x": datetime(2026, 1, 1)}):
        with pytest.raises((TypeError, ValueError)):
            ledger.append("note", "s", body, "Ann")
    assert ledger.events() == []


def test_a_ledger_of_a_newer_version_is_left_alone(ledger: LedgerBook, home: Path) -> None:
    ledger.append("note", "s", {}, "Ann")
    with ledger.engine.begin() as con:
        con.execute(text(f"update ledger_version set version = {len(MIGRATIONS) + 1}"))
    with open_ledger(home) as again, pytest.raises(AsPromisedError, match="written by a newer AsPromised"):
        again.append("note", "s", {}, "Ann")


def test_a_migration_is_done_once_and_keeps_what_is_there(
    ledger: LedgerBook, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ledger.append("note", "s", {}, "Ann")
    more = ["create table later (n integer)", "insert into later values (1)"]
    monkeypatch.setattr(
        "aspromised.store.ledger.tables.MIGRATIONS", [*MIGRATIONS, {"sqlite": more, "postgresql": more}]
    )
    for _ in range(2):
        with open_ledger(home) as again:
            again.append("note", "s", {}, "Ann")
            with again.engine.connect() as con:
                assert con.execute(text("select count(*) from later")).scalar_one() == 1
    assert ledger.events()[0] == kept
