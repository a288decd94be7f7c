"""Which parts break a promise beyond their share: every combination of up to three conditions, searched and tested at once."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import false_discovery_control

from aspromised.analyse.gaps.excess import ALPHA, STANDS_OUT
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.scope import TIME_OF_DAY, Dimension, Scope, Where, dimensions
from aspromised.stats.fisher_exact import fisher_log_p
from aspromised.stats.proportion import newcombe, wilson

PART_COLUMNS = (
    "where", "depth", "decided", "broken", "rate", "rest_rate", "expected", "excess", "low", "high", "log_p", "p", "adjusted",
    "standing", "covered_by",
)  # fmt: skip
DEPTH = 3
"""So many conditions at most: what needs more is too narrow to act on, and too rare to be found."""
MOST_DIMENSIONS = 30
"""So many dimensions are searched, the first that are declared."""
MOST_SETS = 500
"""So many sets of dimensions at most are searched: with more dimensions, less deep."""
_Counts = npt.NDArray[np.float64]


@remembered
def lattice(snapshot: Queryable, scope: Scope, at_least: int) -> pd.DataFrame:
    """Return the parts of a scope that break it beyond the rest, most certain first, and what else there is: PART_COLUMNS.

    Inside a part, the combinations of what is left, down to DEPTH conditions in all. See `tested_parts`.
    """
    taken = {name for name, _ in scope.where}
    free = [each for each in dimensions(snapshot, scope.promise_id) if each.name not in taken]
    if TIME_OF_DAY in {each.name for each in free}:  # the hours it is made of are too thin, and say the same
        free = [each for each in free if each.name not in ("hour", "hour_of_day")]
    if not free:
        return tested_parts(
            pd.DataFrame(columns=["where", "decided", "broken"]), pd.DataFrame(), 0, 0, at_least
        )
    free = free[:MOST_DIMENSIONS]
    depth = max(1, DEPTH - len(scope.where))
    counted, cells = _cube(scope.inside(snapshot), scope, free, at_least, depth)
    return tested_parts(counted, cells, int(cells["broken"].sum()), int(cells["decided"].sum()), at_least)


def _cube(
    snapshot: Queryable, scope: Scope, free: list[Dimension], at_least: int, depth: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every combination of up to `depth` conditions that has `at_least` decided items, or is one alone (where, decided, broken);
    and the cells they are made of, a column a dimension by its name."""
    names, titles = [f"d{number}" for number in range(len(free))], [each.name for each in free]
    sets, every = list(_sets(len(free), depth)), tuple(range(len(free)))
    grouped = ", ".join(
        f"({', '.join(names[place] for place in places)})" for places in dict.fromkeys([*sets, every])
    )
    level = f"grouping_id({', '.join(names)})"
    alone = ", ".join(str(2 ** len(free) - 1 - 2 ** (len(free) - 1 - place)) for place in every)
    values = ", ".join(f"{each.sql} as {name}" for each, name in zip(free, names, strict=True))
    found = snapshot.query(
        f"""
        with parted as (
            select {values}, sum(kept + broken)::bigint as decided, sum(broken)::bigint as broken from verdict_cell
            where {scope.of_items} and {scope.window.condition} group by all having sum(kept + broken) > 0
        )
        select {", ".join(names)}, sum(decided)::bigint as decided, sum(broken)::bigint as broken, {level} as level
        from parted group by grouping sets ({grouped})
        having sum(decided) >= $at_least or {level} in (0, {alone})
        """,
        {**scope.parameters, "at_least": at_least},
    )
    cells = found[found["level"] == 0]
    enough = found if every in sets else found[found["level"] > 0]
    if len(free) > 1:
        enough = enough[(enough["decided"] >= at_least) | (enough["level"] > 0)]
    where = [
        tuple((title, value) for title, value in zip(titles, row, strict=True) if isinstance(value, str))
        for row in zip(*(enough[name].tolist() for name in names), strict=True)
    ]
    counted = enough.assign(where=where)[["where", "decided", "broken"]]
    return counted, cells[[*names, "decided", "broken"]].set_axis([*titles, "decided", "broken"], axis=1)


def _sets(dimensions: int, depth: int) -> Iterator[tuple[int, ...]]:
    """The sets of dimensions to search, as deep as there are not too many of them."""
    found: list[tuple[int, ...]] = []
    for size in range(1, min(depth, dimensions) + 1):
        more = list(combinations(range(dimensions), size))
        if size > 1 and len(found) + len(more) > MOST_SETS:
            break
        found += more
    yield from found


def tested_parts(
    counted: pd.DataFrame, cells: pd.DataFrame, all_broken: int, all_decided: int, at_least: int
) -> pd.DataFrame:
    """Return PART_COLUMNS of counted combinations (where, decided, broken): the one step without a snapshot.

    Expected: what would have broken at the rate of all that is not in the part; excess = broken - expected, with Newcombe's
    interval (Stat Med 17:873, 1998). `p` is Fisher's exact test against the rest, `adjusted` Benjamini-Hochberg (1995) over
    every combination tested, shown or not; "too few" below `at_least` in the part or outside it. `standing` is "more" or
    "fewer" where `adjusted` is below 5 %, else "chance".

    A part with several conditions is left out unless it stands out, and the interval of its rate lies apart from that of
    all else in each part that holds it (each way of leaving conditions out): otherwise it only repeats that. `covered_by` names the part before it whose items
    make it stand out: without them it would not, or not half of its excess were left; () where it stands out by itself. Those come first, the most certain first.
    """
    table = counted.reset_index(drop=True)
    rest, rest_broken = all_decided - table["decided"], all_broken - table["broken"]
    table, rest, rest_broken = table[rest > 0], rest[rest > 0], rest_broken[rest > 0]
    measured = _measured(
        table.astype({"decided": float, "broken": float}),
        rest.astype(float),
        rest_broken.astype(float),
        all_broken,
        all_decided,
    )
    enough = (np.minimum(measured["decided"], rest) >= at_least).to_numpy()
    measured = _judged(measured, enough)
    shown = measured[_tells_more(measured)].reset_index(drop=True)
    ordered = _ranked(shown.assign(covered_by=_covered(shown, cells, at_least)))
    return ordered.astype({"decided": "int64", "broken": "int64"})[list(PART_COLUMNS)]


