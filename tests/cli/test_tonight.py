"""`aspromised tonight` answers in the shape of the contract, and in words, on rows that can be counted."""

from pathlib import Path

import pytest

from tests.cli.run import run

PROMISES = """company: {name: Corner Shop, timezone: Europe/London}
promises:
  ten-hours:
    claim: Yours in ten hours
    made_by: marketing
    kept_by: dispatch
    target: 90%
    chain: shipping
    measure: {items: orders, id: id, started: ordered, done: delivered, cancelled: gone, if_cancelled: broken,
              within: 10 hours, segments: [region, {reason: region}]}
  right-item: {claim: The right item, made_by: marketing, kept_by: dispatch, target: 90%,
               measure: {items: orders, id: id, at: ordered, kept_when: region is not null}}
  odd: {claim: Odd, made_by: marketing, kept_by: care, target: 90%,
        measure: {items: orders, id: id, started: nothing, done: delivered, within: 1 day}}
  in-a-year: {claim: Within a year, made_by: marketing, kept_by: care, target: 90%,
              measure: {items: orders, id: id, only: "region = 'north'", started: ordered, done: delivered, within: 365 days}}
chains:
  shipping:
    items: {source: orders, id: id, started: ordered}
    stages:
      - {stage: packing, supplier: dispatch, customer: dispatch, done: packed, budget: 1 hour}
      - {stage: transit, supplier: dispatch, customer: care, done: delivered, budget: 9 hours}
"""
SOURCES = """sources:
  orders: {files: orders.csv, key: id, columns: {id: text, region: text, ordered: timestamp, delivered: timestamp, gone: timestamp, packed: timestamp}}
"""
NOW = "2026-03-30T14:00"


def line(
    n: object, ordered: str, delivered: str = "", gone: str = "", region: str = "", packed: str = ""
) -> str:
    """An order."""
    return f"{n},{region},{ordered},{delivered},{gone},{packed}"


