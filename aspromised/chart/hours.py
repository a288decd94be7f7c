"""Broken rates by hour and weekday as a typeset table whose cells are shaded by their rate."""

from calendar import day_name

import pandas as pd

from aspromised.analyse.gaps.hours import HOUR_WEEKS, weekdays
from aspromised.chart.base.ledger import Column, Ledger, ledger

_AT_LEAST = 10
"""Items below which a cell's rate is not shaded."""
DEEPEST = 45
"""Per cent of orange in the worst cell: the figures in it stay readable on light and dark."""


def hours_ledger(table: pd.DataFrame, items: str) -> Ledger | None:
    """Return a row an hour and a column a weekday, broken % over how many; None where a promise declares no hours and weekdays."""
    if table.empty:
        return None
    worst = table.loc[table["decided"] >= _AT_LEAST, "rate"].max()
    cells = table.assign(cell=[_cell(row.rate, row.decided, row.broken, worst) for row in table.itertuples()])
    days = weekdays(table)
    wide = cells.pivot(index="hour", columns="weekday", values="cell").loc[
        list(dict.fromkeys(table["hour"]))
    ][days]
    columns = {"hour": Column("Hour")} | {
        day: Column(day[:3] if day in day_name else day, "right", html=True) for day in days
    }
    note = (
        f"Broken % of the {items} decided in the {HOUR_WEEKS} weeks to the end of the window; small: how many of how many. "
        f"The deeper the shade, the worse; grey: fewer than {_AT_LEAST}."
    )
    return ledger(wide.reset_index(), columns, label="Broken by hour and weekday", notes=[note])


def _cell(rate: float, decided: int, broken: int, worst: float) -> str:
    figures = f"{100 * rate:.0f} <small>{broken}/{decided}</small>"
    if decided < _AT_LEAST or not worst > 0:
        return f'<span class="ap-unknown">{figures}</span>'
    depth = DEEPEST * rate / worst
    shade = f"background: color-mix(in srgb, var(--ap-short) {depth:.0f}%, transparent)"
    return f'<span style="{shade}; padding: .1rem .3rem">{figures}</span>'
