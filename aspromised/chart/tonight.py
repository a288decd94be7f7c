"""What breaks today, typeset and drawn: by hour, by promise, item by item, and how well that was told before."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from aspromised.analyse.tonight.calibration import Calibration
from aspromised.analyse.tonight.listing import Tonight, about, late_words, likeliest_first, open_by, told_by
from aspromised.chart.base.figure import Composed, Figure, layered
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import Link, Links, address, lead
from aspromised.chart.base.theme import palette
from aspromised.words.figures import NOTHING, chance, count, duration, later_moment, moment, percent, plural
from aspromised.words.text import html as escape

LIKELIEST, OLDEST = 25, 15
"""Items that are listed; the files to take away have all."""


def hours_due_figure(found: Tonight) -> Figure | None:
    """Return how many will break by the hour in which they fall due; None where nothing falls due today, or no chance is told."""
    hours = found.by_hour
    if hours.empty or hours["untold"].sum() == hours["items"].sum():
        return None
    named = hours.assign(
        by=[_end_of(hour) for hour in hours["hour"]],
        said=[f"{_short(row.breaking)} of {count(row.items)}" for row in hours.itertuples()],
    )
    numbers = named.assign(breaking=named["breaking"].round(1), so_far=named["breaking_so_far"].round(1))
    return Figure(
        _bars(named[["by", "breaking", "said"]]),
        takeaway=_hours_takeaway(found, hours),
        table=numbers[list(_HOURS)].rename(columns=_HOURS),
        title=f"When they fall due on {found.today:%A} {found.today.day} {found.today:%B}, and about how many of them will break",
        is_tested=True,
    )


_HOURS = {
    "by": "Due by",
    "items": "Due",
    "breaking": "Will break, about",
    "untold": "Cannot be told",
    "so_far": "Will break, so far",
}


def _short(expected: float) -> str:
    return "under 1" if expected < 0.5 else count(expected)


def _end_of(hour: int) -> str:
    return "by midnight" if hour == 23 else f"by {hour + 1:02}:00"


def _hours_takeaway(found: Tonight, hours: pd.DataFrame) -> str:
    last = hours.iloc[-1]
    total = f"{about(float(last['breaking_so_far']))} of the {count(hours['items'].sum())} that fall due today will break"
    worst = hours.loc[hours["breaking"].idxmax()]
    is_most = 2 * worst["breaking"] > last["breaking_so_far"]
    when = f"{'most of them' if is_most else 'the most in one hour'}, {about(float(worst['breaking']))}, among the {count(worst['items'])} due {_end_of(int(worst['hour']))}"
    said = f"{total}; {when}." if len(hours) > 1 else f"{total}, {_end_of(int(last['hour']))}."
    return said[0].upper() + said[1:]


def _bars(named: pd.DataFrame) -> Composed:
    p = palette()
    base = alt.Chart(named)
    room = 1.5 * max(float(named["breaking"].max()), 1.0)
    x = alt.X("breaking:Q", title=None, axis=None, scale=alt.Scale(domain=[0, room]))
    y = alt.Y("by:N", sort=None, title=None)
    bar = base.mark_bar(color=p.short, height=12).encode(x=x, y=y)
    text = base.mark_text(align="left", dx=6, color=p.ink).encode(x=x, y=y, text=alt.Text("said:N"))
    return layered([bar, text], height=alt.Step(24))


def whats_open_ledger(found: Tonight, by: str, heading: str, **chosen: str) -> Ledger | None:
    """Return what is open by promise (`promise_id`), `team`, or `part` of the segment `heading`, each leading to itself.

    None where nothing is open or overdue.
    """
    table = open_by(found, by)
    if table.empty:
        return None
    claims = _claims(found) if by == "promise_id" else {}
    rows = [
        (
            _named(row.group, by, heading, claims, chosen),
            count(row.open),
            count(row.due_today),
            _will_break(row.breaking_today, row.due_today, row.untold_today),
            count(row.overdue),
            late_words(row.oldest_seconds),
        )
        for row in table.itertuples()
    ]
    columns = {
        "name": Column(heading.replace("_", " ").capitalize(), html=True),
        "open": Column("Open", "right"),
        "due": Column("Due today", "right"),
        "breaking": Column("Will break", "right"),
        "overdue": Column("Overdue", "right"),
        "oldest": Column("Oldest by", "right"),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label=f"What is open, by {heading}")


def _claims(found: Tonight) -> dict[str, str]:
    every = pd.concat([found.items[["promise_id", "claim"]], found.overdue[["promise_id", "claim"]]])
    return {row.promise_id: str(row.claim) for row in every.drop_duplicates("promise_id").itertuples()}


def _named(group: str, by: str, segment: str, claims: dict[str, str], chosen: dict[str, str]) -> str:
    if by == "promise_id":
        return lead(escape(claims[group]), address("tonight", **{**chosen, "promise": group}))
    if by == "stage":
        return escape(group)
    if by == "team":
        return lead(escape(group), address("tonight", **{**chosen, "team": group}))
    return lead(escape(group), address("tonight", **{**chosen, "segment": segment, "value": group}))


def _will_break(breaking: float, due: int, untold: int) -> str:
    if not due:
        return NOTHING
    return "cannot tell" if untold == due else about(breaking)


def likeliest_ledger(found: Tonight, **chosen: str) -> Ledger | None:
    """Return the open items due today, the likeliest to break first, or where none is, of all; each leads to its story."""
    due = found.due_today
    of = found.items if due.empty else due
    if of.empty:
        return None
    shown = likeliest_first(of).head(LIKELIEST)
    rows = [
        (
            _story_of(row.item_id, row.promise_id, **chosen),
            escape(str(row.claim)),
            later_moment(row.due, found.as_of.replace(tzinfo=None)),
            duration(row.left_seconds),
            _chance(row.chance, row.low, row.high),
            told_by(row.segment, row.value),
        )
        for row in shown.itertuples()
    ]
    columns = {
        "item": Column("Item", html=True),
        "claim": Column("Promise", html=True),
        "due": Column("Due"),
        "left": Column("Left", "right"),
        "chance": Column("Chance to break", "right", html=True),
        "by": Column("As others of"),
    }
    which = "due today" if len(due) else "open, of which none is due today"
    cut = f"{plural(len(shown), 'item')} of {count(len(of))} {which}, the likeliest to break first."
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="What is likeliest to break", notes=[cut])  # fmt: skip


def _story_of(item: str, promise: str, **chosen: str) -> str:
    return lead(escape(str(item)), address("tonight", **{**chosen, "promise": promise, "item": str(item)}))


def _chance(told: float, low: float, high: float) -> str:
    if pd.isna(told):
        return '<span class="ap-unknown">cannot tell</span>'
    return f"{chance(told)} <small>{percent(low, 0)} to {percent(high, 0)}</small>"


def overdue_ledger(found: Tonight, **chosen: str) -> Ledger | None:
    """Return what is overdue and not done, the oldest first; None where nothing is."""
    if found.overdue.empty:
        return None
    shown = found.overdue.head(OLDEST)
    rows = [
        (
            _story_of(row.item_id, row.promise_id, **chosen),
            escape(str(row.claim)),
            moment(row.due),
            late_words(row.late_seconds),
        )
        for row in shown.itertuples()
    ]
    columns = {
        "item": Column("Item", html=True),
        "claim": Column("Promise", html=True),
        "due": Column("Was due"),
        "late": Column("Late", "right"),
    }
    cut = f"{plural(len(shown), 'item')} of {count(len(found.overdue))}, the oldest first."
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="Overdue and not done", notes=[cut])  # fmt: skip


def chance_words(found: Tonight, promise: str, item: str) -> str:
    """Return how likely an open item is to break and on what that rests; "" of one that is not open."""
    own = found.items[(found.items["promise_id"] == promise) & (found.items["item_id"] == item)]
    if own.empty:
        return ""
    row = own.iloc[0]
    if pd.isna(row["chance"]):
        return "How likely it is to break cannot be told: too few such items are known."
    of = told_by(row["segment"], row["value"])
    such = f"{plural(row['known_of'], 'item')}{f' of {of}' if of else ''}"
    interval = f"{percent(row['low'], 0)} to {percent(row['high'], 0)}"
    return f"It breaks with a chance of {chance(row['chance'])} ({interval}), as {such} fared that had as much time left."


def narrowed(promise: str, team: str, item: str) -> Links | None:
    """Return the way back from an item, a promise or a team to all that is open; None where all is shown."""
    links = []
    if item:
        links.append(Link("its promise", address("tonight", promise=promise, team=team)))
    if promise or team:
        links.append(Link("everything open", address("tonight")))
    return Links("Back to", links) if links else None


def reliability_figure(told: Calibration) -> Figure | None:
    """Return what was told on past evenings beside what came, by tenths; None where nothing was forecast."""
    if told.tenths.empty:
        return None
    return Figure(
        _reliability(told.tenths),
        takeaway=told.sentence,
        table=_tenths(told.tenths),
        title="The share that broke, by the chance that was told; on the line it came as told",
        is_tested=True,
    )


def _reliability(tenths: pd.DataFrame) -> Composed:
    p = palette()
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], grid=True)
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("told:Q", title="chance told", axis=axis, scale=scale)
    y = alt.Y("broke:Q", title="broke", axis=axis, scale=scale)
    drawn = tenths.assign(said=[count(items) for items in tenths["items"]])
    line = (
        alt.Chart(pd.DataFrame({"told": [0.0, 1.0], "broke": [0.0, 1.0]}))
        .mark_line(color=p.quiet, strokeWidth=1, strokeDash=[4, 3])
        .encode(x=x, y=y)
    )
    base = alt.Chart(drawn)
    whisker = base.mark_rule(color=p.ink, strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    dot = base.mark_point(color=p.ink, fill=p.ink, size=50).encode(x=x, y=y)
    text = base.mark_text(align="left", dx=8, dy=9, color=p.quiet).encode(x=x, y=y, text=alt.Text("said:N"))
    return layered([line, whisker, dot, text], height=300)


def _tenths(tenths: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Chance": [f"{10 * tenth} to {10 * tenth + 10} %" for tenth in tenths["tenth"]],
            "Forecasts": tenths["items"],
            "Told %": (100 * tenths["told"]).round(1),
            "Broke %": (100 * tenths["broke"]).round(1),
            "From %": (100 * tenths["low"]).round(1),
            "To %": (100 * tenths["high"]).round(1),
        }
    )


def open_table(found: Tonight) -> pd.DataFrame:
    """Return every open item under headings a reader knows, for taking away."""
    items = likeliest_first(found.items)
    zone = str(found.as_of.tzinfo)
    return pd.DataFrame(
        {
            "Promise": items["promise_id"],
            "Claim": items["claim"],
            "Kept by": items["team"],
            "Stage": items["stage"],
            "Item": items["item_id"],
            f"Started ({zone})": items["started"],
            f"Due ({zone})": items["due"],
            "Hours left on its clock": (items["left_seconds"] / 3600).round(2),
            "Chance to break %": (100 * items["chance"]).round(1),
            "From %": (100 * items["low"]).round(1),
            "To %": (100 * items["high"]).round(1),
            "Known of": items["known_of"],
            "As others of": [told_by(row.segment, row.value) for row in items.itertuples()],
        }
    )


def overdue_table(found: Tonight) -> pd.DataFrame:
    """Return every item that is overdue and not done, the oldest first, for taking away."""
    items, zone = found.overdue, str(found.as_of.tzinfo)
    return pd.DataFrame(
        {
            "Promise": items["promise_id"],
            "Claim": items["claim"],
            "Kept by": items["team"],
            "Stage": items["stage"],
            "Item": items["item_id"],
            f"Started ({zone})": items["started"],
            f"Was due ({zone})": items["due"],
            "Hours late": (items["late_seconds"] / 3600).round(2),
        }
    )


def without_clock_note(names: Sequence[str], unjudged: Sequence[str]) -> list[str]:
    """Return which promises are not here, and why, a sentence each."""
    said = []
    if names:
        said.append(f"Without a clock, so with nothing to run out, and not here: {', '.join(names)}.")
    if unjudged:
        said.append(
            f"Could not be judged, and not here: {', '.join(unjudged)}. Data health and `aspromised check` say why."
        )
    return said
