"""What `aspromised why` says of a promise of consistency: the units' counts, and what is made of them."""

from textwrap import dedent

from aspromised.analyse.rates.spread import LEAST_UNITS, Spread, units_sql
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.standing import WhySpreadAnswer
from aspromised.cli.standing.beside import spread_json
from aspromised.stats.heterogeneity import MIN_RELIABILITY
from aspromised.words.figures import count, percent, plural, points_of


def why_spread_json(spread: Spread, window: Window) -> WhySpreadAnswer:
    """Return the figures, how they are made, and the SQL of the units' counts."""
    return {
        "id": spread.promise_id,
        "kind": "spread",
        "window": window.label,
        "answered_from": f"the table verdict_daily of '{spread.of}'",
        **spread_json(spread),
        "status": None if spread.wordings else spread.status,
        "sql": units_text(window),
    }


def why_spread_lines(spread: Spread, claim: str, window: Window) -> list[str]:
    """Return the same in words, line by line; no unit is named that may not be. Under several wordings, of each of them."""
    if spread.wordings:
        return [line for each in spread.wordings for line in why_spread_lines(each, claim, window)]
    said = f", under the wording that stood {spread.said}" if spread.said else ""
    return [
        f"“{claim}”, {window.label}{said}",
        f"the kept rate of '{spread.of}' ({spread.of_claim}) between {spread.units_name}:"
        f" {plural(len(spread.units), 'unit')}, {count(spread.decided)} items",
        *_measured(spread),
        f"at most {points_of(spread.at_most)} promised, status: {spread.status}"
        f"{_waits(spread)}"
        f" (a status takes at least {plural(spread.at_least, 'item')} and {LEAST_UNITS} units)",
        *([spread.left_out] if spread.left_out else []),
        f"answered from: the table verdict_daily of '{spread.of}', unit by unit:",
    ]


def _waits(spread: Spread) -> str:
    return f", waits for {plural(spread.waits_for, 'open item')}" if spread.waits_for else ""


def units_text(window: Window) -> str:
    """Return the SQL of the units' counts."""
    return dedent(units_sql(window)).strip()


def _measured(spread: Spread) -> list[str]:
    found = spread.variation
    if found is None:
        return [spread.sentence]
    return [
        f"over all {percent(found.mean, 2)} kept; as counted the units' rates have a standard deviation of"
        f" {points_of(found.raw_sd)} and a range of {spread.range_words}",
        f"after noise {points_of(found.sd)} (95 % interval {points_of(found.low, found.high)}): the method of moments of"
        " Kleinman (1973), the Q-profile interval of Viechtbauer (2007)",
        f"a unit is named from a reliability of {MIN_RELIABILITY:g}: sd² ÷ (sd² + p(1−p)/n). {spread.telling}",
    ]
