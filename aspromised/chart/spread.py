"""A spread between units: its cells in a ledger of promises, and its units set beside one another."""

import math

import pandas as pd

from aspromised.analyse.rates.spread import Spread
from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.base.theme import palette
from aspromised.stats.proportion import wilson
from aspromised.words.figures import count, percent, points_between, points_of
from aspromised.words.text import html as escape

_COLOURS = {"kept": "kept", "missed": "short"}


def spread_cells(spread: Spread) -> tuple[str, str, str]:
    """Return how far it differs, its interval drawn against what is promised, and what is left of that; ready HTML."""
    found = spread.variation
    if found is None:
        return "–", f"<small>at most {points_of(spread.at_most)}</small>", "–"
    low, high = spread.units["rate"].min(), spread.units["rate"].max()
    rate = (
        f"{percent(low)} to {percent(high)}<br><small>of {count(len(spread.units))} {spread.units_name};<br>standard deviation"
        f"<br>without chance<br>{points_of(found.sd)}</small>"
    )
    colour = getattr(palette(), _COLOURS.get(spread.status, "unknown"))
    ends = (0.0, math.ceil(20 * max(found.high, spread.at_most)) / 20)
    words = f"standard deviation {points_of(found.sd)}, interval {points_of(found.low, found.high)}, at most {points_of(spread.at_most)}"
    drawn = interval(found.sd, found.low, found.high, spread.at_most, ends, colour, words)
    aim = f"<small>at most {points_of(spread.at_most)};<br>scale 0 to {100 * ends[1]:g} points</small>"
    over = "too far apart" if found.sd > spread.at_most else "to spare"
    return rate, f"{drawn}{aim}", f"{points_between(spread.at_most, found.sd)}<br><small>{over}</small>"


def units_ledger(spread: Spread, **chosen: str) -> Ledger | None:
    """Return the units that may be told from the others, lowest first, and how many may not; None without units.

    Each leads to where it breaks, with the month and window `chosen`. A unit below the reliability is in a row with the others like it, without its name.
    """
    if spread.units.empty:
        return None
    able = spread.units[spread.units["tellable"]].sort_values(["rate", "value"])
    low, high = wilson(able["kept"], able["decided"])
    ends = scale(low, able["rate"])
    rows = [
        [
            lead(escape(row.value), address("gaps", **chosen, promise=spread.of, segment=spread.across, value=row.value)),
            f"{percent(row.rate)}",
            interval(row.rate, lower, upper, math.nan, ends, palette().unknown, f"{percent(lower)} to {percent(upper)}"),
            count(row.decided),
            f"{row.reliability:.2f}",
        ]
        for row, lower, upper in zip(able.itertuples(), low, high, strict=True)
    ]  # fmt: skip
    rows += _few(spread)
    columns = {
        "value": Column(spread.across.replace("_", " ").capitalize(), html=True),
        "rate": Column("Kept rate", "right", html=True),
        "interval": Column(
            f"95 % interval, {percent(ends[0], 0)} to {percent(ends[1], 0)}"
            if len(able)
            else "95 % interval",
            html=True,
        ),
        "decided": Column("Items", "right"),
        "reliability": Column("Reliability", "right"),
    }
    frame = pd.DataFrame(rows, columns=list(columns))
    return ledger(frame, columns, label=f"The {spread.units_name} compared")


def _few(spread: Spread) -> list[list[str]]:
    few = spread.too_few
    if few.empty:
        return []
    kept, decided = int(few["kept"].sum()), int(few["decided"].sum())
    name = spread.units_name if len(few) > 1 else spread.across.replace("_", " ")
    return [
        [
            f"{count(len(few))} {name}: too few to tell apart",
            f"{percent(kept / decided)}",
            "",
            count(decided),
            "under 0.7",
        ]
    ]
