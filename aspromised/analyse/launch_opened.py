"""One promotion, opened: its dates, what it leans on week by week, what its launch coincided with, what to do next."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.launch import (
    CALLED_OFF,
    HAS_RUN,
    LAUNCHED,
    NOT_JUDGED,
    PLANNED,
    UNREADABLE,
    Launches,
    launches,
)
from aspromised.analyse.series import SERIES_COLUMNS, Snapshot, weekly
from aspromised.words.figures import day, moment, percent, plural, points, target
from aspromised.words.problems import MisuseError

WEEKS_BEFORE, WEEKS_AFTER = 12, 8
NEWEST = 4
"""So many full weeks tell how a promise stands before a planned launch."""
LEANING_COLUMNS = ("promise_id", "claim", "items", "kept_by", "problem")
WEEK_COLUMNS = ("promise_id", "claim", *SERIES_COLUMNS)


@dataclass(frozen=True)
class Opened:
    """A promotion (`row`: PROMOTION_COLUMNS), what it leans on (LEANING_COLUMNS), its weeks around launch (WEEK_COLUMNS),
    its gates (GATE_COLUMNS) and what its launch coincided with (CHANGE_COLUMNS)."""

    row: pd.Series
    leaning: pd.DataFrame
    weeks: pd.DataFrame
    gates: pd.DataFrame
    changes: pd.DataFrame
    as_of: date

    @property
    def is_launched(self) -> bool:
        """Whether it went out."""
        return self.row["state"] in LAUNCHED

    @property
    def sentence(self) -> str:
        """When it went out and what that coincided with."""
        row, name = self.row, f"“{self.row['says']}”"
        match row["state"]:
            case state if state == UNREADABLE:
                return f"{name} cannot be read: {row['problem'] or 'no launch is declared'}."
            case state if state == CALLED_OFF:
                return f"{name} was called off; its launch was declared for {moment(row['launched'])}."
            case state if state == PLANNED:
                return (
                    f"{name} is planned for {moment(row['launched'])}. Whether it is ready is not judged yet."
                )
        ran = f"ran to {_end(row)}" if row["state"] == HAS_RUN else "is still running"
        return f"{name} was launched on {moment(row['launched'])} and {ran}. {self._worst} {NOT_JUDGED}"

    @property
    def _worst(self) -> str:
        if self.changes.empty:
            return "It leans on no promise."
        return coincided(self.changes.iloc[0])

    @property
    def next_steps(self) -> list[str]:
        """What to do next, the first thing first."""
        worse = self.changes[self.changes["standing"] == "less often"]
        keepers = self.leaning.set_index("promise_id")["kept_by"].dropna()
        asked = [
            f"Ask {keepers[name]}, who must keep “{claim}”, what changed on {day(self.row['first'].date())}; "
            "the page Gaps shows where it breaks."
            for name, claim in zip(worse["promise_id"], worse["claim"], strict=True)
            if name in keepers
        ]
        return [*asked, *self._short_of_target, *self._gates_to_check]

    @property
    def _short_of_target(self) -> list[str]:
        """For a planned one: the promises that are below their targets as it is."""
        if self.row["state"] != PLANNED:
            return []
        closed = self.weeks[self.weeks["closed"].astype(bool) & (self.weeks["decided"] > 0)]
        newest = {claim: rows.tail(NEWEST) for claim, rows in closed.groupby("claim", sort=False)}
        short = {claim: int((rows["high"] < rows["target"]).sum()) for claim, rows in newest.items()}
        return [
            f"“{claim}” was clearly short of its target in {number} of its last {plural(len(newest[claim]), 'full week')}:"
            " settle that before leaning on it."
            for claim, number in short.items()
            if number
        ]

    @property
    def _gates_to_check(self) -> list[str]:
        if self.row["state"] in (CALLED_OFF, UNREADABLE):
            return []
        if self.gates["gate"].isna().all():
            return ["Declare what must be ready before such a launch, under ready_when."]
        if self.row["state"] == PLANNED:
            return [f"Go through the gates by hand before {day(self.row['first'].date())}."]
        return ["Compare the gates with what was known on the day of the launch."]


def coincided(row: pd.Series) -> str:
    """Return what a launch coincided with on one promise: a row of CHANGE_COLUMNS in one sentence."""
    name = f"“{row['claim']}”"
    match row["standing"]:
        case "not judged":
            return f"{name} is not judged: {row['problem']}."
        case "too few":
            return f"{name} has too few {row['items']} on one side of the launch to compare."
    interval = f"{_signed(row['change_low'])} to {points(row['change_high'])}"
    moved = f"from {percent(row['rate_before'])} in the 28 days before to {percent(row['rate_after'])}"
    said = f"kept rate of {name} moving {moved}: {points(row['change'])} ({interval})"
    match row["standing"]:
        case "reworded":
            return f"The {said}; but it was reworded on {row['reworded']}, so the two are not alike."
        case "no clear change":
            return f"The launch coincided with no change beyond chance: the {said}."
    return f"The launch coincided with the {said}."


def _signed(change: float) -> str:
    return points(change).removesuffix(" points")


def _end(row: pd.Series) -> str:
    return day(row["last"].date())


def opened(snapshot: Snapshot, promotion_id: str) -> Opened:
    """Return one promotion; MisuseError where there is none of that name."""
    found: Launches = launches(snapshot)
    mine = found.promotions[found.promotions["promotion_id"] == promotion_id]
    if mine.empty:
        raise MisuseError(f"there is no promotion '{promotion_id}'")
    row = mine.iloc[0]
    leaning = _leaning(snapshot, list(row["leans_on"]))
    return Opened(
        row=row,
        leaning=leaning,
        weeks=_weeks(snapshot, row, leaning, found.as_of),
        gates=found.gates[found.gates["promotion_id"] == promotion_id].reset_index(drop=True),
        changes=found.changes[found.changes["promotion_id"] == promotion_id].reset_index(drop=True),
        as_of=found.as_of,
    )


def _leaning(snapshot: Snapshot, wanted: list[str]) -> pd.DataFrame:
    """The promises a promotion leans on, as it names them; one that is not declared has a problem."""
    known = snapshot.query("select promise_id, claim, source as items, kept_by, problem from promise")
    table = pd.DataFrame({"promise_id": pd.Series(wanted, dtype="str")}).merge(
        known, on="promise_id", how="left"
    )
    absent = table["claim"].isna() & table["problem"].isna()
    message = pd.Series([f"there is no promise '{name}'" for name in wanted], index=table.index, dtype=object)
    return table.assign(
        claim=table["claim"].fillna(table["promise_id"]),
        problem=table["problem"].astype(object).where(~absent, message),
    )[list(LEANING_COLUMNS)]


def _weeks(snapshot: Snapshot, row: pd.Series, leaning: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """The weeks around the launch that have begun, of every judged promise: WEEK_COLUMNS."""
    nothing = pd.DataFrame(columns=list(WEEK_COLUMNS))
    judged = leaning[leaning["problem"].isna()]
    if pd.isna(row["first"]) or judged.empty:
        return nothing
    last = row["first"].date() + timedelta(weeks=WEEKS_AFTER)
    series = [
        weekly(snapshot, promise.promise_id, last, WEEKS_BEFORE + 1 + WEEKS_AFTER).assign(
            promise_id=promise.promise_id, claim=promise.claim
        )
        for promise in judged.itertuples()
    ]
    table = pd.concat(series, ignore_index=True)
    return table[table["first"] <= pd.Timestamp(as_of)][list(WEEK_COLUMNS)].reset_index(drop=True)


def demand_words(row: pd.Series) -> str:
    """Return the demand a promotion was expected to bring and what that rests on, "" where nothing is said."""
    if pd.isna(row["expects_demand"]):
        return ""
    sign = "+" if row["expects_demand"] >= 0 else "−"
    basis = f", on the basis of: {row['basis']}" if isinstance(row["basis"], str) else ""
    return f"{sign}{target(abs(row['expects_demand']))}{basis}"
