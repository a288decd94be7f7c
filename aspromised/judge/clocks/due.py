"""When an item falls due: the length promised, added to the moment its clock starts.

Every due moment is inclusive (kept if done ≤ due): "less than" ends a microsecond earlier, a calendar day ends
with its last microsecond.
"""

from collections.abc import Callable

from sqlglot import exp

from aspromised.declare.model import ClockMeasure, ItemLength, TermsLength
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import first_match, quoted, tree
from aspromised.words.lengths import EXACT_SECONDS, Length, most_of

WHOLE_DAYS = ("business days", "calendar days")
"""Units that end with a day, so that no part of one can be promised."""


def due(plan: Plan) -> exp.Expr:
    """Return the due moment (µs UTC) of items whose clock never stops, by the version in force when it started.

    Reads the columns `version`, `started`, `started_day` (its local day's number), `by_<column>` and
    `length_<column>` of the query it stands in.
    """
    return by_version(plan, _due_of)


def by_version(plan: Plan, of: Callable[[ClockMeasure], exp.Expr]) -> exp.Expr:
    """Return what `of` says of the measure in force, by the column `version`."""
    said = [(s.number, of(s.measure)) for s in plan.standings if isinstance(s.measure, ClockMeasure)]
    if all(each == said[-1][1] for _, each in said):
        return said[-1][1]
    branches = [(tree("version = :number", number=number), each) for number, each in said[:-1]]
    return first_match(branches, said[-1][1])


def amount(measure: ClockMeasure) -> tuple[exp.Expr, str]:
    """Return the number of the length promised, and its unit; null where the data tell one that cannot be promised."""
    number, unit = number_said(measure)
    if isinstance(number, exp.Literal):
        return number, unit
    kind = "bigint" if unit in WHOLE_DAYS else "double"
    return tree(
        f"case when :is_one then try_cast(:n as {kind}) end", is_one=is_length(number, unit), n=number
    ), unit


def is_length(number: exp.Expr, unit: str) -> exp.Expr:
    """Return whether a number of a unit can be promised: none to a century of them, of business and calendar days whole ones."""
    whole = " and :n = trunc(:n)" if unit in WHOLE_DAYS else ""
    return tree(f"(:n between 0 and :most{whole})", n=number, most=most_of(unit))


def number_said(measure: ClockMeasure) -> tuple[exp.Expr, str]:
    """Return the number of the length as it was declared, stands in the item's row or was sold, and its unit."""
    length = measure.within or measure.less_than
    if isinstance(length, ItemLength):
        return quoted(f"length_{length.column}"), length.unit
    if isinstance(length, TermsLength):
        return exp.column("sold_length"), length.unit
    assert isinstance(length, Length), "a clock without `by` has a length"
    whole = length.amount == length.amount.to_integral_value()
    return exp.convert(int(length.amount) if whole else float(length.amount)), length.unit


def clock_start(measure: ClockMeasure, suffix: str = "") -> exp.Expr:
    """Return when the clock starts: after the cut-off, with the next day (of the zone of `suffix`)."""
    if not measure.cut_off:
        return exp.column("started")
    return tree(
        "case when :late then :next else started end",
        late=after_cut_off(measure, suffix),
        next=day_start(tree(":day + 1", day=_started_day(suffix)), suffix),
    )


def first_day(measure: ClockMeasure, suffix: str = "") -> exp.Expr:
    """Return the number of the clock's first day (in the zone of `suffix`): after the cut-off, the next."""
    if not measure.cut_off:
        return _started_day(suffix)
    late = after_cut_off(measure, suffix)
    return tree(":day + case when :late then 1 else 0 end", day=_started_day(suffix), late=late)


def day_start(number: exp.Expr, suffix: str = "") -> exp.Expr:
    """Return when the day of that number begins, in the company's zone or in that of `suffix`."""
    return tree(f"day_start{suffix}(:n)" if suffix else "ap_day_start(:n)", n=number)


def _started_day(suffix: str) -> exp.Expr:
    return tree(f"local_day{suffix}(started)") if suffix else exp.column("started_day")


def after_cut_off(measure: ClockMeasure, suffix: str = "") -> exp.Expr:
    """Return whether the item started after the cut-off, on the wall clock of its day (in the zone of `suffix`)."""
    hour, minute = (int(part) for part in (measure.cut_off or "").split(":"))
    cut = (hour * 60 + minute) * 60_000_000
    wall = f"started + utc_offset{suffix}(started) - local_day{suffix}(started) * 86400000000"
    if not suffix:
        wall = "started + ap_utc_offset(started) - started_day * 86400000000"
    return tree(f"{wall} > :cut", cut=cut)


def _due_of(measure: ClockMeasure) -> exp.Expr:
    if measure.by:
        return quoted(f"by_{measure.by}")
    end = _end(measure)
    return tree(":end - 1", end=end) if measure.less_than else end


def _end(measure: ClockMeasure) -> exp.Expr:
    number, unit = amount(measure)
    if unit == "calendar days":
        return tree("ap_day_start(:first + :number + 1) - 1", first=first_day(measure), number=number)
    length = measure.within or measure.less_than
    size = EXACT_SECONDS[unit] * 1_000_000  # type: ignore[index]  # business units never get here
    microseconds = tree("cast(:number * cast(:size as bigint) as bigint)", number=number, size=size)
    if isinstance(length, Length):
        microseconds = exp.convert(length.microseconds)
    return tree(":start + :us", start=clock_start(measure), us=microseconds)
