"""Which kind of measure is judged by which class."""

from aspromised.judge.kinds.check import CheckKind
from aspromised.judge.kinds.clock import ClockKind
from aspromised.judge.kinds.counts import CountsKind
from aspromised.judge.kinds.kind import MeasureKind
from aspromised.judge.kinds.repeat import RepeatKind
from aspromised.judge.planning.plan import Plan

KINDS: dict[str, type[MeasureKind]] = {
    "clock": ClockKind,
    "check": CheckKind,
    "counts": CountsKind,
    "repeat": RepeatKind,
}
"""By the measure's `kind`; a spread is told from another promise's verdicts and is not judged."""


def kind_of(plan: Plan) -> MeasureKind:
    """Return what is particular to the plan's kind of measure."""
    return KINDS[plan.measure.kind](plan)
