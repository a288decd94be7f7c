"""The kept rate under other definitions, on items few enough to count, and on the simulation with a known truth."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.robustness.definitions import definitions
from aspromised.analyse.robustness.doubts import Doubts, doubts
from aspromised.analyse.robustness.promised_again import promised_again
from aspromised.analyse.windows.window import Window
from aspromised.words.nouns import item_noun
from tests.analyse.shelf import shelf
from tests.judge.world import World, make_world

TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz"}
MARCH = Window.month("2026-03")


class Judged:
    """The tables that the real judge makes of a small world, as an analysis meets them."""

    def __init__(self, world: World, as_of: str) -> None:
        world.table("promise", as_of)
        self.con: duckdb.DuckDBPyConnection = world.con
        self.con.execute("use out; set search_path = 'out,source'")
        self.meta = {"as_of_day": as_of[:10], "as_of": f"{as_of[:10]}T23:59:59.999999+00:00"}
        self.con.execute("create table meta as select 'as_of_day' as key, ? as value", [as_of[:10]])

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        frame: pd.DataFrame = self.con.execute(sql, params or {}).df()
        return frame


def rates(snapshot: Judged, window: Window = MARCH) -> dict[str, tuple[int, int]]:
    table = definitions(snapshot, "p", window, 0.9)
    return {row.definition: (row.kept, row.decided) for row in table.itertuples()}


def test_open_items_are_five_of_seven_by_the_declared_definition_and_five_of_six_closed_only() -> None:
    """5 done in time, 1 done late, 1 open and overdue, 3 open and not due."""
    rows = [(n, "2026-03-02 10:00", "2026-03-02 12:00") for n in range(5)]
    rows += [(5, "2026-03-02 10:00", "2026-03-03 11:00"), (6, "2026-03-02 10:00", None)]
    rows += [(n, "2026-03-09 22:00", None) for n in (7, 8, 9)]
    world = make_world({"measure": {"items": "items", "id": "id", "started": "s", "done": "d", "within": "4 hours"}}, TYPES, rows)  # fmt: skip
    told = rates(Judged(world, "2026-03-09"))
    assert told["declared"] == (5, 7)
    assert told["closed only"] == (5, 6)
    assert told["counted started"] == (5, 7)
    assert told["boundary"] == (5, 7)


def test_other_definitions_of_the_same_items_wait_for_what_is_open_as_the_declared_one_does() -> None:
    """97 of 100 were done in time; 40 more are open, of which none may be."""
    rows = [(n, "2026-03-02 10:00", f"2026-03-0{3 if n < 97 else 9} 10:00") for n in range(100)]
    rows += [(n, "2026-03-30 10:00", None) for n in range(100, 140)]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "5 calendar days"}
    world = make_world({"measure": measure, "counted": "started"}, TYPES, rows)
    table = definitions(Judged(world, "2026-03-31"), "p", MARCH, 0.9).set_index("definition")
    waits = table["waits_for"].to_dict()
    assert (waits["declared"], waits["boundary"]) == (40, 40)
    assert waits["counted due"] == 0  # they fall due in April
    assert table["status"][["declared", "boundary"]].tolist() == ["too close to call"] * 2
    assert table["status"]["counted due"] == "kept"


def test_the_day_that_counts_moves_items_between_months() -> None:
    """Started in February and due in March, done in March and due in April."""
    rows = [
        (1, "2026-02-27 10:00", "2026-02-28 10:00"),
        (2, "2026-02-27 10:00", "2026-03-05 10:00"),
        (3, "2026-03-10 10:00", "2026-03-11 10:00"),
        (4, "2026-03-30 10:00", "2026-03-31 10:00"),
    ]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "3 calendar days"}
    told = rates(Judged(make_world({"measure": measure}, TYPES, rows), "2026-04-30"))
    assert told["declared"] == (2, 3)  # 1, 2 and 3
    assert told["counted started"] == (2, 2)  # 3 and 4
    assert told["counted done"] == (2, 3)  # 2, 3 and 4
    assert told["closed only"] == (2, 3)


@pytest.mark.parametrize(
    ("limit", "declared", "turned"),
    [({"within": "4 hours"}, (2, 3), (1, 3)), ({"less_than": "4 hours"}, (1, 3), (2, 3))],
)
def test_the_boundary_turns_exactly_what_stands_on_it(limit, declared, turned) -> None:
    rows = [
        (1, "2026-03-02 10:00", "2026-03-02 13:59:59"),
        (2, "2026-03-02 10:00", "2026-03-02 14:00"),
        (3, "2026-03-02 10:00", "2026-03-02 14:00:00.000001"),
    ]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", **limit}
    if "less_than" in limit:
        rows[2] = (3, "2026-03-02 10:00", "2026-03-02 14:00:01")
    told = rates(Judged(make_world({"measure": measure}, TYPES, rows), "2026-03-09"))
    assert (told["declared"], told["boundary"]) == (declared, turned)


def test_what_is_overdue_at_the_very_moment_of_judging_does_not_stand_on_the_boundary() -> None:
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "1 calendar day"}
    rows = [(1, "2026-03-08 10:00", None), (2, "2026-03-08 10:00", "2026-03-08 12:00")]
    told = rates(Judged(make_world({"measure": measure}, TYPES, rows), "2026-03-09"))
    assert told["declared"] == told["boundary"] == (1, 2)


def test_without_exemptions_and_without_corrections_are_two_definitions() -> None:
    types = {**TYPES, "moved": "boolean"}
    rows = [(n, "2026-03-02 10:00", "2026-03-02 12:00", False) for n in range(8)]
    rows += [(8, "2026-03-02 10:00", "2026-03-03 12:00", True), (9, "2026-03-05 10:00", None, False)]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "4 hours",
               "exempt": [{"when": "moved", "because": "moved"}]}  # fmt: skip
    storm = {"promises": ["p"], "from": "2026-03-05", "to": "2026-03-05", "because": "storm"}
    told = rates(
        Judged(make_world({"measure": measure}, types, rows, corrections={"storm": storm}), "2026-03-09")
    )
    assert told["declared"] == (8, 8)
    assert told["no corrections"] == (8, 9)
    assert told["no exemptions"] == (8, 10)


BY = {"items": "items", "id": "id", "started": "s", "done": "d", "by": "latest", "originally_by": "first"}
DATES = {**TYPES, "latest": "date", "first": "date"}
PROMISED = [
    (1, "2026-03-02 10:00", "2026-03-04 10:00", "2026-03-04", "2026-03-04"),  # kept on both
    (
        2,
        "2026-03-02 10:00",
        "2026-03-06 10:00",
        "2026-03-06",
        "2026-03-04",
    ),  # kept only after promising again
    (3, "2026-03-02 10:00", "2026-03-09 10:00", "2026-03-06", "2026-03-04"),  # moved, and broken all the same
    (4, "2026-03-02 10:00", None, "2026-03-05", "2026-03-05"),  # broken on both
    (5, "2026-03-02 10:00", None, "2026-03-30", "2026-03-05"),  # open by the latest, broken by the first
    (6, "2026-03-02 10:00", "2026-03-03 10:00", "2026-03-04", None),  # first date not known
]


def test_a_date_that_moved_is_told_and_what_was_kept_only_after_promising_again() -> None:
    snapshot = Judged(make_world({"measure": BY}, DATES, PROMISED), "2026-03-10")
    found = promised_again(snapshot, "p", MARCH)
    assert found is not None
    assert (found.items, found.moved, found.kept, found.kept_original, found.only_after) == (4, 2, 2, 1, 1)
    assert found.sentence == (
        "The date moved for 2 of 4 (50.0 %) after it was given. 1 was kept only after promising again: by the latest"
        " date 50.0 % are kept, by the date first given 25.0 % (−25.0 points)."
    )
    assert rates(snapshot)["original"] == (1, 5)


def test_where_first_dates_are_not_declared_nothing_is_said_of_them() -> None:
    measure = {name: value for name, value in BY.items() if name != "originally_by"}
    snapshot = Judged(make_world({"measure": measure}, DATES, PROMISED), "2026-03-10")
    assert promised_again(snapshot, "p", MARCH) is None
    assert "original" not in rates(snapshot)


def test_the_simulation_finds_the_truth_by_the_due_day_and_closed_only_is_biased() -> None:
    """500 items over 48 h, promised in 24 h, lognormal with 75 % within it; 400 runs as the values of one segment.

    Truth .750; due basis .749 with a spread of .030 a run, closed only .881, kept ÷ (kept + missed so far) .811.
    """
    runs, items = 400, 500
    rng = np.random.default_rng(19)
    start = pd.Timestamp("2026-03-02", tz="UTC")
    begun = rng.uniform(0, 48, runs * items)
    hours = np.exp(rng.normal(np.log(24) - 0.6 * 0.6744897501960817, 0.6, runs * items))
    frame = pd.DataFrame({
        "id": np.arange(runs * items), "run": np.repeat(np.arange(runs), items),
        "s": start + pd.to_timedelta(begun, "h"), "d": start + pd.to_timedelta(begun + hours, "h"),
    })  # fmt: skip
    measure = {
        "items": "items",
        "id": "id",
        "started": "s",
        "done": "d",
        "within": "24 hours",
        "segments": ["run"],
    }
    world = make_world({"measure": measure}, {**TYPES, "run": "integer"}, [], timezone="UTC")
    world.con.register("simulated", frame)
    world.con.execute("insert into source.items by name select * from simulated")
    snapshot = Judged(world, "2026-03-03T23:59:59.999999")
    due_by_then = Window.days(None, "2026-03-03")

    told = rates(snapshot, due_by_then)
    runs_told = snapshot.query(
        "select value, sum(kept) / sum(kept + broken) as rate from verdict_daily"
        " where segment = 'run' and day <= date '2026-03-03' group by 1"
    )
    assert len(runs_told) == runs
    assert runs_told["rate"].mean() == pytest.approx(0.750, abs=3 * 0.030 / np.sqrt(runs))
    assert runs_told["rate"].std() == pytest.approx(0.030, abs=0.006)
    assert _share(told["declared"]) == pytest.approx(0.750, abs=0.005)
    assert _share(told["closed only"]) == pytest.approx(0.881, abs=0.004)
    assert _share(told["counted started"]) == pytest.approx(0.811, abs=0.004)
    assert _share(told["closed only"]) > _share(told["counted started"]) > _share(told["declared"]) + 0.03


def _share(counted: tuple[int, int]) -> float:
    return counted[0] / counted[1]


def test_the_sentence_says_how_far_the_rate_moves_and_whether_the_verdict_turns() -> None:
    basis = {"day": "2026-10-05", "version": 1, "due_day": "2026-10-05", "on_limit": False}
    snapshot = shelf(
        promise=[{}],
        promise_version=[{"length": "2 days"}],
        verdict_daily=[{"day": "2026-10-05", "kept": 85, "broken": 15}],
        basis_daily=[
            {**basis, "started_day": "2026-10-03", "done_day": "2026-10-04", "verdict": "kept", "items": 85},
            {**basis, "started_day": "2026-10-03", "done_day": "2026-10-09", "verdict": "broken", "items": 5},
            {**basis, "started_day": "2026-10-03", "done_day": None, "verdict": "broken", "items": 10},
        ],
    )
    found = doubts(snapshot, "p", Window.month("2026-10"))
    assert found is not None
    assert found.sentence == (
        "85.0 % as declared; by other usual definitions between 85.0 % and 94.4 %; furthest off is closed ones only, on"
        " the day they were done (+9.4 points); none would change the verdict"
        " “too close to call”."
    )


@pytest.mark.parametrize(
    ("declared", "others", "told"),
    [
        (0.91249, [0.91251, 0.91151], "furthest off is first (+0.1 points)"),
        (0.94996, [0.95044, 0.94949], "furthest off is second (−0.1 points)"),
        (0.9126, [0.9134, 0.9126], "the same within 0.1 points"),
    ],
)
def test_the_definition_called_furthest_off_is_so_by_what_is_shown(
    declared: float, others: list[float], told: str
) -> None:
    rows = [("declared", declared), *zip(("first", "second"), others, strict=True)]
    table = pd.DataFrame(
        [
            {"words": words, "rate": rate, "difference": rate - declared, "decided": 9, "status": "kept"}
            for words, rate in rows
        ]
    )
    found = Doubts(
        "p", Window.month("2026-10"), date(2026, 11, 30), item_noun("orders"), 0.9, table, None, None, None
    )  # type: ignore[arg-type]
    assert told in found.sentence


def test_a_verdict_that_turns_is_told_though_the_rate_is_the_same() -> None:
    rows = [("declared", "kept"), ("first", "kept"), ("second", "too close to call")]
    table = pd.DataFrame(
        [
            {"words": words, "rate": 1.0, "difference": 0.0, "decided": 9, "status": status}
            for words, status in rows
        ]
    )
    found = Doubts(
        "p", Window.month("2026-10"), date(2026, 11, 30), item_noun("orders"), 0.9, table, None, None, None
    )  # type: ignore[arg-type]
    assert found.sentence == (
        "100.0 % as declared, and the same within 0.1 points by every other usual definition, but 1 of 2 would change the"
        " verdict from “kept”."
    )


def test_nothing_decided_and_a_spread_have_no_number_to_doubt() -> None:
    snapshot = shelf(promise=[{}, {"promise_id": "same", "kind": "spread", "spread_of": "p", "across": "region", "at_most": 0.05}])  # fmt: skip
    found = doubts(snapshot, "p", Window.month("2026-10"))
    assert found is not None
    assert found.sentence == "Nothing is decided in October 2026: there is no number to doubt."
    assert doubts(snapshot, "same", Window.month("2026-10")) is None


CANCELLED = "2026-03-02 11:00"
LIMIT = "2026-03-03 10:00"


@pytest.mark.parametrize("measure", [{"by": "latest", "originally_by": "first"}, {"within": "24 hours"}, {"less_than": "24 hours"}])  # fmt: skip
def test_what_is_broken_for_being_cancelled_is_broken_by_every_date(measure) -> None:
    """Six done early, of which two were cancelled before; three on the very limit, of which two were; no date moved."""
    done = [("2026-03-02 12:00", n < 2) for n in range(6)] + [(LIMIT, n < 2) for n in range(3)]
    rows = [(n, "2026-03-02 10:00", at, CANCELLED if gone else None, LIMIT, LIMIT) for n, (at, gone) in enumerate(done)]  # fmt: skip
    types = {**TYPES, "c": "timestamptz", "latest": "timestamptz", "first": "timestamptz"}
    whole = {
        "items": "items",
        "id": "id",
        "started": "s",
        "done": "d",
        "cancelled": "c",
        "if_cancelled": "broken",
    }
    snapshot = Judged(make_world({"measure": {**whole, **measure}}, types, rows), "2026-03-09")
    told = rates(snapshot)
    declared, turned = ((4, 9), (5, 9)) if "less_than" in measure else ((5, 9), (4, 9))
    assert told.pop("boundary") == turned
    assert set(told.values()) == {declared}
    again = promised_again(snapshot, "p", MARCH)
    assert ("original" in told) == bool(again) == ("by" in measure)
    if again:
        assert (again.kept, again.kept_original, again.only_after) == (5, 5, 0)


def test_where_versions_differ_in_strictness_the_boundary_is_told_both_ways() -> None:
    """Two items a version, one of each on the limit: in time for all is 4 of 4, late for all 2 of 4."""
    rows = []
    for day in (2, 12):
        begun = f"2026-03-{day:02d} 10:00"
        rows += [(day, begun, f"2026-03-{day + 1:02d} 10:00"), (day + 1, begun, f"2026-03-{day:02d} 11:00")]
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "24 hours"}
    versions = [{"from": "2026-01-01"}, {"from": "2026-03-10", "less_than": "24 hours"}]
    snapshot = Judged(make_world({"measure": measure, "versions": versions}, TYPES, rows), "2026-03-31")
    told = rates(snapshot)
    assert told["declared"] == (3, 4)
    assert (told["boundary in time"], told["boundary late"]) == ((4, 4), (2, 4))
    assert "boundary" not in told
    words = definitions(snapshot, "p", MARCH, 0.9).set_index("definition")["words"]
    assert words["declared"].endswith("; the limit itself is in time or late, by its version")
    assert words["boundary late"] == "as declared, but the limit itself late by every version"

    first, last = Window.days("2026-03-01", "2026-03-09"), Window.days("2026-03-10", "2026-03-31")
    assert rates(snapshot, first)["boundary"] == (1, 2)
    assert rates(snapshot, last)["boundary"] == (2, 2)
