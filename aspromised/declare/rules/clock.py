"""What a clock needs before it can run."""

from collections.abc import Iterator

from aspromised.declare.model import Calendar, ClockMeasure, ItemLength, TermsLength
from aspromised.words.lengths import Length

LIMITS = ("within", "less_than", "by")
"""The three ways to say how long: a standing has exactly one."""


def limit_key(measure: ClockMeasure) -> str | None:
    """Return the one key that says how long, or None where none or several do."""
    given = [key for key in LIMITS if getattr(measure, key) is not None]
    return given[0] if len(given) == 1 else None


def limit_unit(measure: ClockMeasure) -> str | None:
    """Return the unit the clock counts in, or None where it is `by` a date or not told."""
    limit = measure.within if measure.within is not None else measure.less_than
    if isinstance(limit, Length | ItemLength | TermsLength):
        return limit.unit
    return None


def limit_words(measure: object) -> str | None:
    """Return a clock's limit in words: "2 calendar days", "less than 15 minutes", "by promised_at"; None of no clock."""
    key = limit_key(measure) if isinstance(measure, ClockMeasure) else None
    if key is None:
        return None
    limit = getattr(measure, key)
    if isinstance(limit, ItemLength):
        words = f"{limit.column} {limit.unit}"
    elif isinstance(limit, TermsLength):
        words = f"{limit.value} {limit.unit} of {limit.terms}"
    else:
        words = str(limit)
    return {"within": words, "less_than": f"less than {words}", "by": f"by {words}"}[key]


def clock_faults(measure: ClockMeasure) -> Iterator[tuple[str, str]]:
    """Yield each reason why the clock cannot run, and the key to mend."""
    given = [key for key in LIMITS if getattr(measure, key) is not None]
    if not given:
        yield "how long is not told: give within, less_than or by", ""
    if len(given) > 1:
        yield f"{' and '.join(given)} are given: give one of them", given[1]
    if measure.started is None and given and "by" not in given:
        yield f"'{given[0]}' needs 'started': the column that says when the clock starts", given[0]
    unit = limit_unit(measure)
    if unit and unit.startswith("business") and measure.calendar is None:
        yield f"{unit} need a 'calendar'", given[0]


def two_clocks(measure: object, calendar: Calendar | None, zone: str) -> str | None:
    """Return why a cut-off beside a calendar cannot be read: it is on the company's clock, and the calendar on another.

    Which of the two was meant nobody can tell; of business time it is the calendar's.
    """
    if not isinstance(measure, ClockMeasure) or measure.cut_off is None or calendar is None:
        return None
    unit, abroad = limit_unit(measure), calendar.timezone or zone
    if unit is None or unit.startswith("business") or abroad == zone:
        return None
    return (
        f"a cut-off of {unit} is read on the company's clock ({zone}), and the calendar '{measure.calendar}' is on"
        f" another ({abroad}): promise business hours or business days, or take the calendar out"
    )
