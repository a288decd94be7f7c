"""`status` fits the terminal: what is promised, its status, rate, target and n stay on every width."""

import re
from pathlib import Path

import pytest

from aspromised.cli.say import fit_in, say_table
from tests.cli.run import run

CORE = {"promise", "status", "kept", "target", "n"}
ALL = CORE | {"gap", "95 % interval", "open", "exempt", "unknown", "items short"}


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (60, {"gap"}),
        (80, {"gap", "95 % interval", "open"}),
        (100, {"gap", "95 % interval", "open", "exempt", "unknown"}),
        (120, ALL - CORE),
    ],
)
def test_a_narrow_terminal_goes_without_the_rest(
    shop: Path, monkeypatch: pytest.MonkeyPatch, width: int, more: set[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    told = run("status", "--workspace", shop).out
    head = next(line for line in told.splitlines() if "promise" in line)
    assert set(re.split(r" {2,}", head.strip())) == CORE | more
    row = next(line for line in told.splitlines() if "next-day" in line)
    assert ("missed" in row, "60.0 %" in row, "95 %" in row, " 5" in row) == (True,) * 4
    assert max(map(len, told.splitlines()[:5])) <= width


def test_a_long_name_folds_and_is_never_cut(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    told = run("status", "--workspace", shop).out
    rows = told.partition("next-day: ")[0]
    assert ("missed" in rows, "too few" in rows, "88.9 %" in rows, "right-" in rows) == (True,) * 4


def test_a_name_breaks_between_its_words_and_never_inside_one() -> None:
    name = "delivered-by-the_date-we-gave-you"
    for room in range(10, 40):
        lines = fit_in(f"  {name}", room).splitlines()
        assert "".join(each.strip() for each in lines) == name
        assert all(each.endswith(("-", "_")) for each in lines[:-1])
        assert max(map(len, lines)) <= max(room, 12)


def test_a_table_that_just_fits_breaks_no_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve letters, five, and the blanks of both."""
    for width in range(14, 24):
        monkeypatch.setenv("COLUMNS", str(width))
        say_table("t", [["abcdefghijkl", "12345"]], ("name", "n"), drop=("n",))
        assert "abcdefghijkl" in capsys.readouterr().out


def test_own_windows_are_named_with_their_days(shop: Path) -> None:
    told = run("status", "--own", "--workspace", shop).out
    assert "January 2026, 1 Jan 2026 to 31 Jan 2026: " in told


def test_what_is_not_a_terminal_gets_every_column(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    told = run("status", "--workspace", shop).out
    assert all(name in told for name in ALL)


@pytest.mark.parametrize(
    "words",
    [[], ["status"], ["check"], ["refresh"], ["why"], ["launches"], ["sign"], ["certificate"], ["diff"], ["init"],
     ["demo"], ["app"], ["schema"], ["ledger"], ["ledger", "show"], ["ledger", "verify"], ["ledger", "backup"]],
)  # fmt: skip
def test_help_is_asked_for_in_one_letter(words: list[str]) -> None:
    short = run(*words, "-h")
    assert (short.code, short.out) == (0, run(*words, "--help").out)
    assert "Usage: aspromised" in short.out


def test_a_moment_beyond_the_data_is_said(shop: Path) -> None:
    within = run("status", "--as-of", "2026-01-09", "--workspace", shop)
    beyond = run("status", "--as-of", "2026-02-01", "--workspace", shop)
    assert (within.code, within.err, beyond.code) == (0, "", 0)
    assert beyond.err == (
        "the data reaches no further than Fri 9 Jan 2026 10:00: nothing after it is known as of the end of Sun 1 Feb 2026\n"
    )
    assert run("status", "--as-of", "2026-02-01", "--json", "--workspace", shop).json["as_of"] > "2026-02-01"


def test_a_segment_that_is_not_there_is_told_with_the_nearest(shop: Path) -> None:
    ran = run("status", "--by", "regoin", "--workspace", shop)
    assert (ran.code, "Did you mean 'region'?" in ran.err) == (2, True)


def test_an_event_of_a_kind_that_was_never_written_is_misuse(tmp_path: Path) -> None:
    from tests.hostile import hostile

    root = hostile(tmp_path / "company")
    ran = run("ledger", "show", "--kind", "sign-of", "--workspace", root)
    assert (ran.code, "Did you mean 'sign-off'?" in ran.err) == (2, True)
