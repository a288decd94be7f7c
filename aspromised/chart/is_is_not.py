"""Is and is not, as a typeset table whose every figure leads to the items it was counted from."""

import pandas as pd

from aspromised.analyse.gaps.is_is_not import IsIsNot
from aspromised.analyse.rates.scope import Where, part_name, where_name, where_text
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.words.figures import count, day, percent
from aspromised.words.text import html as escape

_NOTE = (
    "A draft from the data: it says where a cause can be looked for, never which it is. “Is not” is, of the parts that differ in"
    " one condition alone, have enough items and clearly break less, the one most like it otherwise."
)


def is_is_not_ledger(found: IsIsNot | None, **chosen: str) -> Ledger | None:
    """Return the draft as a ledger, one row a question; None where there is none. `chosen` is the promise and its window."""
    if found is None:
        return None
    rows = [
        (
            part_name(str(row.dimension), "").strip().capitalize(),
            _led(row.is_where, dict(row.is_where)[row.dimension], row.is_rate, **chosen),
            _is_not(row, **chosen),
        )
        for row in found.contrasts.itertuples()
    ]
    broken = f"{count(found.broken)} of {count(found.decided)} broken" + (
        f"; {found.excess}" if found.excess else ""
    )
    rows += [("How many", escape(broken), ""), ("Since when", escape(found.since), "")]
    rows += [(f"Changed {day(row.on)}", *_change(row)) for row in found.changes.itertuples()]
    if found.changes.empty:
        rows.append(("Changed", "nothing is declared to have changed about then (`changes` in the YAML)", ""))
    columns = {
        "asked": Column("Question"),
        "is": Column("Is", html=True),
        "is_not": Column("Is not", html=True),
    }
    table = pd.DataFrame(rows, columns=list(columns))
    return ledger(
        table, columns, label=f"Is and is not: {where_name(found.where)}", notes=[_NOTE], phone="cards"
    )


def _led(where: Where, value: str, rate: float, **chosen: str) -> str:
    words = f"{escape(str(value))}: {percent(rate)} broken"
    return lead(words, address(**{**chosen, "where": where_text(where)}))


def _is_not(row: object, **chosen: str) -> str:
    where, dimension = row.is_not_where, row.dimension  # type: ignore[attr-defined]
    if not where:
        return "no other value with enough items clearly breaks less"
    told = _led(where, dict(where)[dimension], row.is_not_rate, **chosen)  # type: ignore[attr-defined]
    others = row.others  # type: ignore[attr-defined]
    return f"{told}<br><small>of {count(row.is_not_decided)}{f', and {others} more like it' if others else ''}</small>"  # type: ignore[attr-defined]


def _change(row: object) -> tuple[str, str]:
    what, touches = escape(str(row.what)), row.touches  # type: ignore[attr-defined]
    at = ", ".join(part_name(name, value) for name, value in touches.items()) or "all"
    told = f"{what} <small>(touches {escape(at)})</small>"
    inside, outside = row.is_share, row.is_not_share  # type: ignore[attr-defined]
    if inside is None or pd.isna(inside):
        return told, "<small>its items do not tell whom it touched</small>"
    beside = "" if outside is None or pd.isna(outside) else f", {percent(outside, 0)} of what is not"
    if row.was_before:  # type: ignore[attr-defined]
        beside += "; it was worse before already"
    verdict = {True: "could explain both", False: "does not explain both"}.get(row.explains, "cannot tell")  # type: ignore[attr-defined]
    return told, f"{verdict}<br><small>touched {percent(inside, 0)} of what is{beside}</small>"
