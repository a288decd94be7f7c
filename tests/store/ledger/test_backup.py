"""A backup restores into either database, whole or not at all."""

import json
from pathlib import Path

import pytest

from aspromised.store.ledger import LedgerBook, open_ledger
from aspromised.store.ledger.backup import backup, restore
from aspromised.store.ledger.engine import URL_VARIABLE
from aspromised.words.problems import AsPromisedError
from tests.postgres import Server


@pytest.fixture
def file(ledger: LedgerBook, tmp_path: Path) -> Path:
    """Return a backup of a ledger of three events."""
    for n in range(3):
        ledger.append("note", "naïve “subject” 🙂", {"n": n, "words": "a\nb"}, "Ann")
    backup(ledger, tmp_path / "book.jsonl")
    return tmp_path / "book.jsonl"


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_backup_restores_into_either_database(
    ledger: LedgerBook,
    file: Path,
    to: str,
    tmp_path: Path,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    if to == "postgresql":
        name = f"restored_{tmp_path.name}_{ledger.engine.dialect.name}".replace("-", "_").lower()
        postgres_server.run(f'create database "{name}"')
        monkeypatch.setenv(URL_VARIABLE, postgres_server.address(database=name))
    with open_ledger(tmp_path / "elsewhere") as other:
        state, added = restore(other, file)
        assert (added, state.events, state.problem) == (3, 3, None)
        assert other.events() == ledger.events()
        assert other.verify() == ledger.verify()
        assert other.append("note", "s", {}, "Ann").id == 4


def test_restoring_twice_adds_nothing_and_a_longer_backup_adds_what_is_missing(
    ledger: LedgerBook, file: Path, tmp_path: Path
) -> None:
    assert restore(ledger, file)[1] == 0
    with open_ledger(tmp_path) as same:
        same.append("note", "s", {}, "Ann")
        assert same.verify().events == 4
    with pytest.raises(AsPromisedError, match="holds 4 events that this backup does not continue"):
        restore(ledger, file)
    assert ledger.verify().events == 4


def test_a_ledger_of_other_events_is_left_alone(
    ledger: LedgerBook, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    with open_ledger(tmp_path / "other") as other:
        kept = other.append("note", "mine", {}, "Bob")
        with pytest.raises(AsPromisedError, match="restore into an empty ledger"):
            restore(other, file)
        assert other.events() == [kept]


def test_a_backup_that_was_changed_or_cut_short_is_refused_and_nothing_is_written(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    whole = file.read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    changed = {**json.loads(lines[2]), "who": "Eve"}
    spoilt = {
        "event 2 was changed": "".join([*lines[:2], json.dumps(changed) + "\n", lines[3]]),
        "was cut short: it holds 2 of 3": "".join(lines[:3]),
        "was cut short: it holds 2 of": whole[:-40],
        "is not a backup of a ledger, or was cut short": whole[:-40] + "\n",
        "not a backup": "{}\n",
    }
    for message, text in spoilt.items():
        file.write_text(text, encoding="utf-8")
        with open_ledger(tmp_path / "empty") as other:
            with pytest.raises(AsPromisedError, match=message):
                restore(other, file)
            assert other.events() == []


def test_a_backup_never_replaces_a_file_unasked(ledger: LedgerBook, file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    ledger.append("note", "s", {}, "Ann")
    with pytest.raises(AsPromisedError, match="is there already"):
        backup(ledger, file)
    assert file.read_text(encoding="utf-8") == before
    assert backup(ledger, file, replace=True).events == 4
    assert restore(ledger, file)[1] == 0


def test_the_backup_of_an_empty_ledger_restores_to_an_empty_one(ledger: LedgerBook, tmp_path: Path) -> None:
    assert backup(ledger, tmp_path / "empty.jsonl").events == 0
    assert restore(ledger, tmp_path / "empty.jsonl")[1] == 0
