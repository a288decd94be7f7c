"""When an item falls due: the length promised, added to the moment its clock starts.

Every due moment is inclusive (kept if done ≤ due): "less than" ends a microsecond earlier, a calendar day ends
with its last microsecond.
"""

from sqlglot import exp

from aspromised.declare.model import ClockMeasure, ItemLength
from aspromised.judge.plan import Plan
from aspromised.judge.sql import first_match, quoted, tree
from aspromised.words.lengths import EXACT_SECONDS, Length, Unit


def due(plan: Plan) -> exp.Expr:
    """Return the due moment (µs UTC) of the items, by the version in force when their clock started.

    Reads the columns `version`, `started`, `started_day` (its local day's number), `by_<column>` and
    `length_<column>` of the query it stands in.
    """
    by_version = [(s.number, _due_of(s.measure)) for s in plan.standings]
    branches: list[tuple[exp.Expr, exp.Expr]] = [
        (tree("version = :number", number=number), moment) for number, moment in by_version[:-1]
    ]
    return first_match(branches, by_version[-1][1])


def _due_of(measure: object) -> exp.Expr:
    assert isinstance(measure, ClockMeasure)
    if measure.by:
        return quoted(f"by_{measure.by}")
    length = measure.within or measure.less_than
    end = _end(measure, length)
    return tree(":end - 1", end=end) if measure.less_than else end


def _end(measure: ClockMeasure, length: object) -> exp.Expr:
    number, unit = _amount(length)
    if unit == "calendar days":
        return tree("ap_day_start(:first + :number + 1) - 1", first=_first_day(measure), number=number)
    microseconds = tree("cast(:number * :us as bigint)", number=number, us=EXACT_SECONDS[unit] * 1_000_000)
    if isinstance(length, Length):
        microseconds = exp.convert(length.microseconds)
    return tree(":start + :us", start=_clock_start(measure), us=microseconds)


def _amount(length: object) -> tuple[exp.Expr, Unit]:
    if isinstance(length, ItemLength):
        return quoted(f"length_{length.column}"), length.unit  # type: ignore[return-value]  # validated on reading
    assert isinstance(length, Length)
    return exp.convert(int(length.amount)), length.unit


def _first_day(measure: ClockMeasure) -> exp.Expr:
    if not measure.cut_off:
        return exp.column("started_day")
    return tree("started_day + case when :late then 1 else 0 end", late=_after_cut_off(measure))


def _clock_start(measure: ClockMeasure) -> exp.Expr:
    if not measure.cut_off:
        return exp.column("started")
    return tree(
        "case when :late then ap_day_start(started_day + 1) else started end", late=_after_cut_off(measure)
    )


def _after_cut_off(measure: ClockMeasure) -> exp.Expr:
    """Return whether the item started after the cut-off, on the wall clock of its day."""
    hour, minute = (int(part) for part in (measure.cut_off or "").split(":"))
    cut = (hour * 60 + minute) * 60_000_000
    return tree("started + ap_utc_offset(started) - started_day * 86400000000 > :cut", cut=cut)
