"""What may be said in the words of now: figures of the items that were promised in them, and the wordings beside them.

A window may count items promised in several wordings. Their sum is of no wording: what is said of *words* is of the items
promised in these words, so a promise stands in a window by the version in force at its end, on the items of that version
alone. What was promised in other words is told beside it (`others`), and as a sum where all is counted together.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.figures import COUNTS, FIGURES, figures
from aspromised.analyse.rates.status import STATUS_COLUMNS, statuses, versions_each
from aspromised.analyse.rates.versions import standing as standing_over
from aspromised.analyse.windows.window import CountedDays
from aspromised.words.figures import count, percent

IN_WORDS_COLUMNS = (*STATUS_COLUMNS, "from_day", "length", "others", "together")


@remembered
def statuses_in_words(snapshot: Queryable, window: CountedDays) -> pd.DataFrame:
    """Return one row a promise, in the order of their ids: IN_WORDS_COLUMNS.

    It is the row of `statuses` where all items were promised in the words of `version`, the one in force on the last day
    of the window that the snapshot knows of; else its figures are those of that version's items. `others` are the rows of
    the other wordings that decided anything, oldest first, and `together` the row of `statuses` where there are any, else
    None. `claim`, `from_day` and `length` are the version's.
    """
    whole = statuses(snapshot, window)
    each = versions_each(snapshot, whole, window)
    standing = standing_over(snapshot, whole["promise_id"], window).set_axis(whole.index)
    table = whole.assign(
        from_day=standing["from_day"],
        length=standing["length"].fillna(""),
        others=pd.Series([[] for _ in whole.index], whole.index, dtype=object),
        together=pd.Series([None] * len(whole), whole.index, dtype=object),
    )
    own = dict(zip(table["promise_id"], table["version"], strict=True))
    several = set(each["promise_id"][each["version"] != each["promise_id"].map(own)])
    for place in table.index[table["promise_id"].isin(several)]:
        row = table.loc[place]
        found = _stand(row, each[each["promise_id"] == row["promise_id"]], standing.at[place, "target"])
        for name in (*COUNTS, *FIGURES, "others", "together"):
            table.at[place, name] = found[name]
    return table[list(IN_WORDS_COLUMNS)]


def _stand(row: pd.Series, wordings: pd.DataFrame, aim: float) -> pd.Series:
    """The row of all wordings with the figures of its own, and what else was decided beside them."""
    is_own = wordings["version"] == row["version"]
    others = wordings[~is_own & (wordings["decided"] > 0)]
    own = wordings[is_own].iloc[0] if is_own.any() else _nothing(aim)
    figures_of = {name: own[name] for name in (*COUNTS, *FIGURES)}
    if isinstance(row["problem"], str):
        figures_of["status"] = None
    told = others.to_dict("records")
    return pd.Series({**row, **figures_of, "others": told, "together": row if told else None})


def _nothing(aim: float) -> pd.Series:
    empty = pd.DataFrame([{**dict.fromkeys(COUNTS, 0), "target": aim, "at_least": 1}])
    return figures(empty).iloc[0]


def beside(row: Mapping[str, Any] | pd.Series) -> str:
    """Return how the other wordings of a row went, "" where all was promised in the words it stands in.

    >>> other = {"claim": "In 5 days", "rate": 0.99, "decided": 3000, "status": "kept", "version": 1}
    >>> beside({"claim": "In 2 days", "version": 2, "others": [other]})
    'before, as “In 5 days”: 99.0 % of 3,000, kept'
    """
    return "; ".join(
        f"{called(other, row)}: {percent(other['rate'])} of {count(other['decided'])}, {other['status']}"
        for other in row["others"]
    )


def called(other: Mapping[str, Any], row: Mapping[str, Any] | pd.Series) -> str:
    """Return when and how another wording said what a row says: `claim` and `version` of each.

    >>> called({"claim": "In 5 days", "version": 3}, {"claim": "In 2 days", "version": 2})
    'after, as “In 5 days”'
    """
    when = "before" if other["version"] < row["version"] else "after"
    words = "on other terms" if other["claim"] == row["claim"] else f"as “{other['claim']}”"
    return f"{when}, {words}"


def together(row: Mapping[str, Any] | pd.Series, items: str = "items") -> str:
    """Return what all wordings of a row come to, told as pooled; "" where one alone decided anything."""
    whole, number = row["together"], len(row["others"]) + (1 if row["decided"] else 0)
    if whole is None or number < 2:
        return ""
    return f"{percent(whole['rate'])} of {count(whole['decided'])} {items} in {in_wordings(number)} together"


def aside(row: Mapping[str, Any] | pd.Series, items: str = "items") -> str:
    """Return in a sentence what the window counts that was promised in other words, "" where nothing was."""
    told = "; ".join(filter(None, [beside(row), together(row, items)]))
    return f"Promised in other words, and not in this rate: {told}." if told else ""


def in_wordings(number: int) -> str:
    """Return what stands in place of a verdict where items of so many wordings, of one only another, are counted: there is none.

    >>> in_wordings(2), in_wordings(1)
    ('2 wordings', 'another wording')
    """
    return f"{number} wordings" if number > 1 else "another wording"