def _measured(
    table: pd.DataFrame, rest: pd.Series, rest_broken: pd.Series, all_broken: int, all_decided: int
) -> pd.DataFrame:
    low, high = newcombe(table["broken"], table["decided"], rest_broken, rest)
    rest_rate = rest_broken / rest
    log_p: npt.ArrayLike = (
        fisher_log_p(table["broken"].to_numpy(), table["decided"].to_numpy(), all_broken, all_decided)
        if len(table)
        else []
    )
    return table.assign(
        depth=[len(where) for where in table["where"]],
        rate=table["broken"] / table["decided"],
        rest_rate=rest_rate,
        expected=table["decided"] * rest_rate,
        excess=table["broken"] - table["decided"] * rest_rate,
        low=table["decided"] * low,
        high=table["decided"] * high,
        log_p=log_p,
        p=np.exp(log_p),
    )  # fmt: skip


def _judged(table: pd.DataFrame, enough: npt.NDArray[np.bool_]) -> pd.DataFrame:
    adjusted = np.full(len(table), np.nan)
    if enough.any():
        adjusted[enough] = false_discovery_control(table["p"][enough])
    side = np.where(table["excess"] > 0, "more", "fewer")
    standing = np.where(~enough, "too few", np.where(adjusted < ALPHA, side, "chance"))
    return table.assign(adjusted=adjusted, standing=standing.astype(object))


def _tells_more(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each part says something that no part which holds it says: its rate is apart from all else in that."""
    wheres, broken, decided = table["where"].tolist(), table["broken"].to_numpy(), table["decided"].to_numpy()
    low, high = wilson(broken, decided)
    known = {frozenset(where): place for place, where in enumerate(wheres)}

    def is_new(place: int) -> bool:
        some = (each for size in range(1, len(wheres[place])) for each in combinations(wheres[place], size))
        holding = np.array([known[frozenset(each)] for each in some if frozenset(each) in known], int)
        else_low, else_high = wilson(broken[holding] - broken[place], decided[holding] - decided[place])
        return bool(((low[place] > else_high) | (high[place] < else_low)).all())

    told = [
        depth == 1 or (standing in STANDS_OUT and is_new(place))
        for place, (depth, standing) in enumerate(zip(table["depth"], table["standing"], strict=True))
    ]
    return np.array(told, bool)


def _covered(table: pd.DataFrame, cells: pd.DataFrame, at_least: int) -> list[Where]:
    """Of each part, the more certain one whose items make it stand out, () where it stands out without them.

    The parts that break more are gone through, the most certain first; the items of each that still stands out are then
    set aside, from the parts and from what they are held against.
    """
    found: list[Where] = [()] * len(table)
    more = table[table["standing"] == "more"].sort_values("log_p", kind="stable")
    if len(more) < 2:
        return found
    held = np.array([_holds(cells, where) for where in more["where"]])
    counts = cells[["decided", "broken"]].to_numpy(float)
    limit = np.log(table.loc[table["adjusted"] < ALPHA, "p"].max())
    left, waiting = np.ones(len(cells), bool), list(range(len(more)))
    while waiting:
        first, *waiting = waiting
        left &= ~held[first]
        excess = more["excess"].to_numpy()[waiting]
        stands = _stands_without(held[waiting], excess, counts, left, limit, at_least)
        for place in np.array(waiting, int)[~stands]:
            found[table.index.get_loc(more.index[place])] = more["where"].iloc[first]
        waiting = [place for place, still in zip(waiting, stands, strict=True) if still]
    return found


def _holds(cells: pd.DataFrame, where: Where) -> npt.NDArray[np.bool_]:
    found = np.ones(len(cells), bool)
    for name, value in where:
        found &= (cells[name] == value).to_numpy()
    return found


def _stands_without(
    held: npt.NDArray[np.bool_],
    excess: _Counts,
    counts: _Counts,
    left: npt.NDArray[np.bool_],
    limit: float,
    at_least: int,
) -> npt.NDArray[np.bool_]:
    """Whether each part still breaks more than the rest, and by half its excess, where only the cells that are left are counted."""
    if not len(held):
        return np.zeros(0, bool)
    decided, broken = ((held & left) @ counts).T
    all_decided, all_broken = counts[left].sum(axis=0)
    is_enough = np.minimum(decided, all_decided - decided) >= at_least
    found = np.zeros(len(held), bool)
    if is_enough.any():
        n, m = decided[is_enough], broken[is_enough]
        is_half = m - n * (all_broken - m) / (all_decided - n) >= excess[is_enough] / 2
        found[is_enough] = is_half & (fisher_log_p(m, n, int(all_broken), int(all_decided)) <= limit)
    return found


_ORDER = {"more": 0, "chance": 2, "fewer": 3, "too few": 4}


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """What breaks more, the most certain first, those that others cover behind; then by excess, what is too few last."""
    place = table["standing"].map(_ORDER).astype(float)
    place = place.mask((table["standing"] == "more") & table["covered_by"].map(bool), 1)
    within = table["log_p"].where(table["standing"] == "more", -table["excess"])
    return table.assign(_place=place, _within=within, _name=table["where"].map(str)).sort_values(
        ["_place", "_within", "_name"], ignore_index=True
    )
