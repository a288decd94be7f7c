"""A ledger that is not as it was written decides nothing and takes nothing: every command says so, and how to mend it."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from aspromised.store.ledger import DamagedLedger, LedgerBook, open_ledger
from aspromised.store.ledger.chain import StoredEvent, body_text, following
from aspromised.store.ledger.engine import ledger_file
from aspromised.words.problems import AsPromisedError
from tests.cli.run import Ran, run
from tests.cli.shop import open_shop

PROMOTION = """promotions:
  spring:
    says: In two days
    launched: 2026-01-08
    leans_on: [next-day]
    ready_when:
      - {gate: stock, signed_off_by: marketing}
      - {gate: staff, signed_off_by: marketing}
"""
DAMAGE = ["{}", "[]", "null", '{"gate":"stock","on":"zz","team":"marketing"}', '{"gate":"stock","on":null,"team":"marketing"}', "x", "[" * 100_000, b"\xff\xfe", 7]  # fmt: skip


def ask(root: Path, *words: str | Path) -> Ran:
    return run(*words, "--workspace", root)


def refresh(root: Path) -> Ran:
    return ask(root, "refresh")


def sign(root: Path, gate: str, who: str = "Ann") -> Ran:
    return ask(root, "sign", "spring", gate, "--by", "marketing", "--who", who)


def change(root: Path, statement: str, *values: object) -> None:
    """Change the ledger's file with its guards taken down."""
    with sqlite3.connect(ledger_file(root)) as con:
        for (name,) in con.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            con.execute(f"drop trigger {name}")
        con.execute(statement, values)
    con.close()


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a launch of January, whose two gates were signed off today."""
    monkeypatch.delenv("ASPROMISED_LEDGER_URL", raising=False)
    root = open_shop(tmp_path / "shop")
    (root / "promises" / "spring.yaml").write_text(PROMOTION)
    assert [sign(root, gate).code for gate in ("stock", "staff")] == [0, 0]
    return root


def test_a_changed_row_decides_no_gate_and_refresh_says_so(signed: Path) -> None:
    assert refresh(signed).code == 0
    (before,) = ask(signed, "launches", "spring", "--json").json["promotions"]
    assert [gate["met"] for gate in before["gates"]] == [False, False]
    change(
        signed,
        "update event set at = '2026-01-02T08:00:00.000000+00:00', body = replace(body, substr(at, 1, 10), '2026-01-02')",
    )
    told = refresh(signed)
    assert (told.code, "event 1 was changed after it was written" in told.err) == (1, True)
    assert "ledger restore" in told.err
    (after,) = ask(signed, "launches", "spring", "--json").json["promotions"]
    assert after["verdict"] == "cannot_tell"
    assert [gate["met"] for gate in after["gates"]] == [None, None]
    assert all("event 1 was changed" in gate["evidence"] for gate in after["gates"])


def test_nothing_is_written_to_a_ledger_that_was_changed(signed: Path) -> None:
    refresh(signed)
    change(signed, "update event set who = 'Mallory' where id = 1")
    for told in (
        sign(signed, "stock"),
        ask(signed, "certificate", "spring", "--who", "Ann"),
        ask(signed, "ledger", "clock", "--who", "Ann"),
        ask(signed, "ledger", "accept-loss", "--who", "Ann"),
    ):
        assert (told.code, "event 1 was changed" in told.err, "ledger restore" in told.err) == (1, True, True)
    with sqlite3.connect(ledger_file(signed)) as con:
        assert con.execute("select count(*) from event").fetchall() == [(2,)]
    con.close()


@pytest.mark.parametrize("body", DAMAGE)
def test_an_event_that_cannot_be_read_is_told_with_its_number(signed: Path, body: object) -> None:
    change(signed, "update event set body = ? where id = 1", body)
    for words in (("refresh",), ("ledger", "show"), ("ledger", "show", "--json"), ("ledger", "verify"), ("sign", "spring", "stock", "--by", "marketing", "--who", "Ann")):  # fmt: skip
        told = ask(signed, *words)
        assert (told.code, "event 1" in told.err) == (1, True), told.err


@pytest.mark.parametrize("body", DAMAGE)
@pytest.mark.parametrize("number", [1, 2])
def test_what_can_be_read_of_a_damaged_ledger_is_listed(signed: Path, body: object, number: int) -> None:
    change(signed, "update event set body = ? where id = ?", body, number)
    told = ask(signed, "ledger", "show")
    marks = {1: ["! 1  ", "? 2  "], 2: ["1  ", "! 2  "]}[number]
    lines = told.out.splitlines()
    assert [line.startswith(mark) for line, mark in zip(lines, marks, strict=True)] == [True, True], told.out
    assert f"(event {number} " in lines[number - 1] and max(map(len, lines)) < 500
    assert all(words in told.err for words in (f"event {number}", "ledger restore", "ledger show"))
    rows = ask(signed, "ledger", "show", "--json").json
    assert [row["fits"] for row in rows] == {1: [False, None], 2: [True, False]}[number]


def test_a_missing_event_and_a_lost_tail_are_shown_with_what_is_left(signed: Path) -> None:
    refresh(signed)
    change(signed, "delete from event where id = 2")
    told = ask(signed, "ledger", "show")
    assert (told.code, told.out.startswith("1  "), "ledger restore" in told.err) == (1, True, True)
    sign(signed, "staff")
    change(signed, "update event set id = 3, who = x'ff00' where id = 1")
    told = ask(signed, "ledger", "show", "--kind", "sign-off")
    assert (told.code, told.out.startswith("! 3  ")) == (1, True), told


@pytest.mark.parametrize("body", [{}, {"gate": "stock", "team": "marketing", "on": "zz"}, {"gate": "stock", "team": "marketing", "on": None}, {"gate": [], "team": "marketing", "on": "2026-01-01"}])  # fmt: skip
def test_an_event_whose_hash_is_right_but_is_no_sign_off_is_told_too(
    signed: Path, body: dict[str, object]
) -> None:
    with open_ledger(signed) as ledger:
        ledger.append("sign-off", "spring", body, "Ann")
    told = refresh(signed)
    assert (told.code, "event 3 is no sign-off" in told.err) == (1, True), told.err


def test_a_chain_whose_hashes_fit_still_needs_moments_and_bodies(signed: Path) -> None:
    last = following(None, "2026-01-01T00:00:00.000000+00:00", "A", "note", "s", body_text({}))
    for at, body in (("yesterday", "{}"), ("2026-01-01", "{}"), (last.at, "[" * 100_000), (last.at, "x")):
        change(signed, "delete from event")
        row = StoredEvent(**vars(_made(at, body)))
        change(signed, "insert into event values (?, ?, ?, ?, ?, ?, ?, ?)", *vars(row).values())
        with open_ledger(signed) as ledger, pytest.raises(DamagedLedger, match="event 1 is none"):
            ledger.events()


def _made(at: str, body: str) -> StoredEvent:
    return following(None, at, "A", "note", "s", body)


def test_nothing_is_written_over_a_known_loss_so_the_backup_still_restores(
    signed: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    assert ask(signed, "ledger", "backup", kept).code == 0
    refresh(signed)
    shutil.rmtree(signed / "ledger")
    told = sign(signed, "stock", "Eve")
    assert told.code == 1
    assert all(words in told.err for words in ("nothing was written", "ledger restore", "accept-loss"))
    assert not ledger_file(signed).exists()
    assert ask(signed, "certificate", "spring", "--who", "Ann").code == 1
    assert ask(signed, "ledger", "restore", kept).code == 0
    assert sign(signed, "stock", "Eve").code == 0


def test_a_loss_that_is_meant_lets_write_again(signed: Path) -> None:
    refresh(signed)
    shutil.rmtree(signed / "ledger")
    assert sign(signed, "stock").code == 1
    assert ask(signed, "ledger", "accept-loss", "--who", "Ann").code == 0
    assert sign(signed, "stock").code == 0


def test_a_backup_nested_without_end_is_refused(ledger_of_none: LedgerBook, tmp_path: Path) -> None:
    from aspromised.store.ledger.backup import restore

    file = tmp_path / "bad.txt"
    file.write_text(
        '{"format": "aspromised ledger 1", "events": 1, "last_hash": "x"}\n' + "[" * 100_000 + "\n"
    )
    with pytest.raises(AsPromisedError, match="is not a backup"):
        restore(ledger_of_none, file)


@pytest.fixture
def ledger_of_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LedgerBook:
    monkeypatch.delenv("ASPROMISED_LEDGER_URL", raising=False)
    return open_ledger(tmp_path)
