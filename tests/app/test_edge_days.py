"""Days at the edge of the calendar: each is told with its place, or judged; none ends a command."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from aspromised.app.pages import PAGES
from aspromised.declare.model.base import Declared
from aspromised.declare.objects import BY_ID, SINGLE
from tests.app.conftest import Opened, said
from tests.cli.run import run

WORLD = """
company: {{name: Corner Shop, timezone: Europe/London}}
calendars:
  desk: {{open: {{mon-fri: ["09:00-17:00"]}}, holidays: {{country: GB, except: [{except_}], extra: [{extra}]}}}}
promises:
  next-day:
    claim: Yours tomorrow
    made_by: marketing
    kept_by: dispatch
    target: 95%
    at_least: 1
    review_by: {review_by}
    measure: {{items: orders, id: id, started: at, done: done, within: 1 business day, calendar: desk}}
    versions: [{{from: {version}, within: 2 business days}}]
promotions:
  winter:
    says: Yours tomorrow
    launched: {launched}
    announced: {announced}
    ends: {ends}
    leans_on: [next-day]
    ready_when:
      - {{gate: holding, promise: next-day, kept_at_least: 50%, over: 28 days}}
      - {{gate: said, signed_off_by: legal, on: {signed}}}
corrections:
  storm: {{promises: [next-day], from: {from_}, to: {to}, declared: {declared}, because: a storm}}
changes:
  van: {{on: {changed}, what: a new van}}
chains:
  round:
    review_by: {chain_review}
    items: {{source: orders, id: id, started: at}}
    expects: [{{customer: shop, what: boxes, from: {expected}}}]
    stages: [{{stage: packing, supplier: dispatch, customer: shop, done: done, review_by: {stage_review}}}]
ratings:
  source: scores
  at: rated
  supplier: supplier
  customer: customer
  score: score
  out_of: 5
  required: [{{supplier: dispatch, customer: shop, score: 4, from: {required}}}]
"""
USUAL = {
    "except_": "2026-01-01", "extra": "2026-01-02", "review_by": "2026-06-01", "version": "2026-01-03",
    "launched": "2026-01-06", "announced": "2026-01-04", "ends": "2026-01-20", "signed": "2026-01-05",
    "from_": "2026-01-05", "to": "2026-01-05", "declared": "2026-01-06", "changed": "2026-01-05",
    "chain_review": "2026-06-01", "expected": "2026-01-01", "stage_review": "2026-06-01", "required": "2026-01-01",
}  # fmt: skip
WITHIN = ["1900-01-01", "2999-12-31"]
BEYOND = ["0001-01-01", "0001-01-02", "1899-12-31", "3000-01-01", "9999-12-31"]
SAID = "is not of the years 1900 to 2999: write the day that is meant"
NO_END = {("ends", "9999-12-31"), ("to", "9999-12-31")}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    return with_orders(tmp_path)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual world, refreshed once; tests only look at it."""
    root = with_orders(tmp_path_factory.mktemp("edge"))
    write(root)
    assert "published" in run("refresh", "--workspace", root, "--as-of", "2026-01-25").out
    return root


def with_orders(root: Path) -> Path:
    (root / "promises").mkdir()
    (root / "data").mkdir()
    (root / "data" / "sources.yaml").write_text(
        "sources:\n  orders: {files: orders.csv, key: id}\n  scores: {files: scores.csv}\n"
    )
    (root / "data" / "scores.csv").write_text("rated,supplier,customer,score\n2026-01-05,dispatch,shop,4\n")
    rows = [f"{day},2026-01-{day:02} 10:00,2026-01-{day + 1:02} 10:00" for day in range(2, 25)]
    (root / "data" / "orders.csv").write_text("\n".join(["id,at,done", *rows, ""]))
    return root


def write(root: Path, **days: str) -> None:
    (root / "promises" / "shop.yaml").write_text(WORLD.format(**{**USUAL, **days}))


