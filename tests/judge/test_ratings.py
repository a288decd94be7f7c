"""Ratings between departments: which count, on which day, and what was required of them then; rows few enough to count."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from aspromised.declare.model import Company, Ratings, Source
from aspromised.declare.workspace import Workspace
from aspromised.judge.faults import find_faults
from aspromised.judge.ratings import judge_ratings
from aspromised.judge.verdicts.tables import ddl
from aspromised.sql.duckdb import DuckDB
from aspromised.words.moments import as_of_moment

TYPES = {
    "on": "date",
    "by": "varchar",
    "for": "varchar",
    "what": "varchar",
    "way": "varchar",
    "score": "double",
}
NAMED = {"source": "r", "at": "on", "supplier": "by", "customer": "for", "score": "score"}
WHOLE = NAMED | {"dimension": "what", "direction": "way"}


def judged(
    rows: list[tuple[Any, ...]],
    declared: dict[str, Any] | None = None,
    as_of: str = "2026-10-31",
    types: dict[str, str] = TYPES,
    teams: list[str] | None = None,
    timezone: str = "Europe/London",
    arrived: str | None = None,
) -> DuckDB:
    """Return a connection with the tables that judging ratings filled, in its schema `out`."""
    con = DuckDB(duckdb.connect())
    con.execute(f"set TimeZone = '{timezone}'; create schema source; create schema out")
    con.execute(
        f"create table source.r ({', '.join(f'{chr(34)}{name}{chr(34)} {kind}' for name, kind in types.items())})"
    )
    if rows:
        con.executemany(f"insert into source.r values ({', '.join('?' * len(types))})", rows)
    for statement in ddl("out", []).values():
        con.execute(statement)
    workspace = Workspace(
        Path("nowhere"),
        Company(name="Test", timezone=timezone, teams=teams),
        ratings=Ratings.model_validate(declared or WHOLE),
        sources={"r": Source(files="r.csv", arrived=arrived)},
    )
    moment = as_of_moment(as_of, workspace.timezone)
    judge_ratings(con, workspace, moment, "out", find_faults(con, workspace))
    return con


def daily(
    con: DuckDB,
    columns: str = "supplier, customer, dimension, direction, day, ratings, total, squares, required, met",
) -> list[tuple[Any, ...]]:
    return con.run(f"select {columns} from out.rating_daily order by all")


def notes(con: DuckDB) -> list[tuple[Any, ...]]:
    return con.run("select reason, ratings, left_out from out.rating_note order by all")


def test_ratings_of_a_day_are_added_up_by_pair_dimension_and_direction() -> None:
    found = judged(
        [
            ("2026-10-01", "sales", "care", "quality", "of supplier", 3),
            ("2026-10-01", "sales", "care", " Quality ", None, 4),
            ("2026-10-01", "sales", "care", "quality", "of customer", 2),
            ("2026-10-01", "sales", "care", None, None, 5),
            ("2026-10-02", "sales", "care", "quality", "", 1),
        ],
        WHOLE | {"required": 4},
    )
    day, next_day = date(2026, 10, 1), date(2026, 10, 2)
    assert daily(found) == [
        ("sales", "care", "overall", "of supplier", day, 1, 5, 25, 4, 1),
        ("sales", "care", "quality", "of customer", day, 1, 2, 4, None, None),
        ("sales", "care", "quality", "of supplier", day, 2, 7, 25, 4, 1),
        ("sales", "care", "quality", "of supplier", next_day, 1, 1, 1, 4, 0),
    ]
    assert found.run("select source, lowest, out_of, required, problem from out.rating_scale") == [
        ("r", 1, 5, 4, None)
    ]


def test_what_cannot_be_counted_is_told_with_its_reason() -> None:
    good = ("2026-10-01", "sales", "care", "quality", None, 3)
    found = judged(
        [
            good,
            (None, *good[1:]),
            (good[0], None, *good[2:]),
            (good[0], "  ", *good[2:]),
            (*good[:2], None, *good[3:]),
            (*good[:5], None),
            (*good[:5], float("nan")),
            (*good[:5], 0.9),
            (*good[:5], 5.1),
            (*good[:4], "both", 3),
            ("2026-11-01", *good[1:]),  # not known yet: neither counted nor told
        ]
    )
    assert daily(found, "ratings") == [(1,)]
    assert notes(found) == [
        ("a direction that is neither 'of supplier' nor 'of customer'", 1, True),
        ("a score that is not between 1 and 5", 2, True),
        ("no customer", 1, True),
        ("no date", 1, True),
        ("no score that is a number", 2, True),
        ("no supplier", 2, True),
    ]


def test_a_score_may_begin_at_nought_where_the_scale_does() -> None:
    found = judged([("2026-10-01", "sales", "care", None, None, 0)], WHOLE | {"lowest": 0, "out_of": 10})
    assert (daily(found, "ratings, total"), notes(found)) == ([(1, 0)], [])


def test_what_was_required_is_that_of_the_pair_on_the_day() -> None:
    pair = {"supplier": "sales", "customer": "care"}
    found = judged(
        [(f"2026-{day}", by, "care", None, way, 3) for by in ("sales", "finance") for day in ("01-31", "02-01", "06-01") for way in ("of supplier",)]
        + [("2026-06-01", "sales", "care", None, "of customer", 3)],
        WHOLE | {"required": [pair | {"score": 4, "from": "2026-06-01"}, pair | {"score": 3, "from": "2026-02-01"}]},
    )  # fmt: skip
    assert daily(found, "supplier, direction, day, required, met") == [
        ("finance", "of supplier", date(2026, 1, 31), None, None),
        ("finance", "of supplier", date(2026, 2, 1), None, None),
        ("finance", "of supplier", date(2026, 6, 1), None, None),
        ("sales", "of customer", date(2026, 6, 1), None, None),
        ("sales", "of supplier", date(2026, 1, 31), None, None),
        ("sales", "of supplier", date(2026, 2, 1), 3, 1),
        ("sales", "of supplier", date(2026, 6, 1), 4, 0),
    ]
    assert found.run("select * from out.rating_required") == [
        ("sales", "care", date(2026, 2, 1), 3),
        ("sales", "care", date(2026, 6, 1), 4),
    ]


def test_one_score_for_all_is_required_of_teams_and_not_of_the_company() -> None:
    rows = [("2026-10-01", by, "care", None, None, 4) for by in ("sales", "company")]
    assert daily(judged(rows, WHOLE | {"required": 4}), "supplier, required") == [
        ("company", None),
        ("sales", 4),
    ]


def test_a_rating_counts_on_its_local_day_also_where_the_clocks_change() -> None:
    types = TYPES | {"on": "timestamptz"}
    moments = [
        "2026-10-24 23:30+00",
        "2026-10-25 23:59+00",
        "2026-10-26 00:00+00",
    ]  # the clocks go back on the 25th
    found = judged([(moment, "sales", "care", None, None, 4) for moment in moments], types=types)
    assert daily(found, "day, ratings") == [(date(2026, 10, 25), 2), (date(2026, 10, 26), 1)]


def test_a_team_that_the_company_does_not_list_is_counted_and_told() -> None:
    rows = [("2026-10-01", by, "care", None, None, 4) for by in ("saels", "company", "sales")]
    found = judged(rows, teams=["sales", "care"])
    assert len(daily(found)) == 3
    assert notes(found) == [("'saels' is not one of the company's teams. Did you mean 'sales'?", 1, False)]


def test_names_are_text_whatever_they_say() -> None:
    name = "o'hare\"; drop table out.rating_daily; --"
    required = [{"supplier": name, "customer": "<b>care</b>", "score": 4}]
    found = judged([("2026-10-01", name, "<b>care</b>", None, None, 4)], WHOLE | {"required": required})
    assert daily(found, "supplier, customer, required, met") == [(name, "<b>care</b>", 4, 1)]


def test_without_rows_nothing_is_counted_and_nothing_is_wrong() -> None:
    found = judged([])
    assert (daily(found), notes(found)) == ([], [])
    assert found.run("select problem from out.rating_scale") == [(None,)]


def test_ratings_that_cannot_be_read_say_why() -> None:
    of_text = judged([("x", "a", "b", None, None, 4)], types=TYPES | {"on": "varchar"})
    assert of_text.run("select problem from out.rating_scale") == [
        ("'on' is varchar, not a day or an instant",)
    ]
    misnamed = judged([], WHOLE | {"score": "scor"})
    [(problem,)] = misnamed.run("select problem from out.rating_scale")
    assert "the source 'r' has no column 'scor'. Did you mean 'score'?" in problem
    missing = judged([], WHOLE | {"source": "elsewhere"})
    [(problem,)] = missing.run("select problem from out.rating_scale")
    assert "no source 'elsewhere'" in problem


def test_a_rating_that_arrived_later_is_not_known_yet() -> None:
    types = TYPES | {"loaded": "timestamptz"}
    rows = [("2026-10-01", "sales", "care", None, None, 4, f"2026-10-{day} 12:00+00") for day in ("02", "20")]
    found = judged(rows, types=types, as_of="2026-10-10", arrived="loaded")
    assert daily(found, "ratings") == [(1,)]


_RATING = st.tuples(
    st.sampled_from(["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-02", None]),
    st.sampled_from(["a", "b", "company", None]),
    st.sampled_from(["a", "b", ""]),
    st.sampled_from(["quality", None]),
    st.sampled_from(["of supplier", "of customer", None, "?"]),
    st.sampled_from([0.0, 1.0, 3.5, 5.0, None]),
)


@given(st.lists(_RATING, max_size=30))
def test_every_rating_given_is_counted_once_or_told_with_its_reason(rows: list[tuple[Any, ...]]) -> None:
    """A second way to the same numbers, in pandas; nothing is lost."""
    found = judged(rows, WHOLE | {"required": 3})
    given_by_then = [row for row in rows if row[0] is None or row[0] <= "2026-10-31"]
    counted = sum(n for (n,) in daily(found, "ratings"))
    assert counted + sum(n for _, n, left_out in notes(found) if left_out) == len(given_by_then)
    table = pd.DataFrame(given_by_then, columns=list(TYPES))
    good = table[
        table["on"].notna()
        & table["by"].notna()
        & table["for"].ne("")
        & table["score"].ge(1)
        & table["way"].ne("?")
    ]
    whole = Counter({(by, of): n for (by, of), n in good.groupby(["by", "for"]).size().items()})
    assert (
        Counter(
            {
                (by, of): n
                for by, of, n in found.run(
                    "select supplier, customer, sum(ratings)::bigint from out.rating_daily group by all"
                )
            }
        )
        == whole
    )
    met = good["way"].ne("of customer") & good["by"].ne("company") & good["score"].ge(3)
    assert found.run("select coalesce(sum(met), 0)::bigint from out.rating_daily") == [(int(met.sum()),)]
