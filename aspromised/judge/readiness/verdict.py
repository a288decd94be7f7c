"""From the states of gates to a verdict: ready, launched before ready, planned, or nobody can tell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from aspromised.judge.readiness.launch import Launch
from aspromised.judge.readiness.state import GateDays
from aspromised.words.figures import day as in_words
from aspromised.words.figures import plural

_ReadinessVerdict = Literal[
    "ready", "launched_before_ready", "planned_ready", "planned_not_ready", "cannot_tell", "cancelled"
]


@dataclass(frozen=True)
class PromotionReadiness:
    """What came of a promotion. `ready_on` is the first day after the launch on which every gate that counts held:
    none where it was ready at launch (`ready_since` says from when on) or is not ready yet.

    `days_early` is `ready_on` less the day of the launch, 0 where it was ready, and None where nobody can tell (`why` says
    why), where it is not ready yet, and before the launch.
    """

    verdict: _ReadinessVerdict
    why: str
    ready_on: date | None = None
    ready_since: date | None = None
    days_early: int | None = None
    missing: tuple[str, ...] = ()
    """The gates not met on the day that decides, and those nobody can tell of."""


@dataclass(frozen=True)
class Marks:
    """What happened to a gate: the first day it was met, the last day it was lost, and the day from which it was met
    until the day that decides, or first after it.

    `lost_again` is the first day after `met_on` on which it was not met, or nobody could tell: none where it stayed met.
    """

    first_met: date | None
    lost_on: date | None
    met_on: date | None
    lost_again: date | None = None


def judge(launch: Launch, gates: Sequence[GateDays]) -> PromotionReadiness:
    """Return the verdict on a promotion from the states of its gates."""
    if launch.promotion.cancelled:
        return PromotionReadiness("cancelled", "it was called off")
    needed = [each for each in gates if not each.gate.optional]
    if not needed:
        none = "it has only optional gates" if gates else "it has no gates"
        return PromotionReadiness("cannot_tell", f"{none}: nothing says what had to be ready")
    held = holds(needed, launch.judged_on)
    missing = tuple(each.gate.gate for each in needed if not each.met(launch.judged_on))
    if held is None:
        return PromotionReadiness("cannot_tell", _unknown(needed, launch.judged_on), missing=missing)
    if held:
        since = run_start(launch.days, launch.judged_on, lambda day: holds(needed, day) is True)
        verdict: _ReadinessVerdict = "ready" if launch.is_launched else "planned_ready"
        early = 0 if launch.is_launched else None
        return PromotionReadiness(verdict, _ready(launch, needed, since), ready_since=since, days_early=early)
    if not launch.is_launched:
        return PromotionReadiness(
            "planned_not_ready",
            f"as of {in_words(launch.today)}: {_short(needed, launch.today)}",
            missing=missing,
        )
    return _early(launch, needed, missing)


def holds(gates: Iterable[GateDays], day: date) -> bool | None:
    """Return whether all gates were met on a day: False where one was not, None where that hangs on an unknown one."""
    found = {each.met(day) for each in gates}
    return False if False in found else None if None in found else True


def marks(launch: Launch, gate: GateDays) -> Marks:
    """Return what happened to a gate over the days it was looked at."""
    met = [day for day in launch.days if gate.met(day)]
    before = [day for day in launch.days if day <= launch.judged_on]
    lost = [day for earlier, day in pairwise(before) if gate.met(earlier) and gate.met(day) is False]
    on = launch.judged_on
    since = run_start(launch.days, on, lambda day: gate.met(day) is True) if gate.met(on) else None
    after = next((day for day in met if day > on), None)
    met_on = since or after
    again = (day for day in launch.days if met_on and day > met_on and not gate.met(day))
    return Marks(met[0] if met else None, lost[-1] if lost else None, met_on, next(again, None))


def run_start(days: Sequence[date], last: date, is_so: Callable[[date], bool]) -> date:
    """Return the first day of the unbroken run that reaches `last`, on which it is so."""
    start = last
    for day in reversed([day for day in days if day <= last]):
        if not is_so(day):
            break
        start = day
    return start


def _early(launch: Launch, needed: Sequence[GateDays], missing: tuple[str, ...]) -> PromotionReadiness:
    after = (day for day in launch.days if day > launch.launched)
    ready_on = next((day for day in after if holds(needed, day)), None)
    early = (ready_on - launch.launched).days if ready_on else None
    short = _short(needed, launch.launched)
    if ready_on is None:
        return PromotionReadiness(
            "launched_before_ready",
            f"at launch {short}; not ready by {in_words(launch.today)}",
            missing=missing,
        )
    over = ""
    if launch.ends and ready_on > launch.ends:
        over = f", after it had ended on {in_words(launch.ends)}"
    why = f"launched {plural(early or 0, 'day')} before it was ready on {in_words(ready_on)}{over}: at launch {short}"
    return PromotionReadiness(
        "launched_before_ready", why, ready_on=ready_on, days_early=early, missing=missing
    )


def _short(needed: Sequence[GateDays], day: date) -> str:
    """Return the gates not met on a day, each with what was to be and its evidence."""
    return "; ".join(_required(each, day) for each in needed if each.met(day) is not True)


def _required(gate: GateDays, day: date) -> str:
    return f"{was_to_be(gate.gate.gate)}: {gate.states[day].evidence.replace('; needs ', ', needed ')}"


def was_to_be(gate: str) -> str:
    """Return the name of a gate that did not hold as what was asked for, where it reads as a fact.

    >>> was_to_be("delivery is holding"), was_to_be("the agents are trained"), was_to_be("picking headroom")
    ('delivery was to hold', 'the agents were to be trained', 'picking headroom')
    """
    for now, then in ((" is ", " was to "), (" are ", " were to ")):
        who, told, what = gate.partition(now)
        if told and what:
            return f"{who}{then}{'hold' if what == 'holding' else f'be {what}'}"
    return gate


def _unknown(needed: Sequence[GateDays], day: date) -> str:
    told = (_required(each, day) for each in needed if each.met(day) is None)
    return f"on {in_words(day)} " + "; ".join(told)


def _ready(launch: Launch, needed: Sequence[GateDays], since: date) -> str:
    when = "at launch" if launch.is_launched else f"on {in_words(launch.today)}"
    held = "its one gate held" if len(needed) == 1 else f"all {len(needed)} gates held"
    from_on = "" if since == launch.judged_on else f", and had since {in_words(since)}"
    return f"{held} {when}{from_on}"
