"""What was promised from when, side by side: the past must not change with the future.

An item is judged by the version in force when its clock started. So a length or a target that is changed without a new
version changes what was judged long ago, and a first version added late leaves out what came before it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aspromised.declare.diff.difference import Difference, Direction
from aspromised.declare.diff.fields import Changed, direction_of
from aspromised.declare.model import ClockMeasure, Promise, PromiseInForce
from aspromised.declare.rules.clock import limit_key, limit_words
from aspromised.words.figures import day, target
from aspromised.words.lengths import EXACT_SECONDS, Length

REWRITES = "this rewrites the past: add a version"
LEAVES_OUT = "this leaves out what was promised before: add a version with the earlier terms"
_WITHIN_SIGHT = timedelta(days=90)
"""A first version that begins earlier than this leaves out what few will look at."""


@dataclass(frozen=True)
class Term:
    """One thing that a version says: its value of a standing, both in words, and which way it went."""

    what: str
    value: Callable[[PromiseInForce], Any]
    words: Callable[[PromiseInForce, PromiseInForce], str]
    direction: Callable[[PromiseInForce, PromiseInForce], Direction]
    judges: bool = True
    """Whether verdicts or status hang on it."""


@dataclass(frozen=True)
class _Span:
    """Start days from `first` to before `end` (None: unbounded), with the standing of each state."""

    first: date | None
    end: date | None
    old: PromiseInForce | None
    new: PromiseInForce | None


def version_differences(id: str, old: Promise, new: Promise, on: date) -> Iterator[Difference]:
    """Yield how claim, target and clock changed over time; days up to `on` are the past."""
    begun = {version.from_ for version in new.versions} - {version.from_ for version in old.versions}
    spans = list(_spans(old.standings(), new.standings()))
    for term in TERMS:
        for span in _runs(spans, term):
            yield _difference(id, term, span, on, is_version=span.first in begun)
    yield from _coverage(id, spans, on)


def _difference(id: str, term: Term, span: _Span, on: date, is_version: bool) -> Difference:
    assert span.old and span.new, "both stand, or there is nothing to compare"
    is_past = span.first is None or span.first <= on
    words = term.words(span.old, span.new) + _when(span)
    judges = term.judges and not (term.what == "target" and _is_spread(span.old, span.new))
    warning = REWRITES if judges and is_past and not is_version else ""
    if judges and is_past and is_version:
        words += f", which reaches back from {day(on)}"
    return Difference("promise", id, term.what, term.direction(span.old, span.new), words, warning)


def _coverage(id: str, spans: list[_Span], on: date) -> Iterator[Difference]:
    """Yield the start days that are promised in one state only."""
    for span in spans:
        if span.old is None and span.new is not None:
            past = span.first is None or span.first <= on
            yield Difference(
                "promise", id, "versions", "changed", f"promised also{_when(span)}", REWRITES * past
            )
        elif span.old is not None and span.new is None:
            seen = span.end is None or span.end > on - _WITHIN_SIGHT
            yield Difference(
                "promise", id, "versions", "changed", f"not promised any more{_when(span)}", LEAVES_OUT * seen
            )


def _when(span: _Span) -> str:
    begins = f", from {day(span.first)}" if span.first else ""
    return begins + (f", until {day(span.end - timedelta(days=1))}" if span.end else "")


def _spans(old: list[PromiseInForce], new: list[PromiseInForce]) -> Iterator[_Span]:
    starts = sorted({s.from_ or date.min for s in old + new})
    for first, end in zip(starts, [*starts[1:], None], strict=True):
        yield _Span(first if first != date.min else None, end, _at(old, first), _at(new, first))


def _at(standings: list[PromiseInForce], day_: date) -> PromiseInForce | None:
    inside = (s for s in standings if (s.from_ or date.min) <= day_ and (s.to is None or day_ < s.to))
    return next(inside, None)


def _runs(spans: list[_Span], term: Term) -> Iterator[_Span]:
    """Yield the spans in which a term differs, neighbours with the same two values as one."""
    run: _Span | None = None
    for span in spans:
        if span.old and span.new and term.value(span.old) != term.value(span.new):
            if run and run.end == span.first and _pair(run, term) == _pair(span, term):
                run = _Span(run.first, span.end, run.old, run.new)
                continue
            if run:
                yield run
            run = span
    if run:
        yield run


def _pair(span: _Span, term: Term) -> tuple[Any, Any]:
    assert span.old and span.new
    return term.value(span.old), term.value(span.new)


# what a version may say ----------------------------------------------------------------------------------------------


def _clock(standing: PromiseInForce) -> ClockMeasure | None:
    return standing.measure if isinstance(standing.measure, ClockMeasure) else None


def _length(standing: PromiseInForce) -> Any:
    clock = _clock(standing)
    return (clock.within, clock.less_than, clock.by) if clock else None


def _length_words(old: PromiseInForce, new: PromiseInForce) -> str:
    before, after = _limit(old), _limit(new)
    if (
        _key(old) == _key(new)
        and isinstance(before, Length)
        and isinstance(after, Length)
        and before.unit == after.unit
    ):
        return f"{(_key(new) or '').replace('_', ' ')} {before.amount.normalize():f} → {after}"
    return f"{_limit_words(old)} → {_limit_words(new)}"


def _limit_words(standing: PromiseInForce) -> str:
    clock = _clock(standing)
    words = (limit_words(clock) if clock else None) or "no length"
    return f"within {words}" if _key(standing) == "within" else words


def _key(standing: PromiseInForce) -> str | None:
    clock = _clock(standing)
    return limit_key(clock) if clock else None


def _limit(standing: PromiseInForce) -> Any:
    key = _key(standing)
    return getattr(standing.measure, key) if key else None


def _length_direction(old: PromiseInForce, new: PromiseInForce) -> Direction:
    before, after = _limit(old), _limit(new)
    if not isinstance(before, Length) or not isinstance(after, Length):
        return "changed"
    sizes = [_size(length, same_unit=before.unit == after.unit) for length in (before, after)]
    if sizes[0] is None or sizes[1] is None:
        return "changed"
    if sizes[0] != sizes[1]:
        return "tightened" if sizes[1] < sizes[0] else "loosened"
    if _key(old) == _key(new):
        return "changed"
    return "tightened" if _key(new) == "less_than" else "loosened"


def _size(length: Length, same_unit: bool) -> float | None:
    if length.unit in EXACT_SECONDS:
        return float(length.amount) * EXACT_SECONDS[length.unit]
    return float(length.amount) if same_unit else None


def _cut_off(standing: PromiseInForce) -> str | None:
    clock = _clock(standing)
    return clock.cut_off if clock else None


def _cut_off_direction(old: PromiseInForce, new: PromiseInForce) -> Direction:
    """Started after the cut-off counts from the next day: an earlier one gives more time, none gives least."""
    before, after = (f"{_cut_off(each) or '24:00':0>5}" for each in (old, new))
    return "loosened" if after < before else "tightened"


def _calendar(standing: PromiseInForce) -> str | None:
    clock = _clock(standing)
    return clock.calendar if clock else None


def _target_words(old: PromiseInForce, new: PromiseInForce) -> str:
    said = f"target {target(old.target)} → {target(new.target)}"
    if _is_spread(old, new):
        return f"{said} (no verdict of a spread asks for it: `at_most` is what is promised)"
    return said


def _target_direction(old: PromiseInForce, new: PromiseInForce) -> Direction:
    return (
        "changed"
        if _is_spread(old, new)
        else direction_of(Changed("target", old.target, new.target), "promise")
    )


def _is_spread(*standings: PromiseInForce) -> bool:
    """Return whether all are spreads, whose target judges nothing."""
    return all(not each.measure.has_rows for each in standings)


TERMS = (
    Term(
        "claim", lambda s: s.claim, lambda old, new: f'"{old.claim}" → "{new.claim}"', lambda old, new: "reworded",
        judges=False,
    ),
    Term(
        "target", lambda s: s.target, _target_words, _target_direction,
    ),
    Term("length", _length, _length_words, _length_direction),
    Term(
        "cut_off", _cut_off, lambda old, new: f"cut-off {_cut_off(old) or 'none'} → {_cut_off(new) or 'none'}",
        _cut_off_direction,
    ),
    Term(
        "calendar", _calendar, lambda old, new: f"calendar {_calendar(old) or 'none'} → {_calendar(new) or 'none'}",
        lambda old, new: "changed",
    ),
)  # fmt: skip
"""What a version may say, in the order a reader asks."""
