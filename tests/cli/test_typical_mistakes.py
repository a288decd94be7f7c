"""What people get wrong in their first week: each is told in place, with what to write instead, and never a traceback."""

from pathlib import Path

import pytest

from tests.cli.run import run
from tests.cli.shop import COMPANY, MOMENT, PROMISES, SOURCES, open_shop

BASE = {"promises": PROMISES, "company": COMPANY, "sources": SOURCES}
WITHIN, TARGET, CLAIM, KEPT = (
    "within: 1 calendar day",
    "target: 95%",
    "claim: Yours tomorrow",
    "kept_when: not wrong",
)
EXEMPT = "exempt: [{when: moved, because: the customer moved it}]"
SEGMENTS = "segments: [region, {weekday: dayname(ordered_at)}]"

MISTAKES = [
    ("promises", TARGET, "target: 95", "write it with its sign, as in '95%'"),
    ("promises", TARGET, "target: 0.95", "write it with its sign, as in '95%'"),
    ("promises", TARGET, "target: 95,5%", "as in '95.5%'"),
    ("promises", TARGET, "target: 95 percent", "as in '95%'"),
    ("promises", TARGET, "target: 120%", "lies between 0% and 100%, and this is 120%"),
    ("promises", WITHIN, "within: 2d", "'2d' is not a length: write '2 days'"),
    ("promises", WITHIN, "within: 2 Days", "write '2 days'"),
    ("promises", WITHIN, "within: 2 hrs", "unknown unit 'hrs': write hours"),
    ("promises", WITHIN, "within: 2 working days", "unknown unit 'working days': write business days"),
    ("promises", WITHIN, "within: 1,5 h", "write '1.5 hours'"),
    ("promises", WITHIN, "within: 48", "write a number and a unit, as in '4 hours'"),
    ("promises", WITHIN, "within: soon", "write a number and a unit, as in '4 hours'"),
    ("promises", WITHIN, "within: 1.5 calendar days", "calendar days come in whole numbers"),
    ("promises", WITHIN, "within: 1 business day", "business days need a 'calendar'"),
    ("promises", WITHIN, "within: 1 business day\n      calendar: shop", "no calendar 'shop'. None is declared: add it under 'calendars:'"),
    ("promises", f"    {CLAIM}", f"\t{CLAIM}", "a tab cannot indent here: use spaces"),
    ("promises", "    made_by: marketing\n    kept_by", "     made_by: marketing\n    kept_by", "this line is indented further than the line before it"),
    ("promises", CLAIM, "claim: Yours: tomorrow", "a second ': ' on one line: put the text in quotes"),
    ("promises", CLAIM, "claim: 'It's yours'", "in single quotes an apostrophe is written twice"),
    ("promises", CLAIM, "claim: @home", "text cannot begin with '@': put it in quotes"),
    ("promises", "kept_when: not wrong}", "kept_when: [not wrong]}", "'kept_when' must be text, not a list"),
    ("promises", SEGMENTS, "segments: region", "'segments' must be a list: [region]"),
    ("promises", SEGMENTS, "segments: {weekday: dayname(ordered_at)}", "put '- ' before the mapping, or [ ] around it"),
    ("promises", EXEMPT, "exempt: {when: moved, because: b}", "put '- ' before the mapping, or [ ] around it"),
    ("promises", EXEMPT, "exempt: [moved]", "must be a mapping: {when: …, because: …}"),
    ("promises", "from: 2026-01-05", "from: 5.1.2026", "'5.1.2026' is not a date: write it as in '2026-01-05'"),
    ("promises", "from: 2026-01-05", "from: 01/02/2026", "write it as in '2026-03-01'"),
    ("promises", KEPT, 'kept_when: region = "north"', "A text stands in single quotes: 'north'"),
    ("promises", KEPT, "kept_when: not wrong && moved", "'&&' is not a function promises may use. Write 'and'"),
    ("promises", KEPT, "kept_when: isnull(region)", "Write 'x is null'"),
    ("promises", KEPT, "kept_when: ordered_at < now()", "compare the item's own columns"),
    ("promises", TARGET, "target: 95%\n    said_in: web, tv", "'said_in' must be a list: [web, tv]"),
    ("promises", TARGET, "target: 95%\n    window: monthly", "write month, week, quarter"),
    ("promises", TARGET, "target: 95%\n    about: Speed", "Did you mean 'speed'?"),
    ("promises", WITHIN, f"{WITHIN}\n      cut_off: 2pm", "write it as in '14:00'"),
    ("promises", "promises:", "promise:", "Did you mean 'promises'?"),
    ("promises", "  right-item:", "  next-day:", "'next-day' is given twice: first on line 2"),
    ("promises", PROMISES, "promises:\n  - claim: x\n", "write 'an-id:' without a dash"),
    ("promises", PROMISES, "", "no promise is declared: add one under 'promises:'"),
    ("company", "Europe/London", "London", "Did you mean 'Europe/London'?"),
    ("company", "Europe/London", "BST", "Write the place whose clock it is"),
    ("company", COMPANY, "", "no company is declared: add 'company: "),
    ("company", COMPANY, "company: Corner Shop", "must be a mapping: {name: …, timezone: …}"),
    ("sources", "order_id: text", "order_id: string", "Did you mean 'text'?"),
    ("sources", "ordered_at: timestamp", "ordered_at: datetime", "Did you mean 'timestamp'?"),
    ("sources", "orders.csv", "order.csv", "Did you mean 'orders.csv'?"),
    ("sources", "orders.csv", "data/orders.csv", "it is looked for in data/ already, so write 'orders.csv'"),
    ("sources", "orders.csv", "/srv/orders.csv", "write a path relative to data/"),
    ("sources", "region: text", "regoin: text", "has no column 'regoin'. Did you mean 'region'?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "was", "now", "said"), MISTAKES)
def test_a_mistake_is_told_with_what_to_write_instead(
    tmp_path: Path, file: str, was: str, now: str, said: str
) -> None:
    assert was in BASE[file]
    root = open_shop(tmp_path / "shop", **{file: BASE[file].replace(was, now, 1)})
    ran = run("check", "--workspace", root)
    assert said in ran.out, ran.out
    assert ran.err == "" and "Traceback" not in ran.out
    assert len(ran.out.split(said)) == 2, "it is told once"


NOWHERE = [
    ["check"], ["diff"], ["refresh"], ["status"], ["why", "next-day"], ["launches"], ["certificate", "spring"],
    ["sign", "a", "b", "--by", "c", "--who", "d"], ["ledger", "show"], ["ledger", "verify"], ["ledger", "restore", "x.txt"],
    ["ledger", "backup", "x.txt"], ["ledger", "clock", "--who", "a"], ["ledger", "accept-loss", "--who", "a"],
]  # fmt: skip


@pytest.mark.parametrize("words", NOWHERE)
def test_a_folder_that_is_no_workspace_is_said_by_every_command(tmp_path: Path, words: list[str]) -> None:
    ran = run(*words, "--workspace", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert (
        f"No workspace in {tmp_path}: there is no folder 'promises' in it. `aspromised init` makes" in ran.err
    )
    assert not list(tmp_path.iterdir()) and not Path("x.txt").exists(), "nothing is written"
    inside = open_shop(tmp_path / "shop") / "data"
    ran = run(*words, "--workspace", inside)
    assert (ran.code, f"Did you mean --workspace {tmp_path / 'shop'}?" in ran.err) == (2, True)
    ran = run(*words, "--workspace", tmp_path / "nowhere")
    assert (ran.code, "there is no such folder" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "words", [["status"], ["why", "next-day"], ["launches"], ["why", "next-day", "--item", "3"]]
)
def test_before_the_first_refresh_the_command_that_makes_it_is_named(
    tmp_path: Path, words: list[str]
) -> None:
    ran = run(*words, "--workspace", open_shop(tmp_path / "shop"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("run `aspromised refresh`\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stauts"], "Did you mean 'status'?"),
        (["check", "--format", "jsn"], "Did you mean 'json'?"),
        (["diff", "--format", "markdown"], "'markdown' is not one of 'text', 'json', 'comment'"),
        (["check", "--formt", "json"], "--format"),
        (["demo", "--orders", "many"], "write a whole number"),
        (["demo", "--orders", "3"], "1000"),
        (["app", "--port", "http"], "write a whole number"),
        (["status", "next-day", "--periods", "few"], "write a whole number"),
        (["ledger", "shwo"], "Did you mean 'show'?"),
        (["--workspace", "x", "status"], "It stands after the command"),
        (["status", "next-day", "right-item"], "right-item"),
        (["launches", "sprng"], "there is no promotion 'sprng'. There is none."),
        (["status", "--last", "28d"], "write it as in '28 days'"),
    ],
)
def test_a_word_of_a_command_that_is_not_known_is_misuse_with_what_is(
    shop: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    where = ["--workspace", str(shop)] if words[0] in ("status", "launches") else []
    ran = run(*words, *where)
    assert (ran.code, ran.out) == (2, "")
    plain = " ".join(ran.err.replace("│", " ").split())
    assert said in plain, ran.err
    assert "Traceback" not in ran.err and "Value error" not in ran.err


@pytest.mark.parametrize("words", [["check"], ["status"], ["launches"], ["ledger", "show"]])
def test_no_table_is_wider_than_the_terminal(
    shop: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run(
        *words, "--workspace", shop, *(["--as-of", MOMENT] if words == ["launches"] else [])
    ).out.splitlines()
    table = [line for line in lines if "─" in line or line.startswith(("next-day ", "right-item "))]
    assert max(map(len, table), default=0) <= 80
