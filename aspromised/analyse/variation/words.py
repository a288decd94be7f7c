"""Variation in words: signal or noise, what the promise does if nothing changes, and how that was judged."""

from collections.abc import Sequence

import pandas as pd

from aspromised.analyse.variation.shifts import Shift
from aspromised.analyse.variation.variation import (
    BETTER,
    NEITHER,
    NOT_TOLD,
    WORSE_THAN,
    Variation,
    part_words,
)
from aspromised.stats.control_chart import (
    BINOMIAL,
    HIT_OR_MISS,
    LOCKED_FROM,
    MEETS,
    MISSES,
    ONE_SIDE,
    OUTSIDE,
    TREND,
    TRIAL_FROM,
    XMR,
)
from aspromised.words.figures import chance, day, listed, percent, plural, target

_HEADS = {BETTER: "A signal, better", WORSE_THAN: "A signal, worse", NEITHER: "Noise", NOT_TOLD: "Too early"}


def headline(found: Variation) -> str:
    """Return signal or noise with its numbers, and what the promise does if nothing changes."""
    name = f"“{found.claim}”{part_words(found.scope)}"
    if found.charted is None:
        return f"{name} has no {found.span}s to compare: {found.problem}."
    return " ".join(filter(None, [f"{_HEADS[found.state]}: {_signal(found)}", assurance_sentence(found)]))


def _signal(found: Variation) -> str:
    last = found.last
    assert found.charted
    newest = f"{percent(last['rate'])} kept in {_when(found)}"
    if found.charted.method == BINOMIAL:
        return f"{newest} {_beside_target(found)}"
    if not found.has_limits:
        base = found.charted.bases[-1]
        return (
            f"{newest} is one of {plural(base.periods, found.span)} since {day(base.first.date())} ({base.what}), {TRIAL_FROM} are needed to"
            " tell signal from noise."
        )
    between = f"({_between(float(last['low']), float(last['high']))})"
    if not last["cause"]:
        return f"{newest} lies within what its {found.span}s do by themselves {between}."
    return f"{newest} {_CAUSES[str(last['cause'])](found, between)}"


def _between(low: float, high: float) -> str:
    """Two ends of what periods do by themselves, as far as a share can be so.

    >>> _between(0.9092, 1.013)
    '90.9 to 100.0 %'
    """
    return f"{percent(max(low, 0.0)).removesuffix(' %')} to {percent(min(high, 1.0))}"


def _when(found: Variation) -> str:
    first = found.last["first"]
    return f"{first:%B %Y}" if found.span == "month" else f"the week from {day(first.date())}"


def _outside(found: Variation, between: str) -> str:
    side = "above" if found.last["side"] > 0 else "below"
    return f"lies {side} what its {found.span}s do by themselves {between}."


def _one_side(found: Variation, between: str) -> str:
    side = "above" if found.last["side"] > 0 else "below"
    run = _run(found.points, found.points["rate"].gt(found.points["centre"]) == (found.last["side"] > 0))
    return f"lies, as each of the last {run}, {side} the middle of its {found.span}s, {percent(found.last['centre'])} {between}."


def _trend(found: Variation, between: str) -> str:
    steps = found.points["rate"].diff()
    way = "higher" if steps.iloc[-1] > 0 else "lower"
    run = _run(found.points, (steps > 0) == (steps.iloc[-1] > 0))
    return f"is {way} than the {found.span} before, as each of the last {run} was {between}."


def _two_of_three(found: Variation, between: str) -> str:
    side = "upper" if found.last["side"] > 0 else "lower"
    return (
        f"is one of two in three {found.span}s far to the {side} end of what they do by themselves {between}."
    )


_CAUSES = {OUTSIDE: _outside, ONE_SIDE: _one_side, TREND: _trend}
_CAUSES["two of three"] = _two_of_three


def _run(points: pd.DataFrame, is_so: pd.Series) -> int:
    """Return how many of the newest points of the newest run of limits are so."""
    own = is_so[points["base"] == points["base"].iloc[-1]].tolist()[::-1]
    return next((n for n, one in enumerate(own) if not one), len(own))


def _beside_target(found: Variation) -> str:
    last, number = found.last, plural(len(found.points), found.span)
    if not last["cause"]:
        return f"is one of {number}; {LOCKED_FROM} are needed to tell signal from noise."
    side = "above" if last["side"] > 0 else "below"
    return (
        f"lies further {side} the target of {target(last['target'])} than chance brings it; with {number} nothing else can be"
        f" told: {LOCKED_FROM} are needed."
    )