def days_of(model: Any) -> Iterator[str]:
    """Yield the keys of a declared object, and of those in it, that hold a day or a moment."""
    if isinstance(model, type) and issubclass(model, Declared):
        for name, field in model.model_fields.items():
            if any(kind in (date, datetime) for kind in kinds_in(field.annotation)):
                yield f"{model.__name__}.{name}"
            for part in kinds_in(field.annotation):
                yield from days_of(part)


def kinds_in(annotation: Any) -> set[Any]:
    return {annotation}.union(*map(kinds_in, get_args(annotation))) if get_args(annotation) else {annotation}


@pytest.mark.parametrize("day", BEYOND)
def test_a_day_beyond_the_calendar_is_refused_with_its_place(world: Path, day: str) -> None:
    write(world, **dict.fromkeys(USUAL, day))
    told = run("check", "--workspace", world)
    refused = [line for line in told.out.splitlines() if f"'{day}" in line and line.endswith(SAID)]
    assert told.code == 1
    assert len(refused) == len([key for key in USUAL if (key, day) not in NO_END])
    assert all(line.startswith("promises/shop.yaml:") for line in refused)
    assert run("refresh", "--workspace", world).code == 1


@pytest.mark.parametrize(("key", "day"), [*((key, day) for key in USUAL for day in WITHIN), *sorted(NO_END)])
def test_a_day_at_the_edge_of_the_calendar_is_judged(world: Path, key: str, day: str) -> None:
    write(world, **{key: day})
    done = run("refresh", "--workspace", world, "--as-of", "2026-01-25")
    assert "published" in done.out, done.err
    for command in ("check", "status", "launches"):
        told = run(command, "--workspace", world)
        assert told.code in (0, 1), told.err


@pytest.mark.parametrize("command", ["refresh", "status"])
@pytest.mark.parametrize("day", BEYOND)
def test_a_moment_beyond_the_calendar_is_refused(world: Path, command: str, day: str) -> None:
    write(world)
    told = run(command, "--workspace", world, "--as-of", day)
    assert (told.code, told.err) == (
        2,
        f"aspromised: '{day}' is not of the years 1900 to 2999: write the day that is meant\n",
    )


@pytest.mark.parametrize("day", WITHIN)
def test_a_moment_at_the_edge_of_the_calendar_is_judged(world: Path, day: str) -> None:
    write(world)
    assert "published" in run("refresh", "--workspace", world, "--as-of", day).out
    for command in ("status", "launches"):
        assert run(command, "--workspace", world).code in (0, 1)


PERIODS = [("month", "{}-12"), ("year", "{}"), ("quarter", "{}-Q4"), ("week", "{}-W52"), ("fiscal-year", "{}"), ("from", "{}-01-01")]  # fmt: skip


@pytest.mark.parametrize(("option", "written"), PERIODS)
def test_a_window_beyond_the_calendar_is_refused_and_one_at_its_edge_answered(
    judged: Path, option: str, written: str
) -> None:
    for year, code in (("0001", 2), ("1000", 2), ("1900", 0), ("2999", 0), ("3000", 2), ("9999", 2)):
        told = run("status", "--workspace", judged, f"--{option}", written.format(year))
        assert (told.code, "Traceback" in told.err) == (code, False), told.err


def test_pages_show_a_world_at_the_edge_of_the_calendar(world: Path, opened: Opened) -> None:
    write(
        world,
        ends="9999-12-31",
        to="9999-12-31",
        announced="1900-01-01",
        extra="2999-12-31",
        review_by="2999-12-31",
    )
    assert "published" in run("refresh", "--workspace", world, "--as-of", "2026-01-25").out
    for page in PAGES:
        app = opened(world, page.script)
        assert not app.exception
        assert said(app)


def test_every_day_of_the_language_is_tried_here() -> None:
    found = {key for model in [*BY_ID.values(), *SINGLE.values()] for key in days_of(model)}
    assert found == {
        "Holidays.except_", "Holidays.extra", "Promise.review_by", "Version.from_", "Promotion.launched", "Promotion.announced",
        "Promotion.ends", "Gate.on", "Correction.from_", "Correction.to", "Correction.declared", "Change.on",
        "Chain.review_by", "CustomerExpectation.from_", "Stage.review_by", "RequiredScore.from_",
    }  # fmt: skip
