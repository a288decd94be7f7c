"""The broken and open items as people sort, filter and take them away."""

import altair as alt
import pandas as pd

from aspromised.analyse.gaps.items import ITEM_COLUMNS
from aspromised.chart.base.figure import PICKED, Composed, Figure, layered
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.base.theme import palette
from aspromised.words.figures import count, listed
from aspromised.words.vocabulary import CANCELLED

SHOWN = 1000
"""So many items are listed on a page; the file to take away has all."""
_STORIES = 12
"""So many items have a link to their story; the others are chosen in the list."""
_UNITS = ((86_400, "days"), (3600, "hours"), (60, "minutes"))


def pick_items(items: pd.DataFrame, which: str) -> pd.DataFrame:
    """Return the items chosen: "broken", of these the "overdue" ones that are to be done still and those "cancelled"; "open", else
    broken and open.
    """
    is_broken = items["verdict"] == "broken"
    is_cancelled = is_broken & (items["reason"] == CANCELLED)
    kinds = {
        "broken": is_broken,
        "overdue": is_broken & items["done"].isna() & items["late_seconds"].notna() & ~is_cancelled,
        "cancelled": is_cancelled,
        "open": ~is_broken,
    }
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


def item_leads(listed_items: pd.DataFrame, /, **chosen: str) -> Links | None:
    """Return the ways to the stories of the first items of a list, in the state `chosen`; None where there are none.

    >>> found = item_leads(pd.DataFrame({"item_id": ["O1", None]}), promise="p")
    >>> [(each.words, each.address) for each in found.links]
    [('O1', 'gaps?promise=p&item=O1#story')]
    """
    named = listed_items[listed_items["item_id"].notna()].head(_STORIES)
    if named.empty:
        return None
    links = [
        Link(str(each), f"{to}#story")
        for each, to in zip(named["item_id"], story_addresses(named, **chosen), strict=True)
    ]
    return Links("Each step of one of them:", links)


def story_addresses(listed_items: pd.DataFrame, /, **chosen: str) -> list[str]:
    """Return the address of the story of each item of a list, in the state `chosen`."""
    return [address("gaps", **{**chosen, "item": str(each)}) for each in listed_items["item_id"]]


OUTCOMES = (
    ("broken", "done late"),
    ("overdue", "overdue and still not done"),
    ("cancelled", "cancelled"),
    ("open", "open, not due yet"),
)
"""What items come to that are not kept, and how they are chosen."""


def outcomes_figure(items: pd.DataFrame, noun: str, /, **chosen: str) -> Figure | None:
    """Return how many items were done late, are overdue and still not done, or are open: bars that lead to them; also those
    that are broken for being cancelled, where there are any.

    None of what is told when it happens: it has no time to be late by.
    """
    is_timed = (items["due"] != items["started"]) & items["due"].notna()
    if not is_timed.any():
        return None
    counted = {which: len(pick_items(items, which)) for which, _ in OUTCOMES}
    counted["broken"] -= counted["overdue"] + counted["cancelled"]
    rows = [
        (said, counted[which], address(**{**chosen, "items": which}))
        for which, said in OUTCOMES
        if counted[which] or which != "cancelled"
    ]
    table = pd.DataFrame(rows, columns=["what", "items", "to"])
    told = listed([f"{count(number)} {said}" for said, number, _ in rows if number]) or "none"
    return Figure(
        _bars(table),
        takeaway=f"Of the {noun} that are not kept: {told}.",
        table=table.drop(columns="to").set_axis(["What", noun.capitalize()], axis=1),
        title=f"The {noun} that are not kept, by what became of them",
        is_tested=True,
        leads=True,
    )


def _bars(table: pd.DataFrame) -> Composed:
    p = palette()
    colour = alt.Scale(domain=[said for _, said in OUTCOMES], range=[p.unknown, p.short, p.quiet, p.kept])
    picked = alt.selection_point(name=PICKED, fields=["to"])
    base = alt.Chart(table).encode(
        y=alt.Y("what:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=260)),
        x=alt.X("items:Q", title=None, axis=alt.Axis(grid=True, format=",d", tickMinStep=1)),
    )
    bars = base.mark_bar(cursor="pointer").encode(color=alt.Color("what:N", scale=colour, legend=None))
    numbers = base.mark_text(align="left", dx=5, fontWeight=600, color=p.ink).encode(
        text=alt.Text("items:Q", format=",d")
    )
    return layered([bars.add_params(picked), numbers], height=alt.Step(30))


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
