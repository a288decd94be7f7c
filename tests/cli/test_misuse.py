"""A wrong word is misuse: exit 2, said on stderr with what would be right; a problem found is exit 1."""

from pathlib import Path

import pytest

from tests.cli.run import run
from tests.cli.shop import HEADER, MOMENT, ORDERS, open_shop


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status", "--month", "2026-13"], "'2026-13' is not a month: write it as in 2026-10"),
        (["status", "--month", "October"], "'October' is not a month"),
        (["status", "--from", "1 January"], "'1 January' is not a day: write it as in 2026-10-31"),
        (["status", "--from", "2026-02-01", "--to", "2026-01-31"], "ends (2026-01-31) before it begins (2026-02-01)"),
        (["status", "--month", "2026-01", "--from", "2026-01-01"], "give one window, not 2: --month and --from"),
        (["status", "--week", "2026-W02", "--own", "--to", "2026-01-01"], "give one window, not 3: --week and --own and --to"),
        (["why", "next-day", "--month", "2026-01", "--to", "2026-01-09"], "give one window, not 2: --month and --to"),
        (["status", "--week", "2026-W60"], "there is no week 60 in 2026: they are numbered from 1 to 52 or 53"),
        (["status", "--week", "next"], "'next' is not a week: write it as in 2026-W41, or a day in it"),
        (["status", "--quarter", "Q3"], "'Q3' is not a quarter: write it as in 2026-Q3"),
        (["status", "--year", "26"], "'26' is not a year: write it as in 2026"),
        (["status", "--fiscal-quarter", "2026"], "'2026' is not a fiscal quarter: write it as in 2026/27-Q2"),
        (["status", "--fiscal-year", "2026/27"], "'2026/27' is not a fiscal year: write it as in 2026"),
        (["status", "--last", "a while"], "'a while' is not a number of days: write it as in '28 days'"),
        (["status", "--periods", "3"], "--periods shows one promise as a whole"),
        (["status", "next-day", "--periods", "3", "--by", "region"], "--periods shows one promise as a whole"),
        (["status", "next-day", "--periods", "3", "--to", "2026-01-09"], "--periods needs a window with two ends"),
        (["status", "--as-of", "yesterday"], "'yesterday' is not a moment: write 2026-10-31 or 2026-10-31T18:00"),
        (["status", "--by", "colour"], "no promise shown has a segment 'colour'"),
        (["why", "next-day", "--month", "2026-1"], "'2026-1' is not a month"),
        (["why", "next-day", "--as-of", "then"], "'then' is not a moment"),
        (["refresh", "--as-of", "2026-02-30"], "'2026-02-30' is not a moment"),
        (["demo", "--until", "2026-99"], "'2026-99' is not a month"),
        (["demo", "--until", "last month"], "'last month' is not a month"),
        (["init", "--timezone", "Europe/Lundon"], "Did you mean 'Europe/London'"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_misuse(shop: Path, tmp_path: Path, words: list[str], said: str) -> None:
    root = tmp_path if words[0] in ("demo", "init") else shop
    ran = run(*words, "--workspace", root)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not list(tmp_path.iterdir()), "nothing is written"


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["status", "--frobnicate"], ["check", "--format", "xml"], ["demo", "--orders", "3"], ["why"]]
)  # fmt: skip
def test_a_word_that_is_not_known_is_misuse(words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: aspromised" in ran.err


@pytest.mark.parametrize("command", ["status", "why"])
def test_a_promise_that_is_not_there_is_misuse_with_a_suggestion(shop: Path, command: str) -> None:
    ran = run(command, "next-dya", "--workspace", shop)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "aspromised: there is no promise 'next-dya'. Did you mean 'next-day'?\n"


def test_an_item_that_is_not_there_is_misuse_that_says_why(shop: Path) -> None:
    ran = run("why", "next-day", "--item", "99", "--workspace", shop)
    assert (ran.code, ran.out) == (2, "")
    assert (
        "there is no item '99' in the column 'order_id' of the source 'orders'. It may have been set"
        in ran.err
    )


def test_an_item_of_the_future_has_no_story_yet(shop: Path) -> None:
    ran = run("why", "next-day", "--item", "9", "--as-of", "2026-01-08", "--workspace", shop)
    assert (ran.code, ran.out) == (1, "")
    assert "'9' had not started at that moment" in ran.err


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("3", "A-00003"), ("a-00003", "A-00003"), ("A 00003", "A-00003"), ("a3", "A-00003"), ("00003", "A-00003"),
        ("A-0003", "A-00003"), ("A-00033", "A-00003"), ("béla", "Béla"), ("zzzz", None), ("*", None),
    ],
)  # fmt: skip
def test_an_item_written_otherwise_is_suggested(tmp_path: Path, asked: str, near: str | None) -> None:
    orders = ORDERS.replace("3,north", "A-00003,north").replace("2,north", "Béla,north")
    root = open_shop(tmp_path / "shop", orders=f"{HEADER}\n{orders}")
    assert run("refresh", "--as-of", MOMENT, "--workspace", root).code == 0
    ran = run("why", "next-day", "--item", asked, "--workspace", root)
    assert (ran.code, f"there is no item '{asked}' in the column 'order_id'" in ran.err) == (2, True)
    assert (f"Did you mean '{near}'?" in ran.err) is (near is not None), ran.err


@pytest.mark.parametrize(
    "words",
    [["status", "Next Day"], ["status", "NEXT-DAY"], ["why", "next_day"], ["status", "--by", "Region"]],
)
def test_a_name_in_other_letters_is_suggested(shop: Path, words: list[str]) -> None:
    ran = run(*words, "--workspace", shop)
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'next-day'?" in ran.err or "Did you mean 'region'?" in ran.err
