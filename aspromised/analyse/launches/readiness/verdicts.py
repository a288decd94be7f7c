"""Which launches were ready: the verdict on each promotion, its gates with their evidence, and what that adds up to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.windows.periods import Periods
from aspromised.schema.snapshot import LOAD_DAILY
from aspromised.words.figures import day, plural

READY, EARLY, PLANNED_READY, PLANNED_NOT_READY, CANNOT_TELL, CANCELLED = (
    "ready", "launched_before_ready", "planned_ready", "planned_not_ready", "cannot_tell", "cancelled",
)  # fmt: skip
VERDICT_WORDS = {
    READY: "ready at launch",
    EARLY: "launched before ready",
    PLANNED_READY: "planned: ready today",
    PLANNED_NOT_READY: "planned: not ready today",
    CANNOT_TELL: "cannot tell",
    CANCELLED: "called off",
}
GATE_DAY_COLUMNS = ("position", "gate", "kind", "optional", "day", "value", "needed", "met", "evidence")
LOAD_COLUMNS = LOAD_DAILY.but("capacity")


@dataclass(frozen=True)
class GateResult:
    """A gate on the day that decides: of the launch, or today where that is still to come.

    `met` is None where nobody can tell. `first_met` is the first day it was met, `lost_on` the last day it was lost before
    the day that decides, `met_on` the first day of the unbroken run that reached that day, or the first met day after it.
    `lost_again` is the first day after `met_on` on which it was not met; none where it was met for good.
    """

    position: int
    gate: str
    kind: str
    needed: str
    optional: bool
    asks_of: str | None
    at_least: float | None
    at_most: float | None
    met: bool | None
    value: float | None
    evidence: str
    first_met: date | None
    lost_on: date | None
    met_on: date | None
    lost_again: date | None = None
    not_known: tuple[str, ...] = ()
    """What its answer cannot do without, though it became known later."""

    @property
    def stayed(self) -> str:
        """From when on it was met for good, or that it did not stay met; "" where it came to nothing."""
        if self.met_on is None:
            return ""
        if self.lost_again is None:
            return f"for good from {day(self.met_on)}"
        return f"not for good: from {day(self.met_on)} on, but not on {day(self.lost_again)}"

    @property
    def bound(self) -> float | None:
        """The number its value is held against; None of a sign-off."""
        return self.at_least if self.at_least is not None else self.at_most


@dataclass(frozen=True)
class Launched:
    """A promotion with its verdict and gates. `launched` is on the company's clock, None where it cannot be read."""

    promotion_id: str
    says: str
    run_by: str | None
    leans_on: tuple[str, ...]
    launched: datetime | None
    launched_day: date | None
    ends_day: date | None
    expects_demand: float | None
    verdict: str
    why: str
    ready_on: date | None
    ready_since: date | None
    days_early: int | None
    judged_on: date | None
    missing: tuple[str, ...]
    gates: tuple[GateResult, ...]
    is_planned: bool = False
    """Whether its launch is still to come at the snapshot's moment: later on the same day, too."""

    @property
    def name(self) -> str:
        """The promotion in the words customers read."""
        return f"“{self.says}”"

    @property
    def has_run(self) -> bool:
        """Whether it went out: launched, and not called off."""
        return self.launched is not None and not self.is_planned and self.verdict != CANCELLED

    @property
    def lacked(self) -> tuple[GateResult, ...]:
        """The gates that count and were not met on the day that decides, without those nobody can tell of."""
        return tuple(gate for gate in self.gates if gate.met is False and not gate.optional)

    @property
    def not_known(self) -> tuple[str, ...]:
        """What its gates' answers cannot do without, though it became known later; each once."""
        return tuple(dict.fromkeys(told for gate in self.gates for told in gate.not_known))

    @property
    def sentence(self) -> str:
        """The verdict and why, in one sentence."""
        return f"{self.name}: {VERDICT_WORDS[self.verdict]}: {self.why}."


@dataclass(frozen=True)
class Ready:
    """All promotions by launch, as of a day."""

    launches: tuple[Launched, ...]
    as_of: date
    quarter: tuple[date, date]

    def of(self, verdict: str) -> list[Launched]:
        """Return the promotions with a verdict, by launch."""
        return [each for each in self.launches if each.verdict == verdict]

    @property
    def findings(self) -> list[str]:
        """What the launches add up to, a plain sentence each; what is worst first."""
        return [*self._early(), *self._planned(), *self._untold()]

    def _early(self) -> list[str]:
        early = self.of(EARLY)
        told = len(early) + len(self.of(READY))
        first, last = self.quarter
        recent = [each for each in early if each.launched_day and first <= each.launched_day <= last]
        said = []
        if recent:
            were = "was" if len(recent) == 1 else "were"
            said.append(
                f"{plural(len(recent), 'promotion')} {were} launched before operations were ready this quarter{_leaning(recent)}."
            )
        if early and len(recent) < len(early):
            said.append(
                f"{len(early)} of {plural(told, 'launch', 'launches')} that can be judged went out before operations were ready{_by(early)}{_leaning(early)}."
            )
        if told and not early:
            said.append(
                f"None of {plural(told, 'launch', 'launches')} that can be judged went out before operations were ready."
            )
        return said

    def _planned(self) -> list[str]:
        planned = [each for each in self.launches if each.verdict in (PLANNED_READY, PLANNED_NOT_READY)]
        return [
            f"{each.name}, planned for {day(each.launched_day)}, is {_standing(each)}." for each in planned
        ]

    def _untold(self) -> list[str]:
        untold = self.of(CANNOT_TELL)
        names = ", ".join(each.name for each in untold)
        return [f"Of {plural(len(untold), 'promotion')} nobody can tell: {names}."] if untold else []


