"""One promotion: when it went out, what had to be ready, how what it leans on was kept around it, and whom to ask."""

import re
import shlex
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.launches.board import board, hurt
from aspromised.analyse.launches.detail.weeks import weeks_around
from aspromised.analyse.launches.effect.harm import LaunchHarm
from aspromised.analyse.launches.outlook.planned import Planned
from aspromised.analyse.launches.readiness.verdicts import CANCELLED, EARLY, GateResult, Launched, gate_days
from aspromised.analyse.launches.readiness.words import demand_in_words, name_of, verdict_words
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.versions import claims_on
from aspromised.words.figures import day, moment
from aspromised.words.problems import no_such

LEANING_COLUMNS = ("promise_id", "claim", "kept_by", "problem")
DAYS_AFTER = 14
"""Gates are drawn so many days beyond the last thing that happened to a launch."""


@dataclass(frozen=True)
class DeclaredPromotion:
    """What the YAML says of a promotion beside its gates: moments on the company's clock."""

    announced: datetime | None
    launched: datetime | None
    ends: datetime | None
    basis: str | None


@dataclass(frozen=True)
class Opened:
    """A promotion with its declaration, what it leans on (LEANING_COLUMNS), its gates by day (GATE_DAY_COLUMNS), the weeks
    around its launch (WEEK_COLUMNS), its harm, and its outlook where it is planned."""

    launch: Launched
    declared: DeclaredPromotion
    leaning: pd.DataFrame
    gates: pd.DataFrame
    weeks: pd.DataFrame
    harm: LaunchHarm | None
    outlook: Planned | None
    as_of: date

    @property
    def went_out(self) -> bool:
        """Whether it was launched."""
        return self.launch.has_run

    @property
    def runs(self) -> bool:
        """Whether it ran or is to run: not called off, and it can be read."""
        return self.launch.launched is not None and self.launch.verdict != CANCELLED

    @property
    def early_until(self) -> date | None:
        """The day up to which it ran before it was ready, that day not included; None where it did not."""
        if self.launch.verdict != EARLY:
            return None
        after = self.as_of + timedelta(days=1)
        ends = self.launch.ends_day + timedelta(days=1) if self.launch.ends_day else after
        return min(self.launch.ready_on or after, ends, after)

    @property
    def sentence(self) -> str:
        """The verdict with its reason, and how it ran."""
        each, name = self.launch, name_of(self.launch)
        if each.launched is None:
            return f"{name} cannot be read: {each.why}."
        if each.verdict == CANCELLED:
            return f"{name} was called off; its launch was declared for {moment(each.launched)}."
        if each.is_planned:
            return (
                f"{name} is planned for {moment(each.launched)}: {verdict_words(each)}. {_capital(each.why)}."
            )
        return f"{name} was launched on {moment(each.launched)} and {self._ran}: {verdict_words(each)}. {_capital(each.why)}."

    @property
    def _ran(self) -> str:
        ends = self.launch.ends_day
        return f"ran to {day(ends)}" if ends and ends <= self.as_of else "is still running"

    @property
    def next_steps(self) -> list[str]:
        """What to do next, the first thing first."""
        return [*self._to_ask, *self._to_settle, *self._to_declare]

    @property
    def _to_ask(self) -> list[str]:
        worst, keepers = hurt(self.harm), self.leaning.set_index("promise_id")["kept_by"].dropna()
        if worst is None or worst["promise_id"] not in keepers:
            return []
        keeper = keepers[worst["promise_id"]]
        return [
            f"Ask {keeper}, who must keep “{worst['claim']}”, what changed on {day(self.launch.launched_day)};"
            " the page Gaps shows where it breaks."
        ]

    @property
    def _to_settle(self) -> list[str]:
        if not self.launch.is_planned or self.launch.verdict == CANCELLED:
            return []
        return [
            f"{_asked(gate)} before {day(self.launch.launched_day)}."
            for gate in self.launch.gates
            if not gate.met and not gate.optional
        ]

    @property
    def _to_declare(self) -> list[str]:
        none = (
            self.launch.launched is not None
            and self.launch.verdict != CANCELLED
            and all(gate.optional for gate in self.launch.gates)
        )
        return ["Declare what must be ready before such a launch, under ready_when."] if none else []


def where_from(found: Opened) -> list[str]:
    """Return the commands that lead to the figures shown, each with what it tells.

    A gate on a promise is the kept rate of the days before the day that decided, as it was known at the start of it.
    """
    gates = [(gate, _why_gate(gate, found.launch.judged_on)) for gate in found.launch.gates]
    told = [
        f"`{command}` gives the counts behind “{gate.gate}”, as they were known then."
        for gate, command in gates
        if command
    ]
    if found.went_out:
        told += [
            f"`aspromised why {shlex.quote(name)} --from {found.launch.launched_day}` gives the counts since the launch by"
            " the day its items are counted on; before and after it they are told by the day they started."
            for name in found.leaning["promise_id"]
        ]
    return told


