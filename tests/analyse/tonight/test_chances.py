"""Chances to break, on items that can be counted, beside the curve of exact lengths and without a look ahead."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from aspromised.analyse.tonight.chances import FEWEST, chosen_segment, learnt, part_of, parts_of
from aspromised.analyse.tonight.tables import forecast_checked, write_chances
from aspromised.stats.kaplan_meier import kaplan_meier
from aspromised.words.moments import as_of_moment
from aspromised.words.vocabulary import WHOLE
from tests.analyse.shelf import shelf
from tests.judge.clocks.test_time_left import HOUR, bucket
from tests.judge.world import World, make_world

LONDON = ZoneInfo("Europe/London")
OCTOBER = datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=LONDON)
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz", "gone": "timestamptz", "who": "varchar"}
CLOCK = {"items": "items", "id": "id", "started": "s", "done": "d", "within": "10 hours"}


def told(small: World, as_of: str) -> dict[str, tuple[float | None, float | None, float | None, int | None]]:
    """The chance of each open item, as a refresh at a moment would write it."""
    small.table("item", as_of)
    write_chances(small.con, "out", as_of_moment(as_of, small.workspace.timezone))
    rows = small.con.run("select item_id, chance, low, high, known_of from out.open_chance order by 1")
    return {item: tuple(figures) for item, *figures in rows}


def days(lengths: list[int | None], start: int = 0) -> list[tuple[object, ...]]:
    """Items started one a day at 06:00 in March, each done after so many hours."""
    at = [pd.Timestamp("2026-03-01 06:00") + pd.Timedelta(days=n % 28) for n in range(len(lengths))]
    return [
        (start + n, str(s), None if hours is None else str(s + pd.Timedelta(hours=hours)), None, "a")
        for n, (s, hours) in enumerate(zip(at, lengths, strict=True))
    ]


def test_the_chance_is_that_of_who_had_so_much_left_and_was_not_done() -> None:
    """Of 60, 20 are done within 2 hours, 30 after 6, and 10 late: after 4 hours 10 of 40 are still to break."""
    rows = days([2] * 20 + [6] * 30 + [12] * 10)
    rows.append((99, "2026-03-30 10:00", None, None, "a"))
    small = make_world({"measure": CLOCK}, TYPES, rows, timezone="UTC")
    ((chance, low, high, known_of),) = told(small, "2026-03-30T14:00").values()
    assert (chance, known_of) == (pytest.approx(10 / 40, abs=0.005), 40)
    assert low is not None and high is not None and low < 0.25 < high
    assert told(small, "2026-03-30T10:30")["99"][0] == pytest.approx(10 / 60, abs=0.005)
    assert told(small, "2026-03-30T17:00")["99"] == (None, None, None, None)  # ten are too few


def test_it_is_the_curve_of_exact_lengths_with_those_still_open_looked_at_last() -> None:
    lengths = [1, 2, 2, 3, 4, 5, 5, 6, 8, 9, 11, 12, 30] * 6
    rows = days(list(lengths))
    rows += [(200 + n, f"2026-03-30 {n % 6:02}:00", None, None, "a") for n in range(12)]
    small = make_world({"measure": CLOCK}, TYPES, rows, timezone="UTC")
    found = told(small, "2026-03-30T06:30")
    ages = {str(200 + n): 6.5 - n % 6 for n in range(12)}
    seen = [float(each) for each in lengths] + list(ages.values())
    curve = kaplan_meier(seen, [True] * len(lengths) + [False] * 12)
    for item, age in ages.items():
        assert found[item][0] == pytest.approx(curve.at(10) / curve.at(age), abs=0.02), age


def test_what_was_cancelled_neither_breaks_nor_counts_as_kept() -> None:
    """Of 80, 40 are cancelled after an hour and a half of the rest break: of who waits two hours, half."""
    rows: list[tuple[object, ...]] = [
        (n, f"2026-03-{1 + n % 28:02} 06:00", None, f"2026-03-{1 + n % 28:02} 07:00", "a") for n in range(40)
    ]
    rows += days([5] * 20 + [12] * 20, start=40)
    rows += [(99, "2026-03-30 10:00", None, None, "a"), (98, "2026-03-30 11:40", None, None, "a")]
    small = make_world({"measure": CLOCK | {"cancelled": "gone"}}, TYPES, rows, timezone="UTC")
    found = told(small, "2026-03-30T12:00")
    assert found["99"][0] == pytest.approx(20 / 40, abs=0.02)
    assert found["98"][0] == pytest.approx(20 / 80, abs=0.02)
    broken = make_world(
        {"measure": CLOCK | {"cancelled": "gone", "if_cancelled": "broken"}}, TYPES, rows, timezone="UTC"
    )
    assert told(broken, "2026-03-30T12:00")["98"][0] == pytest.approx(60 / 80, abs=0.02)


def test_too_little_history_tells_no_chance_and_never_nought() -> None:
    rows = [*days([3] * (FEWEST - 1)), (99, "2026-03-30 10:00", None, None, "a")]
    small = make_world({"measure": CLOCK}, TYPES, rows, timezone="UTC")
    assert told(small, "2026-03-30T11:00") == {"99": (None, None, None, None)}
    all_open = [(n, "2026-03-30 10:00", None, None, "a") for n in range(200)]
    new = make_world({"measure": CLOCK}, TYPES, all_open, timezone="UTC")
    assert {chance for chance, *_ in told(new, "2026-03-30T11:00").values()} == {None}


def monthly(
    what: str, items: int, value: str = "a", month: str = "2026-09-01", left: float = 24 * HOUR
) -> list[dict[str, object]]:
    """Rows of `left_monthly` of a value and of the whole."""
    row = {
        "promise_id": "p",
        "day": date.fromisoformat(month),
        "what": what,
        "bucket": bucket(left),
        "items": items,
    }
    return [row | {"segment": WHOLE, "value": WHOLE}, row | {"segment": "who", "value": value}]


def history(month: str, **broken: int) -> list[dict[str, object]]:
    """A month in which 100 of each value waited with a day left, and so many of them broke."""
    rows = []
    for value, n in broken.items():
        rows += monthly("started", 100, value, month, 48 * HOUR)
        rows += monthly("done", 100 - n, value, month, 2 * HOUR) + monthly("broken", n, value, month, 0)
        rows += monthly("evening done", 100 - n, value, month) + monthly("evening broken", n, value, month)
    return rows


def summed(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The rows as the table holds them, one a key."""
    keys = ["day", "segment", "value", "what", "bucket"]
    return pd.DataFrame(rows).groupby(keys, as_index=False)["items"].sum()


