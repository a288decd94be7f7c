"""A part of a promise: any question asked inside it is answered from its items alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aspromised.analyse.gaps.items import items
from aspromised.analyse.rates.scope import Scope, dimensions, known_where, parse_where, where_text
from aspromised.analyse.rates.series import weekly
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import rolled_up, shelf

OCTOBER = Window.month("2026-10")
SEGMENTS = ["carrier", "region", "O'Hara x"]


def cells(seed=4, rows=80):
    rng = np.random.default_rng(seed)
    return [
        {
            "day": str(rng.choice(["2026-09-30", "2026-10-05", "2026-10-06", "2026-10-31"])),
            "carrier": rng.choice(["A", "B"]), "region": rng.choice(["north", None]), SEGMENTS[2]: rng.choice(["1", "2"]),
            "kept": int(rng.integers(0, 9)), "broken": int(rng.integers(0, 4)), "open": int(rng.integers(0, 2)),
        }
        for _ in range(rows)
    ]  # fmt: skip


def snapshot(rows):
    promise = {"segments": SEGMENTS, "kind": "clock", "counted": "due"}
    return shelf(
        promise=[promise, {"promise_id": "other"}], promise_version=[{}, {"promise_id": "other"}], segments=SEGMENTS,
        **rolled_up(rows, SEGMENTS), item=[{"item_id": str(n), "verdict": "broken", **row_of(row)} for n, row in enumerate(rows)],
    )  # fmt: skip


def row_of(row):
    return {name: row[name] for name in ("day", *SEGMENTS)}


@pytest.mark.parametrize("where", [
    (("carrier", "A"),),
    (("carrier", "A"), ("region", "(none)")),
    (("carrier", "B"), ("region", "north"), ("O'Hara x", "2")),
    (("carrier", "A"), ("region", "north"), ("weekday due", "Monday")),
])  # fmt: skip
def test_three_conditions_are_those_rows_and_no_others(where):
    rows = cells()
    frame = pd.DataFrame(rows).fillna({"region": "(none)"})
    frame["weekday due"] = pd.to_datetime(frame["day"]).dt.day_name()
    for name, value in where:
        frame = frame[frame[name] == value]
    own = frame[frame["day"].str.startswith("2026-10")]
    scope = Scope("p", OCTOBER, where)
    inside = scope.inside(snapshot(rows))
    [row] = statuses(inside, OCTOBER).to_dict("records")
    assert (row["kept"], row["broken"], row["open"]) == tuple(own[["kept", "broken", "open"]].sum())
    assert weekly(inside, "p", OCTOBER.last, 5)["decided"].sum() == frame[["kept", "broken"]].sum().sum()
    assert len(items(snapshot(rows), scope)) == len(own)


def test_a_condition_on_what_is_not_there_counts_nothing():
    inside = Scope("p", OCTOBER, (("planet", "Mars"),)).inside(snapshot(cells()))
    assert statuses(inside, OCTOBER)["decided"].tolist() == [0]


def test_a_link_leaves_out_what_its_promise_does_not_know_and_says_so():
    found, said = known_where(snapshot(cells()), "p", "planet:Mars,carrier:A")
    assert found == (("carrier", "A"),)
    assert said.startswith(
        "This promise is not told apart by “planet”, so that is left out: it has carrier, region"
    )
    assert known_where(snapshot(cells()), "p", "nonsense")[1].startswith(
        "What the address says of the part cannot be read"
    )
    assert known_where(snapshot(cells()), "p", "", "carrier", "A") == ((("carrier", "A"),), "")


def test_a_segment_of_the_name_comes_before_what_follows_from_the_day():
    promise = {"segments": ["weekday due"], "kind": "clock", "counted": "due"}
    [only] = dimensions(shelf(promise=[promise], segments=["weekday due"]), "p")
    assert "dayname" not in only.sql


@given(
    st.lists(
        st.tuples(st.text(min_size=1).filter(str.strip), st.text()),
        max_size=4,
        unique_by=lambda each: each[0].strip(),
    )
)
def test_every_condition_comes_back_from_its_text(pairs):
    where = tuple((name.strip(), value) for name, value in pairs)
    assert parse_where(where_text(where)) == where


@pytest.mark.parametrize("text", ["carrier", ":x", "a:1,b", " :"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ValueError, match="condition"):
        parse_where(text)