def _why_gate(gate: GateResult, judged_on: date | None) -> str:
    """The command that tells the counts behind a gate on a promise, "" where there is none."""
    days = re.search(r" over (\d+ (?:day|week)s?)$", gate.needed)
    if gate.kind != "promise" or not (days and gate.asks_of and judged_on):
        return ""
    known = judged_on - timedelta(days=1)
    return f'aspromised why {shlex.quote(gate.asks_of)} --last "{days[1]}" --as-of {known}'


def _asked(gate: GateResult) -> str:
    """Return what is to be done about a gate that is not met."""
    match gate.kind:
        case "sign-off":
            return f"Ask {gate.asks_of} to sign off “{gate.gate}”"
        case "capacity":
            return f"Plan more {gate.asks_of}, or expect less demand, for “{gate.gate}”"
        case "promise":
            return f"Bring {gate.asks_of} back for “{gate.gate}”"
    return f"See to “{gate.gate}”"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


@remembered
def open_launch(snapshot: Queryable, promotion_id: str) -> Opened:
    """Return one promotion; MisuseError where there is none of that name."""
    found = board(snapshot)
    by_name = {each.promotion_id: each for each in found.launches}
    if promotion_id not in by_name:
        raise no_such("promotion", promotion_id, by_name)
    launch = by_name[promotion_id]
    leaning = _leaning(snapshot, list(launch.leans_on), launch.launched_day or found.as_of)
    judged = list(leaning.loc[leaning["problem"].isna(), "promise_id"])
    return Opened(
        launch=launch,
        declared=_declared(snapshot, promotion_id),
        leaning=leaning,
        gates=_gates(snapshot, launch, found.as_of),
        weeks=weeks_around(snapshot, judged, launch.launched_day or found.as_of, found.as_of),
        harm=found.harms.get(promotion_id),
        outlook=next((each for each in found.planned if each.launch.promotion_id == promotion_id), None),
        as_of=found.as_of,
    )


def _declared(snapshot: Queryable, promotion_id: str) -> DeclaredPromotion:
    table = snapshot.query(
        "select announced, launched, ends, basis from promotion where promotion_id = $promotion",
        {"promotion": promotion_id},
    )
    zone = ZoneInfo(snapshot.meta["timezone"])
    row = table.iloc[0] if len(table) else pd.Series(dtype=object)
    announced, launched, ends = (_local(row.get(name), zone) for name in ("announced", "launched", "ends"))
    return DeclaredPromotion(
        announced, launched, ends, row.get("basis") if isinstance(row.get("basis"), str) else None
    )


def _local(value: object, zone: ZoneInfo) -> datetime | None:
    if value is None or pd.isna(value):
        return None
    here: datetime = pd.Timestamp(value).tz_localize("UTC").tz_convert(zone).tz_localize(None).to_pydatetime()
    return here


def _gates(snapshot: Queryable, launch: Launched, as_of: date) -> pd.DataFrame:
    """The gates day by day, up to some days beyond the last thing that happened."""
    table = gate_days(snapshot, launch.promotion_id)
    happened = [
        launch.launched_day,
        launch.ends_day,
        launch.ready_on,
        *(each for gate in launch.gates for each in (gate.met_on, gate.lost_again)),
    ]
    last = max((each for each in happened if each), default=as_of) + timedelta(days=DAYS_AFTER)
    return table[pd.to_datetime(table["day"]) <= pd.Timestamp(last)].reset_index(drop=True)


def _leaning(snapshot: Queryable, wanted: list[str], launched: date) -> pd.DataFrame:
    """The promises a promotion leans on, in the words of its launch; one that is not declared has a problem."""
    known = snapshot.query("select promise_id, claim, kept_by, problem from promise")
    table = pd.DataFrame({"promise_id": pd.Series(wanted, dtype="str")}).merge(
        known, on="promise_id", how="left"
    )
    absent = table["claim"].isna() & table["problem"].isna()
    message = pd.Series([f"there is no promise '{name}'" for name in wanted], index=table.index, dtype=object)
    said = table["promise_id"].map(claims_on(snapshot, launched))
    return table.assign(
        claim=said.fillna(table["claim"]).fillna(table["promise_id"]),
        problem=table["problem"].astype(object).where(~absent, message),
    )[list(LEANING_COLUMNS)]


def demand_words(found: Opened) -> str:
    """Return the demand a promotion was expected to bring, "" where nothing is said."""
    return demand_in_words(found.launch.expects_demand, found.declared.basis)
