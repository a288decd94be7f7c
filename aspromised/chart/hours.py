"""Broken rates by hour and weekday as a typeset table whose cells are shaded by their rate."""

from calendar import day_name
from collections.abc import Callable, Mapping

import pandas as pd

from aspromised.analyse.gaps.hours import HOUR_WEEKS, weekdays
from aspromised.analyse.rates.scope import Where, where_text
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.words.text import html as escape

_AT_LEAST = 10
"""Items below which a cell's rate is not shaded."""
DEEPEST = 45
"""Per cent of orange in the worst cell: the figures in it stay readable on light and dark."""


def hours_ledger(
    table: pd.DataFrame, items: str, named: tuple[str, str] | None = None, part: Where = (), **chosen: str
) -> Ledger | None:
    """Return a ledger, one row an hour and a column a weekday, broken % over how many; None where a promise declares no hours and weekdays.

    With the segments `named`, of hour and weekday, each heading leads to its part of what is looked at (`part`), with what is `chosen`.
    """
    if table.empty:
        return None
    worst = table.loc[table["decided"] >= _AT_LEAST, "rate"].max()
    cells = table.assign(cell=[_cell(row.rate, row.decided, row.broken, worst) for row in table.itertuples()])
    days = weekdays(table)
    wide = cells.pivot(index="hour", columns="weekday", values="cell").loc[
        list(dict.fromkeys(table["hour"]))
    ][days]
    hour, weekday = (named and _parts(name, part, chosen) for name in named or ("", ""))
    columns = {"hour": Column("Hour", html=True)} | {
        day: Column(
            day[:3] if day in day_name else day, "right", html=True, to=weekday(day) if weekday else ""
        )
        for day in days
    }
    wide.index = pd.Index(
        [lead(escape(each), hour(each)) if hour else escape(each) for each in wide.index], name="hour"
    )
    note = (
        f"Broken % of the {items} decided in the {HOUR_WEEKS} weeks to the end of the window; small: how many of how many. "
        f"The deeper the shade, the worse; grey: fewer than {_AT_LEAST}."
        + (" An hour or a day leads to what is broken in it." if named else "")
    )
    return ledger(wide.reset_index(), columns, label="Broken by hour and weekday", notes=[note])


def _parts(segment: str, part: Where, chosen: Mapping[str, str]) -> Callable[[str], str]:
    """Where the values of a segment lead."""
    return lambda value: address(
        **{**chosen, "where": where_text(tuple({**dict(part), segment: value}.items()))}
    )


def _cell(rate: float, decided: int, broken: int, worst: float) -> str:
    figures = f"{100 * rate:.0f} <small>{broken}/{decided}</small>"
    if decided < _AT_LEAST or not worst > 0:
        return f'<span class="ap-unknown">{figures}</span>'
    depth = DEEPEST * rate / worst
    shade = f"background: color-mix(in srgb, var(--ap-short) {depth:.0f}%, transparent)"
    readable = figures.replace(
        "<small>", '<small style="color: inherit">'
    )  # grey is not, on the deeper shades
    return f'<span style="{shade}; padding: .1rem .3rem">{readable}</span>'