def test_a_month_is_forecast_from_the_months_before_it_alone() -> None:
    before = [*history("2026-07-01", a=20), *history("2026-08-01", a=20)]
    found = forecast_checked(parts_of(summed([*before, *history("2026-09-01", a=60)])), date(2026, 9, 1))
    assert found[["tenth", "items", "broken"]].to_numpy().tolist() == [[2, 100, 60]]
    assert float(found["told"].iloc[0]) == pytest.approx(20)
    assert float(found["squared"].iloc[0]) == pytest.approx(60 * 0.8**2 + 40 * 0.2**2)
    assert float(found["squared_base"].iloc[0]) == pytest.approx(60 * 0.8**2 + 40 * 0.2**2)
    assert forecast_checked(parts_of(summed(history("2026-09-01", a=60))), date(2026, 9, 1)).empty


def test_the_segment_is_the_one_that_told_the_last_month_better_and_else_none() -> None:
    months = ("2026-06-01", "2026-07-01", "2026-08-01")
    apart = parts_of(summed([row for month in months for row in history(month, a=5, b=60)]))
    alike = parts_of(summed([row for month in months for row in history(month, a=20, b=20)]))
    every = apart[WHOLE].of("started", [True] * 3).sum() > 0
    assert every
    assert chosen_segment(apart, pd.Series([True] * 3).to_numpy()) == "who"
    assert chosen_segment(alike, pd.Series([True] * 3).to_numpy()) == WHOLE
    assert chosen_segment(apart, pd.Series([True, False, False]).to_numpy()) == WHOLE


def test_a_value_with_too_few_is_told_by_the_whole() -> None:
    rows = [row for month in ("2026-06-01", "2026-07-01", "2026-08-01") for row in history(month, a=5, b=60)]
    rows += monthly("started", 3, "c", "2026-08-01", 48 * HOUR) + monthly("broken", 3, "c", "2026-08-01", 0)
    item = {"promise_id": "p", "verdict": "open", "clock_left_seconds": 24.0 * HOUR}
    items = [item | {"item_id": value, "who": value} for value in ("a", "b", "c")] + [
        item | {"item_id": "none"}
    ]
    snapshot = shelf(
        segments=["who"],
        left_monthly=[r | {"promise_id": "p"} for r in summed(rows).to_dict("records")],
        item=items,
    )
    write_chances(snapshot.con, "main", OCTOBER)
    found = snapshot.query(
        "select item_id, round(chance, 2) as chance, segment, value, known_of from open_chance order by 1"
    )
    assert found.to_numpy().tolist() == [
        ["a", 0.05, "who", "a", 300],
        ["b", 0.6, "who", "b", 300],
        ["c", 0.33, WHOLE, WHOLE, 603],
        ["none", 0.33, WHOLE, WHOLE, 603],
    ]


def test_the_running_month_checks_nothing_and_those_over_do() -> None:
    rows = [row for month in range(5, 11) for row in history(f"2026-{month:02}-01", a=20)]
    kept = [r | {"promise_id": "p"} for r in summed(rows).to_dict("records")]
    asked = {}
    for moment in (OCTOBER, OCTOBER.replace(day=30)):
        snapshot = shelf(left_monthly=kept)
        write_chances(snapshot.con, "main", moment)
        asked[moment.day] = snapshot.query("select distinct day from chance_checked order by 1")[
            "day"
        ].dt.month.tolist()
    assert asked == {31: [8, 9, 10], 30: [7, 8, 9]}


def test_one_row_without_a_start_in_the_month_is_no_number() -> None:
    part = part_of(summed(monthly("open", 1)), WHOLE)
    assert pd.isna(learnt(part, pd.Series([True]).to_numpy()).upper).all()
