"""Mix and performance as a typeset table: what each value of a segment adds to the change of a rate."""

import pandas as pd

from aspromised.analyse.gaps.mix import Split
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.words.figures import count, percent, percentage_points

_ROWS = 5
_NOTE = (
    "Mix: what its changed share of all adds at the mean of both rates, against the whole; performance: what its changed rate"
    " adds at the mean of both shares (Kitagawa). All rows together are the whole difference."
)


def mix_ledger(found: Split) -> Ledger | None:
    """Return what each value of the segment with the largest mix adds, largest first; None where no mix tells much of the difference."""
    if not found.is_mix:
        return None
    name = str(found.segments["segment"].iloc[0])
    shown, rest = found.values.head(_ROWS), found.values.iloc[_ROWS:]
    rows = [_value_row(str(row["value"]), row) for _, row in shown.iterrows()]
    if len(rest):
        rows.append(_value_row(f"{len(rest)} others", rest.drop(columns="value").sum()))
    sums = found.values.drop(columns="value").sum()
    columns = {
        "value": Column(name.replace("_", " ").capitalize()),
        "before": Column(f"Broken in {found.earlier.label}", "right"),
        "after": Column(f"Broken in {found.window.label}", "right"),
        "shares": Column(f"Share of {found.items}", "right"),
        "mix": Column("Mix", "right"),
        "performance": Column("Performance", "right"),
    }
    table = pd.DataFrame([*rows, _value_row("all", sums)], columns=list(columns))
    return ledger(table, columns, label=f"Mix and performance by {name.replace('_', ' ')}", notes=[_NOTE])


def _value_row(name: str, row: pd.Series) -> tuple[str, ...]:
    return (
        name,
        _rate(row["before_broken"], row["before"]),
        _rate(row["after_broken"], row["after"]),
        f"{percent(row['before_share'])} → {percent(row['after_share'])}",
        percentage_points(row["mix"]),
        percentage_points(row["performance"]),
    )


def _rate(broken: float, decided: float) -> str:
    return f"{percent(broken / decided)} of {count(decided)}" if decided else "none"
