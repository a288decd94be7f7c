"""Planned launches: what is missing, how likely each gate is to be met by launch, and what history supports."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.budget.budget import budgets
from aspromised.analyse.launches.readiness.verdicts import (
    GateResult,
    Launched,
    capacity_days,
    gate_days,
    launches,
)
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.versions import claims_on
from aspromised.stats.random_walk import MIN_RUN_DAYS, RandomWalk, random_walk
from aspromised.words.figures import MINUS, chance, day, percent, plural


@dataclass(frozen=True)
class Outlook:
    """A gate of a planned launch: as it is, and as it may be on the day of the launch.

    `chance` that it is then met, with the number to be expected (`expected`) and its 95 % interval; None where nobody can
    tell, and always of a sign-off. `supported_on`: the first day from today on which the trend meets what is needed.
    """

    gate: GateResult
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None
    supported_on: date | None = None
    told_from: int = 0
    """Days of values the trend is told from; 0 where there is none."""
    why_not: str = ""
    """Why nothing is told ahead."""
    as_today: float | None = None
    """Of headroom by the plan: what it would be with the usual load as it is today, as the next quarter's weeks count it."""

    @property
    def sentence(self) -> str:
        """How it stands and what is to be expected."""
        return f"{self.gate.gate}: {self.gate.evidence}. {self.ahead}".strip()

    @property
    def ahead(self) -> str:
        """What is to be expected, or why that cannot be told."""
        if self.gate.kind == "sign-off":
            return "Signed." if self.gate.met else "Nobody can say when somebody signs."
        if self.why_not:
            return f"{self.why_not[0].upper()}{self.why_not[1:]}."
        how = f"{self._number(self.expected)} ({self._number(self.low)} to {self._number(self.high)})"
        if self.chance is None:
            return f"It has not changed in {plural(self.told_from, 'day')}."
        held = (
            ""
            if self.as_today is None
            else f", {self._number(self.as_today)} with the usual load as it is today"
        )
        likely = f"On its trend {how} at launch{held}: met with a chance of {chance(self.chance)}."
        if self.gate.met:
            return likely
        when = f"met from about {day(self.supported_on)}" if self.supported_on else "not met on this trend"
        return f"{likely} {when[0].upper()}{when[1:]}."

    def _number(self, value: float | None) -> str:
        if value is None:
            return "–"
        if self.gate.kind == "sql":
            return f"{value:.3g}".replace("-", MINUS)
        return f"{MINUS if round(value, 3) < 0 else ''}{percent(abs(value))}"


@dataclass(frozen=True)
class Planned:
    """A launch to come: go or not as of today, gate by gate, and the promises it leans on whose budget is spent."""

    launch: Launched
    as_of: date
    outlooks: tuple[Outlook, ...]
    warnings: tuple[str, ...]

    @property
    def days_left(self) -> int:
        """Days from today to the launch."""
        assert self.launch.launched_day, "a planned launch has a day"
        return (self.launch.launched_day - self.as_of).days

    @property
    def is_go(self) -> bool:
        """Whether all that is needed holds today."""
        return self.launch.verdict == "planned_ready"

    @property
    def earliest(self) -> date | None:
        """The first day that history supports: today where all gates hold, None where one never does or needs a signature."""
        needed = [each for each in self.outlooks if not each.gate.optional]
        days = [self.as_of if each.gate.met else each.supported_on for each in needed]
        return max((found for found in days if found), default=None) if all(days) else None

    @property
    def sentence(self) -> str:
        """Go or not, when, and how many days are left."""
        when = f"planned for {day(self.launch.launched_day)}, in {plural(self.days_left, 'day')}"
        if self.is_go:
            return f"{self.launch.name}, {when}: go, as of today."
        missing = ", ".join(self.launch.missing)
        first = "cannot tell" if self.launch.verdict == "cannot_tell" else "not yet"
        return f"{self.launch.name}, {when}: {first}" + (f"; missing: {missing}." if missing else ".")

    @property
    def earliest_in_words(self) -> str:
        """When it could go out by its trends."""
        if self.is_go:
            return "Every gate that counts holds today."
        unsigned = [
            o.gate.gate
            for o in self.outlooks
            if o.gate.kind == "sign-off" and not o.gate.met and not o.gate.optional
        ]
        stuck = [
            o.gate.gate
            for o in self.outlooks
            if o.gate.kind != "sign-off" and not o.gate.met and not o.gate.optional and o.supported_on is None
        ]
        said = []
        if stuck:
            said.append(
                f"History supports no date: {', '.join(stuck)} is not met on its trend, or too little is known."
            )
        elif self.earliest:
            said.append(f"History supports {day(self.earliest)} at the earliest.")
        if unsigned:
            said.append(f"Not before {', '.join(unsigned)} is signed off.")
        return " ".join(said)


def planned_launches(snapshot: Queryable) -> list[Planned]:
    """Return every launch to come that was not called off, the next first."""
    found = launches(snapshot)
    ahead = [each for each in found.launches if each.is_planned and each.verdict != "cancelled"]
    if not ahead:
        return []
    spent = {name: each.policy for name, each in budgets(snapshot).items() if each.is_spent}
    claims = claims_on(snapshot, found.as_of)
    return [_planned(snapshot, each, found.as_of, spent, claims) for each in ahead]