@remembered
def launches(snapshot: Queryable) -> Ready:
    """Return every promotion by launch with its verdict and gates, as of the snapshot's moment."""
    table = snapshot.query(
        """
        select promotion_id, coalesce(says, promotion_id) as says, run_by, leans_on, launched, expects_demand,
            verdict, why, ready_on, ready_since, days_early, launched_day, ends_day, judged_on, missing
        from readiness left join promotion using (promotion_id) order by launched, promotion_id
        """
    )
    gates = snapshot.query("select * from gate order by promotion_id, position")
    zone = ZoneInfo(snapshot.meta["timezone"])
    by_promotion = {
        name: tuple(_gate(row) for row in rows.to_dict("records"))
        for name, rows in gates.groupby("promotion_id")
    }
    as_of = _moment(snapshot.meta["as_of"], zone)
    found = tuple(_launched(row, by_promotion, as_of) for row in table.to_dict("records"))
    periods = Periods.of(snapshot.meta)
    kind = "quarter" if periods.fiscal_year_starts == "january" else "fiscal quarter"
    window = periods.holding(kind)
    assert window.first and window.last, "a quarter has two ends"
    return Ready(found, periods.today, (window.first, window.last))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """Return the snapshot's moment on the company's clock."""
    found = datetime.fromisoformat(text)
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def gate_days(snapshot: Queryable, promotion_id: str) -> pd.DataFrame:
    """Return the gates of a promotion on every day they were looked at: GATE_DAY_COLUMNS; `met` is null where nobody can tell."""
    names = ", ".join(f"d.{name}" for name in GATE_DAY_COLUMNS if name not in ("gate", "kind", "optional"))
    return snapshot.query(
        f"""
        select g.gate, g.kind, g.optional, {names} from gate_daily d join gate g using (promotion_id, position)
        where promotion_id = $promotion order by position, day
        """,
        {"promotion": promotion_id},
    )[list(GATE_DAY_COLUMNS)]


def capacity_days(snapshot: Queryable, capacity: str, first: date, last: date) -> pd.DataFrame:
    """Return a capacity from `first` to `last`, both included: LOAD_COLUMNS.

    Units available, units that came, the usual load, units of items that promotions brought, the share by which the
    promotions running that day were expected to add to the usual load, and the headroom left over all of that.
    """
    return snapshot.query(
        f"select {', '.join(LOAD_COLUMNS)} from load_daily"
        " where capacity = $capacity and day between $first and $last order by day",
        {"capacity": capacity, "first": first, "last": last},
    )


def _gate(row: dict[str, Any]) -> GateResult:
    plain = {name: _plain(row.get(name)) for name in GateResult.__annotations__}
    return GateResult(**{**plain, "not_known": plain["not_known"] or ()})


def _launched(row: dict[str, Any], gates: dict[str, tuple[GateResult, ...]], as_of: datetime) -> Launched:
    plain = {name: _plain(row[name]) for name in Launched.__annotations__ if name in row}
    at = row["launched"]
    launched = (
        None if pd.isna(at) else pd.Timestamp(at).tz_localize("UTC").tz_convert(as_of.tzinfo).to_pydatetime()
    )
    early = plain["days_early"]
    return Launched(
        **{**plain, "launched": launched, "days_early": None if early is None else int(early)},
        gates=gates.get(str(row["promotion_id"]), ()),
        is_planned=launched is not None and launched > as_of,
    )


def _plain(value: Any) -> Any:
    """Return a cell of a frame as a plain value: days as dates, lists as tuples, None for null."""
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "__len__"):
        return tuple(value)
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def _by(early: list[Launched]) -> str:
    days = sorted(each.days_early for each in early if each.days_early)
    if not days:
        return ""
    return (
        f", by {plural(days[0], 'day')}"
        if days[0] == days[-1]
        else f", by {days[0]} to {plural(days[-1], 'day')}"
    )


def _leaning(early: list[Launched]) -> str:
    """Say what several of them lacked: the capacity or promise they lean on, the team that had not signed."""
    lacked: dict[tuple[str, str], int] = {}
    for each in early:
        for kind, name in {(gate.kind, gate.asks_of) for gate in each.lacked if gate.asks_of}:
            lacked[kind, name] = lacked.get((kind, name), 0) + 1
    most = sorted(
        (-number, kind != "capacity", kind, name) for (kind, name), number in lacked.items() if number > 1
    )
    said = (
        f"{-number} {'without' if kind == 'sign-off' else 'lean on'} {name}" for number, _, kind, name in most
    )
    return "".join(f"; {each}{' signing' if ' without ' in each else ''}" for each in said)


def _standing(each: Launched) -> str:
    needed = sum(not gate.optional for gate in each.gates)
    if each.verdict == PLANNED_READY:
        return (
            f"ready today: all {needed} gates are met" if needed > 1 else "ready today: its one gate is met"
        )
    return f"not ready today: {len(each.missing)} of {plural(needed, 'gate')} not met ({', '.join(each.missing)})"
