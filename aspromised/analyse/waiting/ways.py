"""Which way cases took, who decided, and who handed up: of chains read from an event log."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, fisher_exact

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.windows.window import Window
from aspromised.stats.proportion import wilson
from aspromised.words.figures import count, percent

HAND_UP_COLUMNS = (
    "activity",
    "team",
    "times",
    "handed_up",
    "share",
    "rest_share",
    "p",
    "adjusted",
    "standing",
)
_FEW = 30
"""A team that did something less often is not compared."""
_ALPHA = 0.05
_COUNTS = ("cases", "off", "decided", "first_level", "hand_ups", "one_team")


@dataclass(frozen=True)
class Ways:
    """The cases of a chain that came to its end over a window, by the way they took."""

    chain_id: str
    window: Window
    cases: int
    off: int
    """Those that left the declared way."""
    decided: int
    first_level: int
    hand_ups: int
    one_team: int | None
    """Those in which no activity was done by several teams; None where teams are not told."""
    unfinished: int
    """Cases that had not come to the end by the snapshot's moment, whenever they began."""
    courses: pd.DataFrame
    """Ways off the declared one: course, why, cases, share; the most frequent first."""
    reasons: pd.DataFrame
    """How cases left the declared way: reason, cases, share; the most frequent first, a case under each of its reasons."""

    @property
    def off_share(self) -> float:
        """The share of ways round."""
        return self.off / self.cases if self.cases else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        low, high = wilson([self.off], [self.cases])
        return float(low[0]), float(high[0])

    @property
    def lines(self) -> list[str]:
        """What is to be said of it, a sentence each."""
        if not self.cases:
            return [f"No case of {self.chain_id} came to its end in {self.window.label}."]
        low, high = self.interval
        told = [
            f"{count(self.off)} of {count(self.cases)} cases ({percent(self.off_share)}, between {percent(low)} and"
            f" {percent(high)}) left the declared way."
            if self.off
            else f"All {count(self.cases)} cases kept to the declared way."
        ]
        if self.decided:
            told.append(
                f"{percent(self.first_level / self.decided)} of {count(self.decided)} cases with an approval were decided by"
                f" the first who was asked; {count(self.hand_ups)} hand-ups, {self.hand_ups / self.cases:.2f} a case."
            )
        if self.one_team is not None:
            told.append(
                f"{percent(self.one_team / self.cases)} reached the right team the first time: no activity was done by two teams."
            )
        if self.unfinished:
            told.append(
                f"{count(self.unfinished)} cases had not come to the end of the chain yet, and are in no share."
            )
        return told


@remembered
def ways(snapshot: Queryable, chain_id: str, window: Window) -> Ways:
    """Return the ways that the cases of a chain took, of those that ended in a window."""
    rows = snapshot.query(
        f"""
        select course, why, is_declared, sum(cases)::bigint as cases, sum(decided)::bigint as decided,
            sum(first_level)::bigint as first_level, sum(hand_ups)::bigint as hand_ups, sum(one_team)::bigint as one_team,
            bool_or(one_team is not null) as tells_team
        from course_daily where chain_id = $chain and {window.condition}
        group by course, why, is_declared order by sum(cases) desc, course
        """,
        {"chain": chain_id, **window.parameters},
    )
    left = snapshot.query("select unfinished from log_read where chain_id = $chain", {"chain": chain_id})[
        "unfinished"
    ]
    sums = {name: int(rows[name].sum()) for name in _COUNTS if name in rows}
    off = rows[~rows["is_declared"].astype(bool)]
    return Ways(
        chain_id, window, sums["cases"], int(off["cases"].sum()), sums["decided"], sums["first_level"], sums["hand_ups"],
        sums["one_team"] if rows["tells_team"].any() else None,
        0 if left.empty or pd.isna(left.iloc[0]) else int(left.iloc[0]),
        _courses(off, sums["cases"]), _reasons(off, sums["cases"]),
    )  # fmt: skip


def _courses(off: pd.DataFrame, cases: int) -> pd.DataFrame:
    told = [
        (
            " → ".join(row.course) if _is_list(row.course) else "(other ways, each rarer)",
            ", ".join(row.why),
            int(row.cases),
        )
        for row in off.itertuples()
    ]
    table = pd.DataFrame(told, columns=["course", "why", "cases"])
    return table.assign(share=table["cases"] / max(cases, 1))


def _reasons(off: pd.DataFrame, cases: int) -> pd.DataFrame:
    found = [(reason, int(row.cases)) for row in off.itertuples() for reason in row.why]
    table = pd.DataFrame(found, columns=["reason", "cases"]).groupby("reason", as_index=False)["cases"].sum()
    table = table.sort_values(["cases", "reason"], ascending=[False, True], ignore_index=True)
    return table.assign(share=table["cases"] / max(cases, 1))


def _is_list(value: object) -> bool:
    return isinstance(value, list | np.ndarray)


@remembered
def hand_ups(snapshot: Queryable, chain_id: str, window: Window) -> pd.DataFrame:
    """Return who handed up how often, of activities after which any was, beside the other teams: HAND_UP_COLUMNS.

    A team stands out ("more", "fewer") where Fisher's exact test against the others does, false discoveries held at 5 %
    (Benjamini & Hochberg 1995) over all teams looked at; "too few" are compared with nobody.
    """
    rows = snapshot.query(
        f"""
        select activity, team, sum(times)::bigint as times, sum(handed_up)::bigint as handed_up
        from activity_daily where chain_id = $chain and {window.condition} and team is not null
        group by 1, 2 qualify sum(sum(handed_up)) over (partition by activity) > 0 order by 1, 2
        """,
        {"chain": chain_id, **window.parameters},
    )
    whole = rows.groupby("activity")[["times", "handed_up"]].transform("sum")
    rest, rest_up = whole["times"] - rows["times"], whole["handed_up"] - rows["handed_up"]
    compared = (rows["times"] >= _FEW) & (rest >= _FEW)
    table = rows.assign(
        share=rows["handed_up"] / rows["times"], rest_share=(rest_up / rest.where(rest > 0)), p=np.nan
    )
    table.loc[compared, "p"] = [
        fisher_exact(np.array([[up, all_ - up], [other, others - other]])).pvalue
        for up, all_, other, others in zip(
            rows["handed_up"][compared],
            rows["times"][compared],
            rest_up[compared],
            rest[compared],
            strict=True,
        )
    ]
    table["adjusted"] = np.nan
    if compared.any():
        table.loc[compared, "adjusted"] = false_discovery_control(table.loc[compared, "p"].to_numpy())
    more = np.where(table["share"] > table["rest_share"], "more", "fewer")
    table["standing"] = np.where(~compared, "too few", np.where(table["adjusted"] < _ALPHA, more, "chance"))
    return table.sort_values(["share", "team"], ascending=[False, True], ignore_index=True)[
        list(HAND_UP_COLUMNS)
    ]


def hand_up_sentences(table: pd.DataFrame) -> list[str]:
    """Return the teams that hand up more often than the others, in words."""
    return [
        f"{row.team} hands up {percent(row.share)} of {count(row.times)} ({row.activity}), the other teams {percent(row.rest_share)}."
        for row in table[table["standing"] == "more"].itertuples()
    ]