def _planned(
    snapshot: Queryable, launch: Launched, as_of: date, spent: dict[str, str], claims: dict[str, str]
) -> Planned:
    history = gate_days(snapshot, launch.promotion_id)
    outlooks = tuple(
        _outlook(snapshot, launch, gate, history[history["position"] == gate.position], as_of)
        for gate in launch.gates
    )
    return Planned(
        launch,
        as_of,
        outlooks,
        tuple(_warning(f"“{claims[name]}”", spent[name]) for name in launch.leans_on if name in spent),
    )


def _warning(claim: str, policy: str) -> str:
    said = f": “{policy}”" if policy else ""
    return f"It leans on {claim}, whose budget of misses is spent{said}."


def _outlook(
    snapshot: Queryable, launch: Launched, gate: GateResult, history: pd.DataFrame, as_of: date
) -> Outlook:
    if gate.kind == "sign-off":
        return Outlook(gate)
    assert launch.launched_day, "a planned launch has a day"
    ahead = (launch.launched_day - as_of).days
    if gate.kind == "capacity" and (found := _by_plan(snapshot, launch, gate, as_of, ahead)):
        return found
    trend = random_walk(history["value"].to_numpy(dtype=float))
    if why_not := _why_not(trend, ahead):
        return Outlook(gate, why_not=why_not)
    assert trend, "it has just been told"
    low, high = _within(gate, trend.interval(ahead))
    (mean,) = _within(gate, (trend.at(ahead),))
    supported = (n for n in range(trend.days + 1) if _is_met(gate, trend.at(n)))
    return Outlook(
        gate, mean, low, high, trend.chance(ahead, gate.at_least, gate.at_most),
        next((as_of + timedelta(days=n) for n in supported), None), trend.days,
    )  # fmt: skip


def _why_not(trend: RandomWalk | None, ahead: int) -> str:
    if trend is None:
        return (
            f"too few days to tell what is ahead: a trend needs {MIN_RUN_DAYS} days of values without a gap"
        )
    if ahead > trend.days:
        return f"the launch is {ahead} days ahead, and the trend is known for {trend.days}: too far to tell"
    return ""


def _within(gate: GateResult, numbers: tuple[float, ...]) -> tuple[float, ...]:
    """Return the numbers, of a kept rate inside the bounds that a share has."""
    return tuple(min(max(each, 0.0), 1.0) for each in numbers) if gate.kind == "promise" else numbers


def _is_met(gate: GateResult, value: float) -> bool:
    return (gate.at_least is None or value >= gate.at_least) and (
        gate.at_most is None or value <= gate.at_most
    )


def _by_plan(
    snapshot: Queryable, launch: Launched, gate: GateResult, as_of: date, ahead: int
) -> Outlook | None:
    """Return the outlook of headroom where the capacity of the launch's day is planned: the trend is then that of the usual load."""
    assert launch.launched_day and gate.asks_of and gate.at_least is not None, "of a gate on headroom"
    table = capacity_days(
        snapshot, gate.asks_of, as_of - timedelta(days=366), launch.launched_day + timedelta(days=366)
    )
    table = table.assign(day=pd.to_datetime(table["day"]).dt.date).set_index("day")
    past = table.loc[[each for each in table.index if each <= as_of], "usual"]
    trend = random_walk(past.to_numpy(dtype=float))
    planned = table["available"].get(launch.launched_day, np.nan)
    if pd.isna(planned):
        return None
    if why_not := _why_not(trend, ahead):
        return Outlook(gate, why_not=why_not)
    assert trend, "it has just been told"

    def headroom(when: date, usual: float) -> float:
        row = table.loc[when]
        return float(row["available"] / (usual * (1 + _uplift(launch, when, row["expected_uplift"]))) - 1)

    most = planned / (
        (1 + _uplift(launch, launch.launched_day, table.loc[launch.launched_day, "expected_uplift"]))
        * (1 + gate.at_least)
    )
    today = headroom(launch.launched_day, float(past.iloc[-1]))
    low, high = trend.interval(ahead)
    days = ((as_of + timedelta(days=n), n) for n in range(trend.days + 1))
    known = ((when, n) for when, n in days if when in table.index and pd.notna(table["available"][when]))
    supported = (when for when, n in known if headroom(when, max(trend.at(n), 1e-9)) >= gate.at_least)
    mean, lowest, highest = (
        headroom(launch.launched_day, max(usual, 1e-9)) for usual in (trend.at(ahead), high, low)
    )
    likely = trend.chance(ahead, None, float(most))
    return Outlook(gate, mean, lowest, highest, likely, next(supported, None), trend.days, as_today=today)


def _uplift(launch: Launched, when: date, running: float) -> float:
    """Return the uplift expected on a day, with this promotion's own, whether or not it is planned to run then."""
    runs = (
        launch.launched_day
        and launch.launched_day <= when
        and (launch.ends_day is None or when <= launch.ends_day)
    )
    return running if runs else running + (launch.expects_demand or 0.0)
