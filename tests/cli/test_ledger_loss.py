"""A ledger whose tail was cut is found by what the last refresh knew of it: verify, refresh and the pages say so."""

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aspromised.app.house import HOUSE
from aspromised.store.ledger import LedgerBook, open_ledger
from aspromised.store.ledger.engine import ledger_url, make_engine
from aspromised.store.snapshot import served_meta
from tests.app.conftest import said
from tests.app.tiny import declared
from tests.cli.run import Ran, run
from tests.patience import PATIENCE

LOST = "the ledger has lost 2 events since the snapshot of "


def refresh(root: Path) -> Ran:
    return run("refresh", "--as-of", "2026-06-30", "--workspace", root)


def ledger_command(root: Path, *words: str | Path) -> Ran:
    return run("ledger", *words, "--workspace", root)


def wrote(root: Path, *notes: str) -> None:
    with open_ledger(root) as ledger:
        for note in notes:
            ledger.append("note", "s", {"note": note}, "Ann")


def pages_say(root: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("ASPROMISED_WORKSPACE", str(root))
    return all(
        "ledger has lost 2 events" in said((app.switch_page(page) if page else app).run())
        for page in ("", "pages/health.py")
        for app in [AppTest.from_file(str(HOUSE / "main.py"), default_timeout=PATIENCE)]
    )


@pytest.fixture
def cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose ledger had three events when it was refreshed, and has one now."""
    monkeypatch.delenv("ASPROMISED_LEDGER_URL", raising=False)
    root = declared(tmp_path / "tiny")
    wrote(root, "one")
    assert ledger_command(root, "backup", tmp_path / "older.jsonl").code == 0
    wrote(root, "two", "three")
    assert ledger_command(root, "backup", tmp_path / "newer.jsonl").code == 0
    refresh(root)
    assert served_meta(root)["ledger_events"] == "3"
    shutil.rmtree(root / "ledger")
    restored = ledger_command(root, "restore", tmp_path / "older.jsonl")
    assert "it is an older state: " + LOST in restored.err
    return root


def test_it_is_told_by_verify_by_refresh_and_on_every_page_until_it_is_mended(
    cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified = ledger_command(cut, "verify")
    assert (verified.code, LOST in verified.err) == (1, True)
    for _ in range(2):
        again = refresh(cut)
        assert (again.code, LOST in again.err) == (1, True)
    assert pages_say(cut, monkeypatch)
    assert ledger_command(cut, "restore", tmp_path / "newer.jsonl").err == ""
    assert ledger_command(cut, "verify").code == 0
    assert LOST not in refresh(cut).err
    assert not pages_say(cut, monkeypatch)


def test_an_older_state_that_is_meant_is_said_for_good(cut: Path) -> None:
    assert ledger_command(cut, "accept-loss", "--who", "Ada").code == 0
    assert ledger_command(cut, "verify").code == 0
    assert LOST not in refresh(cut).err
    (told,) = ledger_command(cut, "show", "--kind", "loss meant", "--json").json
    assert (told["who"], told["body"]["events"]) == ("Ada", 3)
    assert "nothing is lost" in ledger_command(cut, "accept-loss", "--who", "Ada").out
    assert served_meta(cut)["ledger_events"] == "2"


def test_events_written_over_the_gap_do_not_hide_it(cut: Path) -> None:
    with LedgerBook(make_engine(ledger_url(cut))) as elsewhere:  # another machine, which has not the snapshot
        for note in ("other", "others", "more"):
            elsewhere.append("note", "s", {"note": note}, "Ann")
    verified = ledger_command(cut, "verify")
    assert (verified.code, "holds other events than it did" in verified.err) == (1, True)


def test_a_ledger_that_is_gone_is_told_and_nothing_is_told_of_one_that_never_was(
    cut: Path, tmp_path: Path
) -> None:
    shutil.rmtree(cut / "ledger")
    assert "the ledger has lost 3 events" in ledger_command(cut, "verify").err
    never = declared(tmp_path / "never")
    refresh(never)
    assert ledger_command(never, "verify").code == 0
    assert "ledger" not in refresh(never).err


def test_the_clock_is_said_to_be_right_on_the_command_line(cut: Path) -> None:
    told = ledger_command(cut, "clock", "--who", "Ada")
    assert (told.code, "counts as written by then" in told.out) == (0, True)
