"""The broken and open items as people sort, filter and take them away."""

import shlex

import pandas as pd

from aspromised.analyse.gaps.items import ITEM_COLUMNS
from aspromised.words.figures import count

SHOWN = 1000
"""So many items are listed on a page; the file to take away has all."""
_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))


def chosen(items: pd.DataFrame, which: str) -> pd.DataFrame:
    """Return the items chosen: "broken", of these the "overdue" ones that are not done even now, "open", else broken and open."""
    is_broken = items["verdict"] == "broken"
    kinds = {"broken": is_broken, "overdue": is_broken & items["done"].isna(), "open": ~is_broken}
    return items[kinds[which]].reset_index(drop=True) if which in kinds else items


def item_table(items: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Return items under headings a reader knows: moments name their zone, late and left their unit.

    What is left on the promise's own clock stands beside what is left on the wall, where the two differ.
    """
    size, unit = _unit(items)
    left, own = f"{unit.capitalize()} left (− late)", f"{unit.capitalize()} left on its clock"
    wall = items["left_seconds"].fillna(-items["late_seconds"])
    table = pd.DataFrame(
        {
            "Item": items["item_id"],
            "Verdict": items["verdict"],
            left: (wall / size).round(1) + 0.0,
            own: (items["clock_left_seconds"] / size).round(1) + 0.0,
            "Why": items["reason"],
            **_moments(items, zone),
            **{_heading(name): items[name] for name in items.columns if name not in ITEM_COLUMNS},
        }
    )
    has_length = (items["due"] != items["started"]).any() or items.empty
    is_wall = not ((items["clock_left_seconds"] - wall).abs() >= 1).any()
    hidden = [*([] if has_length else [left]), *([own] if is_wall or not has_length else [])]
    return table.drop(columns=hidden).dropna(axis="columns", how="all")


def _moments(items: pd.DataFrame, zone: str) -> dict[str, pd.Series]:
    """The moments of a clock; a check has but one."""
    if (items["due"] == items["started"]).all():
        return {f"At ({zone})": items["started"]}
    return {f"{name.capitalize()} ({zone})": items[name] for name in ("due", "started", "done")}


def _heading(segment: str) -> str:
    return segment.removesuffix("_").replace("_", " ").capitalize()


def _unit(items: pd.DataFrame) -> tuple[int, str]:
    """The largest unit in which the middle length is more than two."""
    lengths = pd.concat([items["left_seconds"], items["late_seconds"]]).abs()
    middle = lengths.median() if lengths.notna().any() else 0.0
    return next(((size, name) for size, name in _UNITS if middle >= 2 * size), _UNITS[-1])


def why_note(promise_id: str, items: pd.DataFrame) -> str | None:
    """Return the command that tells one item's story, the first of the list as its example.

    >>> why_note("two-day", pd.DataFrame({"item_id": ["O1"]}))
    'Each step of one of them, its clock beside the wall: `aspromised why two-day --item O1`'
    """
    if items.empty:
        return None
    item = shlex.quote(str(items["item_id"].iloc[0])).replace("`", "")
    return f"Each step of one of them, its clock beside the wall: `aspromised why {shlex.quote(promise_id)} --item {item}`"


def items_note(items: pd.DataFrame) -> str:
    """Return how many there are and how many of them are listed.

    >>> items_note(pd.DataFrame({"verdict": ["open", "broken", "broken"]}))
    '1 open, those due soonest first; 2 broken, the latest first.'
    """
    said = []
    for verdict, order in (("open", "those due soonest first"), ("broken", "the latest first")):
        found = int((items["verdict"] == verdict).sum())
        said += [f"{count(found)} {verdict}, {order}"] if found else []
    cut = (
        f" The first {count(SHOWN)} of {count(len(items))} are shown; the download has all."
        if len(items) > SHOWN
        else ""
    )
    return f"{'; '.join(said)}.{cut}"
