"""A promise, or a part of it, from week to week: signal or noise, and what it does if nothing changes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from aspromised.analyse.changes.declared import touches_of
from aspromised.analyse.changes.effect import OPEN_MOST
from aspromised.analyse.promises.events import EVENT_COLUMNS, events
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, Where, where_name
from aspromised.analyse.rates.series import counted_by_month, monthly, weekly
from aspromised.analyse.rates.versions import claims_on
from aspromised.analyse.variation.charted import ChartedPeriods, Rebase, charted
from aspromised.analyse.variation.shifts import Shift, shifts
from aspromised.analyse.windows.window import Window
from aspromised.schema.snapshot import COUNT_NAMES
from aspromised.stats.control_chart import BINOMIAL, HIT_OR_MISS, MISSES, XMR, assurance
from aspromised.stats.hitting_target import p_of_hitting_target
from aspromised.words.nouns import Noun, item_noun

WEEKS, MONTHS = 104, 36
WEEKLY_LEAST = 30
"""With fewer items in the middle one of the weeks, months are charted."""
BETTER, WORSE_THAN, NEITHER, NOT_TOLD = "better", "worse", "neither", "cannot tell"


@dataclass(frozen=True)
class Variation:
    """How a promise varies: `points` as they are charted, and why nothing is (`problem`, "" where something is).

    `waiting` are the periods left out since too much of them is open or they are not over; `span` is "week" or "month".
    """

    scope: Scope
    claim: str
    noun: Noun
    span: str
    charted: ChartedPeriods | None
    problem: str = ""
    waiting: int = 0
    shifts: tuple[Shift, ...] = ()
    events: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EVENT_COLUMNS)))

    @property
    def points(self) -> pd.DataFrame:
        """The periods charted."""
        assert self.charted
        return self.charted.points

    @property
    def last(self) -> pd.Series:
        """The newest period that is charted."""
        return self.points.iloc[-1]

    @property
    def has_limits(self) -> bool:
        """Whether the newest period lies in a run with limits of its own."""
        return bool(self.charted and self.charted.method != BINOMIAL and self.charted.bases[-1].is_told)

    @property
    def state(self) -> str:
        """`better`, `worse` or `neither` by the newest period: a signal, or noise; `cannot tell` without limits."""
        if self.charted is None or not (self.has_limits or self.charted.method == BINOMIAL):
            return NOT_TOLD
        otherwise = NEITHER if self.has_limits else NOT_TOLD
        return {1: BETTER, -1: WORSE_THAN}.get(int(self.last["side"]), otherwise)

    @property
    def limits(self) -> tuple[float, float]:
        """The limits of a period with as many items as most of the run have."""
        rows = self.points[self.points["base"] == self.points["base"].max()]
        middle = (rows["decided"] - rows["decided"].median()).abs().idxmin()
        return float(rows.loc[middle, "low"]), float(rows.loc[middle, "high"])

    @property
    def assurance(self) -> str:
        """Whether it reliably meets its target, reliably misses it, or hits and misses; "" without limits or target."""
        aim = float(self.last["target"])
        return assurance(*self.limits, aim) if self.has_limits and not np.isnan(aim) else ""

    @property
    def chance(self) -> float | None:
        """How likely a period like those of the run reaches the target; None without limits or target."""
        aim = float(self.last["target"])
        if not self.has_limits or np.isnan(aim) or not self.charted:
            return None
        rows = self.points[self.points["base"] == self.points["base"].max()]
        items = max(round(float(rows["decided"].median())), 1)
        share = float(rows["kept"].sum() / rows["decided"].sum())
        return p_of_hitting_target(share, aim, items, self.dispersion)

    @property
    def dispersion(self) -> float:
        """How much wider periods stray than chance makes them; 1 where nobody can say."""
        if not self.has_limits or not self.charted:
            return 1.0
        if self.charted.method != XMR:
            return self.charted.bases[-1].dispersion
        low, high = self.limits
        rows = self.points[self.points["base"] == self.points["base"].max()]
        items = max(float(rows["decided"].median()), 1.0)
        share = float(rows["kept"].sum() / rows["decided"].sum())
        by_chance = np.sqrt(share * (1 - share) / items)
        return float((high - low) / 6 / by_chance) if by_chance else 1.0

    @property
    def is_short_by_design(self) -> bool:
        """Whether looking for the cause of one period would find nothing: noise, and the target out of reach or a toss."""
        return self.state == NEITHER and self.assurance in (MISSES, HIT_OR_MISS)


def variation(snapshot: Queryable, promise_id: str, when: Window | str, where: Where = ()) -> Variation:
    """Return how a promise, or the part that meets conditions, varies over two years to the end of a window (or month)."""
    scope = Scope(promise_id, Window.of(when), where)
    declared = snapshot.query(
        "select source, kind, problem, segments from promise where promise_id = $promise",
        {"promise": promise_id},
    )
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    last_day = min(scope.window.last or as_of, as_of)
    claim = claims_on(snapshot, last_day).get(promise_id, promise_id)
    noun = item_noun(declared["source"].iloc[0] if len(declared) else None)
    nothing = Variation(scope, claim, noun, "week", None)
    if declared.empty:
        return _without(nothing, f"there is no promise '{promise_id}'")
    if declared["kind"].iloc[0] == "spread":
        return _without(
            nothing, "it is about how far another promise differs between units: look at that one"
        )
    if isinstance(declared["problem"].iloc[0], str):
        return _without(nothing, "it could not be judged")
    span, periods = _periods(snapshot, scope, last_day)
    ripe = _ripe(periods)
    waiting = len(periods) - len(ripe)
    if ripe.empty:
        return _without(nothing, "nothing is decided yet" if len(periods) else "nothing was decided")
    ripe = ripe.assign(version=_versions(snapshot, scope, ripe))
    happened = events(snapshot, promise_id, ripe["first"].iloc[0].date(), ripe["last"].iloc[-1].date())
    segments = declared["segments"].iloc[0]
    found = charted(ripe, _rebases(snapshot, scope, () if segments is None else list(segments)))
    return Variation(
        scope, claim, noun, span, found, waiting=waiting, shifts=shifts(ripe, happened), events=happened
    )


def _without(nothing: Variation, problem: str) -> Variation:
    return Variation(nothing.scope, nothing.claim, nothing.noun, nothing.span, None, problem)


def _periods(snapshot: Queryable, scope: Scope, last_day: date) -> tuple[str, pd.DataFrame]:
    """Return "week" or "month", and the periods of it from the first with an item on."""
    part = scope.inside(snapshot)
    if scope.promise_id not in counted_by_month(snapshot):
        weeks = _from_the_first(weekly(part, scope.promise_id, last_day, WEEKS))
        if len(weeks) and weeks.loc[weeks["closed"], "decided"].median() >= WEEKLY_LEAST:
            return "week", weeks
    return "month", _from_the_first(monthly(part, scope.promise_id, last_day, MONTHS))


def _from_the_first(periods: pd.DataFrame) -> pd.DataFrame:
    counted = periods[[name for name in COUNT_NAMES if name != "not_promised"]].sum(axis=1) > 0
    return periods[counted.cummax()].reset_index(drop=True)


def _ripe(periods: pd.DataFrame) -> pd.DataFrame:
    """Return the periods that are over, of which something and nearly all is decided."""
    still = periods["open"] > OPEN_MOST * (periods["decided"] + periods["open"])
    ripe = periods["closed"].astype(bool) & (periods["decided"] > 0) & ~still & periods["target"].notna()
    return periods[ripe].reset_index(drop=True)


def _versions(snapshot: Queryable, scope: Scope, periods: pd.DataFrame) -> np.ndarray:
    """Return the version of most items decided in each period."""
    over = Window(periods["first"].iloc[0].date(), periods["last"].iloc[-1].date())
    whole = Scope(scope.promise_id, over)
    days = scope.inside(snapshot).query(
        "select day, version, sum(kept + broken)::bigint as decided from verdict_daily"
        f" where {whole.of_daily} and kept + broken > 0 group by all",
        whole.parameters,
    )
    place = np.searchsorted(periods["first"].to_numpy(), pd.to_datetime(days["day"]).to_numpy(), side="right") - 1  # fmt: skip
    sums = days.assign(place=place).groupby(["place", "version"], as_index=False)["decided"].sum()
    most = sums.sort_values(["decided", "version"]).drop_duplicates("place", keep="last").set_index("place")
    return np.asarray(most["version"].reindex(range(len(periods))).ffill().bfill())


def _rebases(snapshot: Queryable, scope: Scope, segments: Iterable[str]) -> list[Rebase]:
    """Return the declared changes that touch everything, or some of the items that are looked at."""
    table = snapshot.query('select "on", what, touches from change order by "on", change_id')
    return [
        Rebase(pd.Timestamp(row.on).date(), str(row.what))
        for row in table.itertuples()
        if _is_touched(touches_of(row.touches), scope, set(segments))
    ]


def _is_touched(touches: Mapping[str, str], scope: Scope, segments: Collection[str]) -> bool:
    elsewhere = any(touches.get(name, value) != value for name, value in scope.where)
    return set(touches) <= set(segments) and not elsewhere


def part_words(scope: Scope) -> str:
    """Return the part that is looked at in brackets, "" of the whole."""
    return f" ({where_name(scope.where)})" if scope.is_part else ""