def assurance_sentence(found: Variation) -> str:
    """Return what the promise does if nothing changes; "" where nobody can say."""
    low, high = found.limits if found.has_limits else (0.0, 1.0)
    aim, span = target(found.last["target"]) if found.charted else "", found.span
    match found.assurance:
        case told if told == MISSES:
            return f"Left as it is it reliably misses its target of {aim}: no {span} above {percent(min(high, 1.0))} is to be expected."
        case told if told == MEETS:
            return f"Left as it is it reliably meets its target of {aim}: no {span} below {percent(max(low, 0.0))} is to be expected."
        case told if told == HIT_OR_MISS:
            return f"Left as it is it is hit and miss: the chance that a {span} reaches {aim} is {chance(found.chance)}."
    return ""


def advice(found: Variation) -> str:
    """Return what to do about it; "" where nothing is charted."""
    span = found.span
    if found.charted is None or found.state == NOT_TOLD:
        return ""
    if found.state == NEITHER:
        if found.is_short_by_design:
            change = (
                ": to keep it more often, what is done has to change" if (found.chance or 0.0) < 0.5 else ""
            )
            return f"Asking why one {span} was low finds nothing{change}."
        return f"Nothing to look for in a single {span}."
    found_of = "what made it better, to keep it" if found.state == BETTER else "what happened then"
    return f"Look for {found_of}: this is more than {span}s do by themselves."


def shift_sentences(shifts: Sequence[Shift], span: str) -> list[str]:
    """Return when the level changed, and what is declared around that time; association, no cause."""
    return [
        f"From {_from(each, span)} on it was kept {_more(each)}: {percent(each.before).removesuffix(' %')} → {percent(each.since)}."
        f" {_declared(each)}"
        for each in shifts
    ]


def _from(each: Shift, span: str) -> str:
    return f"about {each.first:%B %Y}" if span == "month" else f"about the week from {day(each.first.date())}"


def _more(each: Shift) -> str:
    return "more often" if each.since > each.before else "less often"


def _declared(each: Shift) -> str:
    if not each.around:
        return "Nothing is declared within three weeks of it."
    return f"Declared within three weeks of it: {listed(each.around)}."


def judged_by(found: Variation) -> list[str]:
    """Return how it was judged, a point each: for those who want to know."""
    if found.charted is None:
        return []
    return [*_method(found), *_bases(found), *_left_out(found)]


def _method(found: Variation) -> list[str]:
    assert found.charted
    span = found.span
    if found.charted.method == BINOMIAL:
        return [
            f"Fewer than {LOCKED_FROM} {span}s: each is held against the target, with the exact binomial range (99.73 %) that chance alone gives so many {found.noun.many}."
        ]
    chart = (
        f"XmR chart: {span}s hold about as many {found.noun.many} each; limits are the mean ± 2.66 times the mean moving range."
        if found.charted.method == XMR
        else f"p′ chart (Laney): {span}s differ in how many {found.noun.many} they hold, so limits follow the number, widened by how far {span}s"
        f" stray beyond chance ({found.charted.bases[-1].dispersion:.1f} times, at least once; a jump 3.267 times the mean one is left out of that)."
    )
    rules = (
        "A signal is, in this order: outside the limits; 7 in a row each higher (or lower) than the one before; two of three beyond two"
        " thirds of the way to a limit; 7 in a row on one side of the middle (“Making Data Count”, NHS England)."
    )
    own = f"{span.capitalize()}s beyond the limits are left out of them, at most one in five."
    return [chart, own, rules]


def _bases(found: Variation) -> list[str]:
    assert found.charted
    if found.charted.method == BINOMIAL:
        return []
    said = [
        f"{day(base.first.date())}, {plural(base.periods, found.span)}{f': {base.what}' if base.what else ''}{_trial(base)}"
        for base in found.charted.bases
    ]
    since = "Limits are worked out anew at a new wording, and at a declared change after which the first 7 lie on one side of the old middle, or four of them beyond the old limits."
    return [f"{since} They hold from {'; '.join(said)}."]


def _trial(base: object) -> str:
    if not getattr(base, "is_told", True):
        return " (too few for limits)"
    return f" (trial limits: fewer than {LOCKED_FROM})" if getattr(base, "is_trial", False) else ""


def _left_out(found: Variation) -> list[str]:
    if not found.waiting:
        return []
    return [
        f"{plural(found.waiting, found.span)} {'is' if found.waiting == 1 else 'are'} not charted: not over, nothing decided, or more than 5 % still open."
    ]
