"""The harm of a launch in sentences: what broke, what was to be expected, and how much may be said of the cause."""

from collections.abc import Mapping

import pandas as pd

from aspromised.analyse.launches.readiness.span import LaunchSpan
from aspromised.words.figures import count, plural
from aspromised.words.nouns import Noun

COINCIDED = (
    "This coincided with the launch; whether the launch did it cannot be told from these numbers alone."
)


def harm_sentences(span: LaunchSpan, known: int, parts: Mapping[str, pd.Series], noun: Noun) -> str:
    """Return the sentences of one promise: all items, buyers and others, quiet stretches, and the comparison outside.

    `known` is how many of the span's days are counted: the data may stop before its end, or too much be open.
    """
    whole = parts["all"]
    said = [_happened(span.known_in_words(known), whole, noun)]
    if pd.notna(whole["expected"]):
        said += [_by_whom(parts, noun), _quiet(whole), _cause(whole, parts)]
    return " ".join(filter(None, said))


def _happened(days: str, row: pd.Series, noun: Noun) -> str:
    broke = f"Of {plural(row['items'], noun.one, noun.many)} {days}, {count(row['broken'])} broke “{row['claim']}”"
    if pd.isna(row["expected"]):
        return f"{broke}; there are too few quiet days to say how many were to be expected."
    return f"{broke}; {count(row['expected'])} were to be expected: {excess_words(row)}."


def excess_words(row: Mapping[str, object]) -> str:
    """Return an excess with its interval, in words.

    >>> excess_words({"excess": 391.6, "low": 340.0, "high": 440.0})
    '392 too many (340 to 440)'
    >>> excess_words({"excess": -4.2, "low": -12.0, "high": 3.0}), excess_words({"excess": 9.0, "low": -1.0, "high": 12.0})
    ('4 fewer, within what chance does (−12 to +3)', '9 more, within what chance does (−1 to +12)')
    >>> excess_words({"excess": -0.3, "low": -1.0, "high": 0.0})
    'as many, within what chance does (−1 to 0)'
    """
    number, low, high = (float(row[name]) for name in ("excess", "low", "high"))  # type: ignore[arg-type]
    if low > 0:
        return f"{count(number)} too many ({count(low)} to {count(high)})"
    if high < 0:
        return f"{count(-number)} fewer ({count(-high)} to {count(-low)})"
    more = f"{count(abs(number))} {'more' if number > 0 else 'fewer'}" if round(number) else "as many"
    plus = "+" if round(high) > 0 else ""
    return f"{more}, within what chance does ({count(low)} to {plus}{count(high)})"


def _by_whom(parts: Mapping[str, pd.Series], noun: Noun) -> str:
    if "buyers" not in parts:
        return ""
    buyers, others = parts["buyers"], parts["others"]
    return (
        f"Of the {plural(buyers['items'], noun.one, noun.many)} it brought: {excess_words(buyers)};"
        f" of the {count(others['items'])} others: {excess_words(others)}."
    )


def _quiet(row: pd.Series) -> str:
    """Say how the launch stands among quiet stretches of the same length; nothing where those are too few or shorter."""
    stretches, rank = int(row["placebos"]), row["placebo_rank"]
    long = f"{plural(stretches, 'quiet stretch', 'quiet stretches')} of {plural(row['placebo_days'], 'day')}"
    if row["low"] > 0:
        return f"That is further above what was to be expected than {count(rank)} of {long}."
    return f"As far above, or further, were {count(stretches - rank)} of {long}."


def _cause(row: pd.Series, parts: Mapping[str, pd.Series]) -> str:
    harmed = [part for part in parts.values() if part["low"] > 0]
    if not harmed:
        return ""
    if pd.isna(row["control_did"]):
        return COINCIDED
    compared = f"Beside what does not use that capacity: {excess_words(_as_excess(row))}"
    if row["control_low"] > 0:
        return f"{compared}; this supports that the launch did it."
    return f"{compared}. {COINCIDED}"


def _as_excess(row: pd.Series) -> dict[str, object]:
    return {"excess": row["control_did"], "low": row["control_low"], "high": row["control_high"]}
