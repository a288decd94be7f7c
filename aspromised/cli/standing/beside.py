"""What stands beside a promise's counts in JSON: how far it spreads, and what it leaves out."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from aspromised.analyse.rates.spread import Spread
from aspromised.analyse.robustness.exemptions import Exemptions
from aspromised.cli.answers.standing import ExemptionsAnswer, SpreadAnswer


def spread_json(spread: Spread) -> SpreadAnswer:
    """Return a spread: `sd`, `low`, `high`, `raw` and `at_most` are shares (0.05 is five points).

    A unit below the reliability that may be told is counted, never named.
    """
    found, few = spread.variation, spread.too_few
    return {
        "spread_of": spread.of,
        "across": spread.across,
        "at_most": _plain(spread.at_most),
        "sd": _plain(found and found.sd),
        "low": _plain(found and found.low),
        "high": _plain(found and found.high),
        "raw": {"sd": _plain(found and found.raw_sd), "range": _plain(found and found.raw_range)},
        "items_per_unit_needed": _plain(found and found.items_needed),
        "units": [_plainly(row) for row in spread.units[spread.units["tellable"]].to_dict("records")],
        "too_few_to_tell_apart": {"units": len(few), "items": int(few["decided"].sum())},
        "without_unit": spread.without_unit,
        "waits_for": spread.waits_for,
        "versions": [
            {"claim": each.of_claim, "said": each.said, "status": each.status, **spread_json(each)}
            for each in spread.wordings
        ],
    }


def spread_lines(name: str, spread: Spread) -> Iterator[str]:
    """Yield how far a promise of consistency differs; under several wordings, of each of them and not of all together."""
    if not spread.wordings:
        yield f"{name}: {spread.sentence}"
    for each in spread.wordings:
        yield f"{name} {each.said}, “{each.of_claim}”: {each.sentence} Status: {each.status}."


def exemptions_json(found: Exemptions) -> ExemptionsAnswer:
    """Return what is left out, with the kept rate with and without it."""
    return {
        "items": found.items,
        "share": _plain(found.share),
        "rate": _plain(found.rate),
        "rate_without": _plain(found.rate_without),
        "kept_without": found.kept_without,
        "broken_without": found.broken_without,
        "cancelled": found.cancelled,
        "cancelled_overdue": found.cancelled_overdue,
        "reasons": [_plainly(row) for row in found.reasons.to_dict("records")],
    }


def _plainly(row: Mapping[Any, Any]) -> Any:
    return {name: _plain(value) for name, value in row.items() if name != "tellable"}


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return round(value, 10) if isinstance(value, float) else value
