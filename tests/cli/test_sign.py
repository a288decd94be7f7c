"""`sign` writes for good; `ledger` shows, checks, backs up and restores what was written."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aspromised.store.ledger.engine import URL_VARIABLE, ledger_file
from aspromised.words.figures import day
from tests.cli.run import Ran, run
from tests.cli.shop import open_shop

PROMOTION = """promotions:
  spring:
    says: Everything tomorrow
    launched: 2026-05-01
    leans_on: [next-day]
    ready_when:
      - {gate: agents trained, signed_off_by: dispatch}
"""


@pytest.fixture
def spring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the shop with a promotion that waits for a sign-off."""
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    root = open_shop(tmp_path / "shop")
    (root / "promises" / "spring.yaml").write_text(PROMOTION, encoding="utf-8")
    return root


def sign(root: Path, *more: str) -> Ran:
    return run(
        "sign", "spring", "agents trained", "--by", "dispatch", "--who", "Ann", "--workspace", root, *more
    )


def test_a_sign_off_shows_both_dates_and_counts_from_when_it_was_written(spring: Path) -> None:
    signed = sign(spring, "--on", "2020-01-02", "--note", "twelve of them", "--json").json
    assert (signed["on"], signed["who"], signed["note"]) == ("2020-01-02", "Ann", "twelve of them")
    assert datetime.fromisoformat(signed["counts_from"]) == datetime.fromisoformat(signed["written_at"])
    (event,) = run("ledger", "show", "--kind", "sign-off", "--workspace", spring, "--json").json
    assert (event["subject"], event["body"]["on"], event["at"]) == (
        "spring",
        "2020-01-02",
        signed["written_at"],
    )


def test_a_sign_off_after_the_hour_of_the_launch_says_that_it_counts_from_the_next_day(spring: Path) -> None:
    today = datetime.now(ZoneInfo("Europe/London")).date()
    path, after = spring / "promises" / "spring.yaml", today + timedelta(days=1)
    path.write_text(PROMOTION.replace("2026-05-01", today.isoformat()), encoding="utf-8")
    told = sign(spring).out
    assert f", after the launch at 00:00: counts from {day(after)}\n" in told and "(Ann) " in told
    assert sign(spring, "--json").json["counts_from"].startswith(f"{after}T00:00:00")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        *(("--who", blank) for blank in ("\u3164", "\u2800", "\u115f\u1160", "\uffa0", "Ann\u3164", "- .")),
        *(("--note", odd) for odd in ("\u3164", "a\x1b[31mb", "\u202ea", "x" * 2001)),
        ("--who", "x" * 201),
        ("--who", "x" * 100_000),
    ],
)
def test_what_nobody_can_read_is_not_written_for_good(spring: Path, option: str, said: str) -> None:
    refused = sign(spring, option, said)
    assert (refused.code, refused.out) == (1, "")
    assert "cannot be" in refused.err or "at most" in refused.err
    assert len(refused.err) < 300
    assert not ledger_file(spring).exists()


def test_names_of_any_script_are_written(spring: Path) -> None:
    for who in ("Ann", "安妮", "علي", "Zoë-Łukasz O’Hara", "한국", "3", "अनु"):
        assert sign(spring, "--who", who, "--note", "naïve “café” 🙂").code == 0


def test_a_sign_off_is_told_in_a_line(spring: Path) -> None:
    told = sign(spring, "--on", "2020-01-02").out
    assert told.startswith("agents trained: signed off by dispatch (Ann) for 2 Jan 2020, counts from ")
    assert "the pages and `aspromised launches` show it after the next `aspromised refresh`" in told
    assert " for " not in sign(spring).out


def test_what_cannot_be_signed_is_told_and_nothing_is_written(spring: Path) -> None:
    wrong = run("sign", "spring", "agents traind", "--by", "dispatch", "--who", "Ann", "--workspace", spring)
    assert (wrong.code, wrong.out) == (2, "")
    assert "Did you mean 'agents trained'?" in wrong.err
    assert sign(spring, "--on", "yesterday").code == 2
    assert run("ledger", "show", "--workspace", spring).out == "nothing was written yet\n"


def test_a_ledger_is_verified_backed_up_and_restored(spring: Path, tmp_path: Path) -> None:
    for _ in range(2):
        sign(spring)
    file = tmp_path / "book.jsonl"
    assert run("ledger", "backup", file, "--workspace", spring).out.startswith(
        f"2 events written to {file}; last hash "
    )
    state = run("ledger", "verify", "--workspace", spring, "--json").json
    other = open_shop(tmp_path / "other")
    assert run("ledger", "restore", file, "--workspace", other).out == "2 events restored, 2 events in all\n"
    includes = run("ledger", "verify", "--workspace", other, "--includes", state["last_hash"])
    assert (includes.code, includes.out) == (0, f"2 events, none changed; last hash {state['last_hash']}\n")
    again = run("ledger", "backup", file, "--workspace", spring)
    assert (again.code, "is there already" in again.err) == (1, True)


def test_a_ledger_that_was_changed_or_cut_short_fails_its_check(spring: Path) -> None:
    for _ in range(2):
        sign(spring)
    last = run("ledger", "verify", "--workspace", spring, "--json").json["last_hash"]
    with sqlite3.connect(ledger_file(spring)) as con:
        con.execute("drop trigger event_never_goes")
        con.execute("delete from event where id = 2")
    cut = run("ledger", "verify", "--workspace", spring, "--includes", last)
    assert run("ledger", "verify", "--workspace", spring).code == 0
    assert (cut.code, "events are missing at the end" in cut.err) == (1, True)
    with sqlite3.connect(ledger_file(spring)) as con:
        con.execute("drop trigger event_never_changes")
        con.execute("update event set who = 'Eve'")
    changed = run("ledger", "verify", "--workspace", spring)
    assert (changed.code, changed.err) == (1, "aspromised: event 1 was changed after it was written\n")
