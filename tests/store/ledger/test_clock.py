"""A clock that ran ahead, or was put back, does not set the moment of every later event."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aspromised.store.ledger import LedgerBook, open_ledger
from aspromised.store.ledger.backup import backup, restore
from aspromised.store.ledger.chain import IDLE, SKEW, moment_text
from aspromised.store.ledger.signing import SIGN_OFF, signed_off
from aspromised.words.problems import AsPromisedError

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Return a function that sets the ledger's clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("aspromised.store.ledger.book._now", lambda _: moment_text(moment))

    return set_clock


def write(ledger: LedgerBook) -> datetime:
    return ledger.append("note", "s", {}, "Ann").at


def test_clocks_that_differ_a_little_write_in_order(ledger: LedgerBook, at) -> None:
    at(NOW)
    first = write(ledger)
    at(NOW - SKEW)
    assert write(ledger) == first
    at(NOW + timedelta(seconds=1))
    assert write(ledger) == NOW + timedelta(seconds=1)
    assert ledger.verify().problem is None


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (-SKEW - timedelta(seconds=1), "the clock says 2026-06-01T11:54 UTC, before the ledger's last event"),
        (-timedelta(days=3000), "before the ledger's last event"),
        (IDLE + timedelta(seconds=1), "more than a year after the ledger's last event"),
    ],
)
def test_a_clock_far_from_the_last_event_writes_nothing(
    ledger: LedgerBook, at, ahead: timedelta, said: str
) -> None:
    at(NOW)
    write(ledger)
    at(NOW + ahead)
    with pytest.raises(AsPromisedError, match="aspromised ledger clock --who NAME") as refused:
        write(ledger)
    assert said in str(refused.value)
    assert len(ledger.events()) == 1


def test_a_ledger_that_was_idle_for_a_year_is_written_to(ledger: LedgerBook, at) -> None:
    at(NOW)
    write(ledger)
    at(NOW + IDLE)
    assert write(ledger) == NOW + IDLE


def test_a_clock_that_once_ran_ahead_is_corrected_for_all_that_follows(ledger: LedgerBook, at) -> None:
    at(NOW)
    write(ledger)
    at(NOW + timedelta(days=300))
    write(ledger)
    right = NOW + timedelta(hours=1)
    at(right)
    said = ledger.correct_clock("Ada")
    assert (said.at, said.who, said.body) == (right, "Ada", {"clock": "corrected"})
    at(right + timedelta(minutes=1))
    assert write(ledger) == right + timedelta(minutes=1)
    assert ledger.verify().problem is None


def test_what_was_known_by_a_moment_does_not_wait_for_the_wrong_clock(ledger: LedgerBook, at) -> None:
    body = {"gate": "g", "team": "care", "on": "2026-06-01", "note": ""}
    at(NOW + timedelta(days=300))
    ledger.append(SIGN_OFF, "spring", body, "Ann")
    assert signed_off(ledger, "spring", "g", NOW + timedelta(days=1)) == []
    at(NOW)
    ledger.correct_clock("Ada")
    (signed,) = signed_off(ledger, "spring", "g", NOW)
    assert signed.written_at == NOW
    assert signed.counts_from(UTC) == NOW
    assert signed.on == date(2026, 6, 1)
    assert ledger.events(until=NOW - timedelta(seconds=1)) == []
    assert [event.at for event in ledger.events(until=NOW)] == [NOW, NOW]


def test_an_event_that_only_speaks_of_clocks_corrects_nothing(ledger: LedgerBook, at) -> None:
    at(NOW)
    ledger.append("note", "s", {"words": '"clock":"corrected"', "deep": {"clock": "corrected"}}, "Eve")
    assert [event.at for event in ledger.events()] == [NOW]
    at(NOW - timedelta(days=1))
    with pytest.raises(AsPromisedError):
        ledger.append("note", "s", {"words": '"clock":"corrected"', "deep": {"clock": "corrected"}}, "Eve")


def test_a_corrected_ledger_is_backed_up_and_restored(
    ledger: LedgerBook, at, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOW + timedelta(days=300))
    write(ledger)
    at(NOW)
    ledger.correct_clock("Ada")
    backup(ledger, tmp_path / "kept.jsonl")
    monkeypatch.delenv("ASPROMISED_LEDGER_URL", raising=False)
    (tmp_path / "other").mkdir()
    with open_ledger(tmp_path / "other") as other:
        assert restore(other, tmp_path / "kept.jsonl")[1] == 2
        assert other.events() == ledger.events()