def orders() -> list[str]:
    """60 orders of the weeks before: 20 done after two hours, 30 after six, 10 after twelve; then those of the day."""
    done = ["08:00"] * 20 + ["12:00"] * 30 + ["18:00"] * 10
    past = [line(f"P{n}", f"2026-03-{1 + n % 27:02} 06:00", f"2026-03-{1 + n % 27:02} {at}") for n, at in enumerate(done)]  # fmt: skip
    return [
        *past,
        line("O1", "2026-03-30 10:00", region="south", packed="2026-03-30 11:00"),
        line("O2", "2026-03-30 09:59", region="north"),
        line("O3", "2026-03-30 13:30", region='"=1+1, <b>"'),
        line("L1", "2026-03-29 06:00"),
        line("L2", "2026-02-20 06:00"),
        line("C1", "2026-03-20 06:00", gone="2026-03-20 07:00"),
    ]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace refreshed as of the afternoon of 30 March."""
    root = tmp_path_factory.mktemp("tonight") / "shop"
    for folder in ("promises", "data"):
        (root / folder).mkdir(parents=True)
    (root / "promises" / "shop.yaml").write_text(PROMISES, encoding="utf-8")
    (root / "data" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    text = "\n".join(["id,region,ordered,delivered,gone,packed", *orders(), ""])
    (root / "data" / "orders.csv").write_text(text, encoding="utf-8")
    run("refresh", "--workspace", root, "--as-of", NOW)
    return root


def test_the_contract(evening: Path) -> None:
    told = run("tonight", "--workspace", evening, "--json", "--promise", "ten-hours").json
    assert list(told)[:1] == ["as_of"] and told["today"] == "2026-03-30"
    assert [(each["item_id"], each["due"], each["left_s"]) for each in told["items"]] == [
        ("O2", "2026-03-30T19:59:00+01:00", 21_540.0),
        ("O1", "2026-03-30T20:00:00+01:00", 21_600.0),
        ("O3", "2026-03-30T23:30:00+01:00", 34_200.0),
    ]
    # 41 of those before had been open so long: the cancelled one broke sooner, so of 42 that are known 12 broke late
    first = told["items"][1]
    assert first["chance_broken"] == pytest.approx(12 / 42, abs=0.01) and first["known_of"] == 42
    assert first["chance_low"] < first["chance_broken"] < first["chance_high"]
    assert told["items"][2]["chance_broken"] == pytest.approx(13 / 63, abs=0.01)
    assert [(each["item_id"], each["late_s"]) for each in told["overdue"]] == [
        ("L2", 3_272_400.0),
        ("L1", 79_200.0),
    ]
    (group,) = told["groups"]
    expected = sum(each["chance_broken"] for each in told["items"])
    assert (group["open"], group["due_today"], group["overdue"]) == (3, 3, 2)
    assert group["breaks_today"] == pytest.approx(expected)
    assert told["checked"]["items"] == 0 and told["checked"]["brier"] is None


def test_promises_without_a_clock_and_those_not_judged_are_named(evening: Path) -> None:
    told = run("tonight", "--workspace", evening, "--json").json
    assert (told["without_clock"], told["unjudged"]) == (["right-item"], ["odd"])
    assert {each["promise"] for each in told["items"]} == {"ten-hours", "in-a-year"}
    words = run("tonight", "--workspace", evening).out
    assert "without a clock, so with nothing to run out: right-item" in words
    assert "could not be judged, so not here: odd" in words


def test_too_little_history_cannot_tell(evening: Path) -> None:
    told = run("tonight", "--workspace", evening, "--json", "--team", "care").json
    assert [each["chance_broken"] for each in told["items"]] == [None]
    assert told["groups"][0]["untold"] == 1 and told["groups"][0]["breaks"] == 0
    out = run("tonight", "--workspace", evening, "--promise", "in-a-year").out
    assert "1 item of in-a-year is open; none of them falls due on Monday 30 March" in out


def test_by_a_segment(evening: Path) -> None:
    told = run("tonight", "--workspace", evening, "--json", "--by", "reason").json
    parts = {each["item_id"]: each["part"] for each in told["items"] if each["promise"] == "ten-hours"}
    assert parts == {"O1": "south", "O2": "north", "O3": "=1+1, <b>"}
    assert {each["name"] for each in told["groups"]} == {
        "south",
        "north",
        "=1+1, <b>",
        "(none)",
        "(not told apart)",
    }


def test_by_the_stage_an_item_is_in(evening: Path) -> None:
    told = run("tonight", "--workspace", evening, "--json", "--by", "stage").json
    stages = {each["item_id"]: each["stage"] for each in told["items"] if each["promise"] == "ten-hours"}
    assert stages == {"O1": "transit", "O2": "packing", "O3": "packing"}
    assert {each["name"]: (each["open"], each["overdue"]) for each in told["groups"]} == {
        "transit": (1, 0), "packing": (2, 2), "(no chain tells)": (1, 0),
    }  # fmt: skip
    again = run("tonight", "--workspace", evening, "--json", "--by", "stage", "--as-of", NOW).json
    assert again["items"] == told["items"]


def test_in_words_on_a_narrow_terminal(evening: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = run("tonight", "--workspace", evening).out
    assert max(map(len, out.partition("without a clock")[0].splitlines())) <= 80
    said = " ".join(out.split())
    assert "4 items are open, 3 due by the end of Monday 30 March: about 1 of them will break." in said
    assert "2 are overdue and not done, the oldest by 37 d 21 h" in said
    lines = out.splitlines()
    assert next(n for n, each in enumerate(lines) if each.startswith("L2")) < next(n for n, each in enumerate(lines) if each.startswith("L1"))  # fmt: skip
    assert "“Today” is of then" in out


def test_another_moment_is_judged_then_without_what_came_later(evening: Path) -> None:
    told = run(
        "tonight", "--workspace", evening, "--json", "--promise", "ten-hours", "--as-of", "2026-03-02T07:00"
    ).json
    assert {each["item_id"] for each in told["items"]} == {"P1", "P28", "P55"}
    assert {each["chance_broken"] for each in told["items"]} == {None}
    assert [each["item_id"] for each in told["overdue"]] == ["L2"]
    none = run("tonight", "--workspace", evening, "--promise", "ten-hours", "--as-of", "2026-01-02").out
    assert "nothing of ten-hours is open that has a clock." in none


@pytest.mark.parametrize("days", [1, 2])
def test_what_falls_due_at_the_moment_itself_is_overdue_as_it_is_broken(days: int, tmp_path: Path) -> None:
    for folder in ("promises", "data"):
        (tmp_path / folder).mkdir()
    measure = f"{{items: o, id: id, started: s, done: d, within: {days} calendar days}}"
    (tmp_path / "promises" / "p.yaml").write_text(
        "company: {name: R, timezone: Europe/Berlin}\n"
        f"promises: {{q: {{claim: Soon, made_by: m, kept_by: f, target: 90%, measure: {measure}}}}}\n",
        encoding="utf-8",
    )
    source = "sources: {o: {files: o.csv, key: id, columns: {id: text, s: timestamp, d: timestamp}}}\n"
    (tmp_path / "data" / "sources.yaml").write_text(source, encoding="utf-8")
    orders = f"id,s,d\n1,2026-09-{30 - days} 06:00,\n2,2026-09-{30 - days} 07:00,2026-09-30 08:00\n"
    (tmp_path / "data" / "o.csv").write_text(orders, encoding="utf-8")
    run("refresh", "--workspace", tmp_path, "--as-of", "2026-09-30")
    told = run("tonight", "--workspace", tmp_path, "--json").json
    assert [(each["item_id"], each["late_s"]) for each in told["overdue"]] == [("1", 0.0)] and not told[
        "items"
    ]
    assert told["groups"][0]["overdue"] == 1
    assert "1 is overdue and not done, due just now." in told["sentence"]
    assert "just now" in run("tonight", "--workspace", tmp_path).out.partition("Overdue and not done")[2]


@pytest.mark.parametrize("words", [("--promise", "ten-hour"), ("--team", "dispatsch"), ("--by", "regoin")])
def test_a_name_that_is_not_there_is_told_with_the_one_that_is(words: tuple[str, str], evening: Path) -> None:
    ran = run("tonight", "--workspace", evening, *words)
    assert ran.code == 2 and "Did you mean" in ran.err
