"""Chains: stages that can be told apart, budgets that can be kept, and what a promise leaves for them."""

from collections.abc import Iterator
from decimal import Decimal

from aspromised.declare.model import Chain, ClockMeasure, Stage
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.problems import Problem

CONTROLS = ("approval", "check")
"""Kinds of stage that can change or refuse what they are given."""
SHARED_AMONG = 8
"""Stages that a lateness can be shared among."""
_DAY, _HOUR = 86_400, 3_600
_BUSINESS_SECONDS = {"business hours": _HOUR, "business minutes": 60}


def check_chains(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the chains, and what about them will not be told."""
    for name, chain in workspace.chains.items():
        yield from _chain(workspace, chain, ("chains", name))
    yield from _unfunded(workspace)


def _chain(workspace: Workspace, chain: Chain, at: KeyPath) -> Iterator[Problem]:
    if chain.items is None and chain.events is None:
        message = "where the stages are read from is not told: give items or events"
        yield workspace.problem("chain", message, at)
    if chain.items is not None and chain.events is not None:
        message = "items and events are given: give one of them"
        yield workspace.problem_at_key("chain", message, (*at, "events"))
    if not chain.stages:
        yield workspace.problem("chain", "a chain has at least one stage", (*at, "stages"))
    if len(chain.stages) > SHARED_AMONG:
        message = f"late minutes are shared among {SHARED_AMONG} stages at most, and these are {len(chain.stages)}: all else is told; join some to have them shared"
        yield workspace.problem_at_key("chain-long", message, (*at, "stages"), severity="warning")
    seen: set[str] = set()
    ended: dict[str, str] = {}
    for number, stage in enumerate(chain.stages):
        here = (*at, "stages", number)
        if stage.stage in seen:
            yield workspace.problem("chain", f"two stages are called '{stage.stage}'", (*here, "stage"))
        seen.add(stage.stage)
        if (other := ended.setdefault(stage.done, stage.stage)) != stage.stage:
            message = f"'{other}' ends with '{stage.done}' too: one of the two would never take any time"
            yield workspace.problem("chain", message, (*here, "done"))
        if stage.budget and stage.budget.is_business and stage.calendar is None:
            message = f"{stage.budget.unit} need a 'calendar'"
            yield workspace.problem("chain", message, (*here, "budget"))
        if stage.changed_when and stage.kind not in CONTROLS:
            message = "only an approval or a check changes what it is given: give the stage 'kind: approval' or 'kind: check'"
            yield workspace.problem_at_key("chain", message, (*here, "changed_when"))
        if chain.items is not None and stage.working_from == stage.done:
            message = f"work begins and ends at the same column '{stage.done}'"
            yield workspace.problem("chain", message, (*here, "working_from"))


def _unfunded(workspace: Workspace) -> Iterator[Problem]:
    """Yield the promises that the budgets of their chain, laid one after the other, exceed whenever they begin."""
    for name, promise in workspace.promises.items():
        chain = workspace.chains.get(promise.chain or "")
        measure = promise.standings()[-1].measure
        if chain is None or not isinstance(measure, ClockMeasure):
            continue
        promised = measure.within or measure.less_than
        if not isinstance(promised, Length):
            continue
        stages = _within(chain, measure)
        over = _business_over if promised.is_business else _wall_over
        if beyond := over(workspace, stages, measure, promised):
            message = (
                f"unfunded promise: the budgets of the chain '{promise.chain}', one after the other, end {beyond} after the"
                f" {promised} that are promised, whenever they begin: late by plan, before anybody begins"
            )
            yield workspace.problem_at_key(
                "unfunded", message, ("promises", name, "chain"), severity="warning"
            )


def _within(chain: Chain, measure: ClockMeasure) -> list[Stage]:
    """Return the stages with a budget between the ends of the promise's clock, where both are read from the same rows."""
    ends = [stage.done for stage in chain.stages]
    first, last = 0, len(ends)
    if chain.items and (chain.items.source, chain.items.id) == (measure.items, measure.id):
        if measure.started != chain.items.started:
            first = ends.index(measure.started) + 1 if measure.started in ends else last
        last = ends.index(measure.done) + 1 if measure.done in ends else last
    return [stage for stage in chain.stages[first:last] if stage.budget]


def _business_over(workspace: Workspace, stages: list[Stage], measure: ClockMeasure, promised: Length) -> str:
    """Return how much later than promised the budgets on the promise's own calendar end at least; "" where they may fit."""
    own = [stage.budget for stage in stages if stage.budget and stage.calendar == measure.calendar]
    if promised.unit == "business days":
        days = sum(int(each.amount) for each in own if each.unit == promised.unit)
        over = days - int(promised.amount) - (measure.cut_off is not None)
        return str(Length(Decimal(over), promised.unit)) if over > 0 and promised.amount >= 1 else ""
    sizes = _BUSINESS_SECONDS
    seconds = sum(float(each.amount) * sizes[each.unit] for each in own if each.unit in sizes)
    over_s = seconds - float(promised.amount) * sizes[promised.unit]
    return f"{over_s / _HOUR:g} business hours" if over_s > 0 and not measure.cut_off else ""


def _wall_over(workspace: Workspace, stages: list[Stage], measure: ClockMeasure, promised: Length) -> str:
    """Return the same of a promise on the wall: the least over all times of day, in days of 24 hours, an hour less where
    days are counted beside hours, since one of a year has 23 and one 25."""
    zone = _zone(workspace, measure.calendar)
    steps = [
        _step(stage.budget, _zone(workspace, stage.calendar) == zone) for stage in stages if stage.budget
    ]
    due = _step(promised, True)
    turn = -sum(_until_first_day(steps)) % _DAY
    latest = _DAY - _INSTANT
    starts = {0.0, latest, turn, (turn - _INSTANT) % _DAY}
    over = min(_laid(steps, start) - _laid([due], start) for start in starts)
    over -= _DAY * (measure.cut_off is not None)
    over -= _HOUR * (len({is_days for is_days, _ in [*steps, due]}) > 1)
    return f"{over / _HOUR:.4g} hours" if over > _INSTANT else ""


_Step = tuple[bool, float]
"""Whether whole days are counted, to the end of the last; and how many, or else how many seconds at least."""
_INSTANT = 0.001


def _zone(workspace: Workspace, calendar: str | None) -> str:
    """Return the time zone in which days on a calendar are counted."""
    declared = workspace.calendars.get(calendar or "")
    return (declared and declared.timezone) or workspace.company.timezone


def _step(length: Length, is_zone: bool) -> _Step:
    amount = float(length.amount)
    if length.unit == "calendar days":
        return (True, amount) if is_zone else (False, max(0.0, amount * _DAY - _HOUR))
    sizes = EXACT_SECONDS | _BUSINESS_SECONDS | {"business days": 0}
    return False, amount * sizes[length.unit]


def _until_first_day(steps: list[_Step]) -> Iterator[float]:
    """Yield the seconds of the steps before the first that counts whole days."""
    for is_days, size in steps:
        if is_days:
            return
        yield size


def _laid(steps: list[_Step], at: float) -> float:
    """Return when steps that begin at a time of day (seconds) end, one after the other."""
    for is_days, size in steps:
        at = (at // _DAY + size + 1) * _DAY - _INSTANT if is_days else at + size
    return at
