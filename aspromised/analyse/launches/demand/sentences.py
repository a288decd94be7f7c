"""A promotion's demand in sentences: expected, seen, and what would have been borne."""

import math

from aspromised.analyse.launches.demand.headroom import Bearing
from aspromised.analyse.launches.demand.uplift import Uplift
from aspromised.analyse.launches.readiness.span import LaunchSpan
from aspromised.stats.break_even import BELOW, HOLDS, MAX_MULTIPLE_TRIED, NO_RELATION, BreakEven
from aspromised.words.figures import NOTHING, count, day, percent, target
from aspromised.words.nouns import item_noun


def demand_sentences(
    span: LaunchSpan, expected: float | None, seen: Uplift | None, bearings: tuple[Bearing, ...],
    beside: tuple[int, float | None], source: str | None,
) -> str:  # fmt: skip
    """Return the sentences, those that have something to say."""
    said = [_expected(expected, span), _seen(seen, span, source), _together(expected, *beside)]
    return " ".join(filter(None, [*said, *(borne(one) for one in bearings)]))


def _expected(expected: float | None, span: LaunchSpan) -> str:
    if expected is None:
        return "No estimate of its demand was declared."
    return f"{_more(expected)} {'was' if span.days else 'is'} expected."


def _seen(seen: Uplift | None, span: LaunchSpan, source: str | None) -> str:
    if span.is_first_day:
        return "No whole day of it has passed yet, so what it brought cannot be told."
    if seen is None:
        return ""
    noun = item_noun(source).many
    if not seen.days:
        return f"{_reach(seen, noun)}, and none of {_of(span)} lies there, so what it brought cannot be told."
    items = f"{count(seen.items)} {noun} came {span.known_in_words(seen.days)}, {count(seen.brought)} of them its own"
    known = "" if seen.days == span.days else f" {_reach(seen, noun)}."
    if seen.share is None:
        return f"{items}; there are too few quiet days to say how many are usual.{known}"
    return f"{items}: {_more(seen.share)} than usual ({_ends(seen)}).{known}"


def _of(span: LaunchSpan) -> str:
    return span.in_words.removeprefix("in ")


def _reach(seen: Uplift, noun: str) -> str:
    """How far the source's data reach."""
    return f"The {noun} are known from {day(seen.known_first)} to {day(seen.known_last)} only"


def _ends(seen: Uplift) -> str:
    low, high = (count(100 * one) if one is not None else NOTHING for one in (seen.low, seen.high))
    return f"{low} to {high} %"


def _together(expected: float | None, others: int, together: float | None) -> str:
    if not others or together is None or together <= (expected or 0) + 1e-9:
        return ""
    return f"With the promotions beside it, {_more(together)} was to be expected together."


def _more(share: float) -> str:
    """Return a change in demand.

    >>> _more(0.2), _more(-0.05)
    ('20 % more', '5 % less')
    """
    return f"{percent(abs(share), 0)} {'less' if share < 0 else 'more'}"


def borne(one: Bearing) -> str:
    """Return what a promise bears on a capacity, in a sentence; how it comes to its number is said with it."""
    promise = f"“{one.claim}”"
    if one.seen.state == BELOW:
        return f"{promise} is below {target(one.target)} on {one.capacity} even without more demand."
    if one.seen.state == NO_RELATION:
        return f"How {promise} was kept did not go with the load on {one.capacity}, so what it bears cannot be told from it."
    if one.seen.state != HOLDS:
        return f"There are too few days to say what {promise} bears on {one.capacity}."
    return f"On {one.capacity}, {promise} stays at {target(one.target)} {up_to(one.seen)}."


def up_to(seen: BreakEven) -> str:
    """Return how far demand may rise.

    >>> up_to(BreakEven(HOLDS, 1.15, 1.12, 1.18)), up_to(BreakEven(HOLDS, 1.15, 1.15, 1.15, is_beyond=True))
    ('up to 15 % more demand (12 to 18 %)', 'up to 15 % more demand, which is beyond what was ever seen')
    >>> up_to(BreakEven(HOLDS, math.inf, 1.5, math.inf, is_beyond=True))
    'up to 4 times the demand, the most that was tried, which is beyond what was ever seen'
    """
    beyond = ", which is beyond what was ever seen" if seen.is_beyond else ""
    if seen.times is None or math.isinf(seen.times):
        return f"up to {MAX_MULTIPLE_TRIED:g} times the demand, the most that was tried{beyond}"
    return f"up to {_more(seen.times - 1)} demand{_range(seen)}{beyond}"


def _range(seen: BreakEven) -> str:
    if seen.low is None or seen.high is None or round(seen.high - seen.low, 2) < 0.01:
        return ""
    low = count(100 * (seen.low - 1))
    return (
        f" ({low} to {count(100 * (seen.high - 1))} %)" if math.isfinite(seen.high) else f" ({low} % or more)"
    )
