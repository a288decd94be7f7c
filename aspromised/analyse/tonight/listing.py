"""What is open and what is overdue: each item with its time left and its chance to break, and what that comes to."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.gaps.items import local_time
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.analyse.rates.scope import part_name, segment_value
from aspromised.words.figures import count, duration, listed, moment, plural
from aspromised.words.vocabulary import CANCELLED, WHOLE

OPEN_COLUMNS = (
    "promise_id", "claim", "team", "part", "stage", "item_id", "started", "due", "left_seconds", "chance", "low", "high", "known_of",
    "segment", "value", "started_utc", "due_utc",
)  # fmt: skip
OVERDUE_COLUMNS = (
    "promise_id", "claim", "team", "part", "stage", "item_id", "started", "due", "late_seconds", "started_utc", "due_utc",
)  # fmt: skip
NO_STAGE = "(no chain tells)"
"""The stage of items that no judged chain places."""
NOT_TOLD_APART = "(not told apart)"
"""The part of items whose promise has no such segment."""


@dataclass(frozen=True)
class Tonight:
    """What is open at the snapshot's moment, the likeliest to break first, and what is overdue and not done, the oldest first."""

    as_of: datetime
    items: pd.DataFrame
    """OPEN_COLUMNS; moments are the company's."""
    overdue: pd.DataFrame
    """OVERDUE_COLUMNS."""
    without_clock: tuple[str, ...]
    """Promises whose items have no time left: checks, counts, repeats."""
    unjudged: tuple[str, ...]
    """Promises that could not be judged."""
    scope: str = ""
    """Which items are looked at, in words; "" for all."""

    @property
    def today(self) -> date:
        """The day that goes on at the snapshot's moment, or begins with it."""
        return (self.as_of + timedelta(microseconds=1)).date()

    @property
    def due_today(self) -> pd.DataFrame:
        """The open items that fall due before the day is over."""
        return self.items[self.items["due"].dt.date <= self.today]

    @property
    def by_hour(self) -> pd.DataFrame:
        """Return by hour of the day in which they fall due: items, how many of them will break, and of how many that cannot be told."""
        due = self.due_today
        hours = due.assign(hour=due["due"].dt.hour)
        found = hours.groupby("hour", as_index=False).agg(
            items=("item_id", "size"), breaking=("chance", "sum"), untold=("chance", _untold)
        )
        return found.assign(breaking_so_far=found["breaking"].cumsum())

    @property
    def sentence(self) -> str:
        """What breaks today, in a sentence or two."""
        of = f" of {self.scope}" if self.scope else ""
        at = f"As of {moment(self.as_of)}:"
        overdue = _overdue_words(self)
        if self.items.empty:
            return " ".join([f"{at} nothing{of} is open that has a clock.", *overdue])
        due = self.due_today
        day = f"{self.today:%A} {self.today.day} {self.today:%B}"
        opened = f"{plural(len(self.items), 'item')}{of} {_is(len(self.items))} open"
        if due.empty:
            falls = f"none of them falls due on {day}"
            return " ".join([f"{at} {opened}; {falls}.", *overdue])
        told = due["chance"].notna()
        words = f"{at} {opened}, {count(len(due))} due by the end of {day}"
        if not told.any():
            return " ".join(
                [f"{words}: how many of them will break cannot be told, for want of history.", *overdue]
            )
        untold = int((~told).sum())
        rest = f"; of {count(untold)} that cannot be told" if untold else ""
        return " ".join([f"{words}: {about(float(due['chance'].sum()))} of them will break{rest}.", *overdue])


def stale_words(found: Tonight, now: datetime) -> str:
    """Return that "today" is another day than the one it is now; "" where it is the same."""
    days = (now.astimezone(found.as_of.tzinfo).date() - found.today).days
    if days <= 0:
        return ""
    return f"“Today” is of then, {plural(days, 'day')} ago: run `aspromised refresh`"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def about(expected: float) -> str:
    """Return an expected number of items in words: no more exact than it is known.

    >>> about(42.7), about(0.2), about(1.2)
    ('about 43', 'fewer than one', 'about 1')
    """
    return "fewer than one" if expected < 0.5 else f"about {count(expected)}"


def _overdue_words(found: Tonight) -> list[str]:
    if found.overdue.empty:
        return []
    number = len(found.overdue)
    said = f"{count(number)} {_is(number)} overdue and not done"
    oldest = late_words(float(found.overdue["late_seconds"].max()))
    return [f"{said}, due {oldest}." if oldest == JUST_NOW else f"{said}, the oldest by {oldest}."]


JUST_NOW = "just now"


def late_words(seconds: float) -> str:
    """Return for how long an item is overdue; what fell due at the snapshot's moment, the end of a day as a rule, did so just now.

    >>> late_words(0.0), late_words(3600.0)
    ('just now', '1 h')
    """
    return JUST_NOW if abs(seconds) < 0.5 else duration(seconds)


def _untold(chances: pd.Series) -> int:
    return int(chances.isna().sum())


@remembered
def tonight(
    snapshot: Queryable, promise: str = "", team: str = "", segment: str = "", value: str = "", by: str = ""
) -> Tonight:
    """Return what is open and overdue at the snapshot's moment, of a promise, a team that keeps it, or a value of a segment.

    With `by`, a segment, its value stands in `part`; NOT_TOLD_APART of promises that have no such segment.
    """
    zone = snapshot.meta["timezone"]
    chosen = {"promise": promise, "team": team, "value": value, "segment": segment, "by": by}
    of = [
        "($promise = '' or promise_id = $promise)",
        "($team = '' or \"#team\" = $team)",
        "not clock_left_seconds is null",
    ]
    part = f"'{NOT_TOLD_APART}'"
    if segment and value:
        of.append(f'list_contains("#segments", $segment) and {segment_value(segment)} = $value')
    if by:
        part = f"case when list_contains(\"#segments\", $by) then {segment_value(by)} else '{NOT_TOLD_APART}' end"
    asked = {name: chosen[name] for name in chosen if f"${name}" in f"{of} {part}"}
    items = snapshot.query(_OPEN_ITEMS.format(part=part, of=" and ".join(of)), asked)
    overdue = snapshot.query(
        _OVERDUE.format(part=part, of=" and ".join(of)), asked | {"cancelled": CANCELLED}
    )
    told = snapshot.query("select promise_id, kind, problem from promise order by 1")
    is_told = told["problem"].isna()
    named = [team, promise, part_name(segment, value) if segment and value else ""]
    return Tonight(
        datetime.fromisoformat(snapshot.meta["as_of"]).astimezone(ZoneInfo(zone)),
        _at_home(items, zone)[list(OPEN_COLUMNS)],
        _at_home(overdue, zone)[list(OVERDUE_COLUMNS)],
        tuple(told.loc[is_told & (told["kind"] != "clock"), "promise_id"]),
        tuple(told.loc[~is_told, "promise_id"]),
        listed([each for each in named if each]) if any(named) else "",
    )


_OF_PROMISE = """(
    select promise_id as "#promise", claim as "#claim", kept_by as "#team", segments as "#segments" from promise
) as promised on promise_id = "#promise"
"""
"""Names that no segment's column of `item` has."""

_IN_STAGE = """left join (
    select promise_id as "#kept", item_id as "#placed", stage as "#stage"
    from open_stage join chain_stage using (chain_id, position)
) as stages on "#kept" = promise_id and "#placed" = item_id"""

_OPEN_ITEMS = f"""
select promise_id, "#claim" as claim, "#team" as team, {{part}} as part, coalesce("#stage", '{NO_STAGE}') as stage, item_id, started, due,
    clock_left_seconds as left_seconds, "#chance" as chance, "#low" as low, "#high" as high, "#known_of" as known_of,
    "#segment" as segment, "#value" as value
from item join {_OF_PROMISE} {_IN_STAGE} left join (
    select promise_id as "#of", item_id as "#item", chance as "#chance", low as "#low", high as "#high", known_of as "#known_of",
        segment as "#segment", value as "#value" from open_chance
) as chances on "#of" = promise_id and "#item" = item_id
where verdict = 'open' and {{of}}
order by due, started, promise_id, item_id
"""
_OVERDUE = f"""
select promise_id, "#claim" as claim, "#team" as team, {{part}} as part, coalesce("#stage", '{NO_STAGE}') as stage, item_id, started, due, late_seconds
from item join {_OF_PROMISE} {_IN_STAGE}
where verdict = 'broken' and done is null and reason is distinct from $cancelled and {{of}}
order by due, started, promise_id, item_id
"""


def _at_home(found: pd.DataFrame, zone: str) -> pd.DataFrame:
    """Put moments into the company's time zone, and keep them in UTC beside; a text that is not there is None."""
    words = [name for name in ("team", "segment", "value") if name in found]
    found = found.assign(
        **{name: found[name].astype(object).where(found[name].notna(), None) for name in words}
    )
    as_stored = {f"{name}_utc": found[name] for name in ("started", "due")}
    return found.assign(**as_stored, **{name: local_time(found[name], zone) for name in ("started", "due")})


def likeliest_first(items: pd.DataFrame) -> pd.DataFrame:
    """Return open items by their chance to break, then by when they fall due; those of which it cannot be told last."""
    return items.sort_values(
        ["chance", "due", "started", "promise_id", "item_id"], ascending=[False, True, True, True, True]
    ).reset_index(drop=True)


GROUP_COLUMNS = ("group", "open", "due_today", "breaking_today", "untold_today", "breaking", "untold", "overdue", "oldest_seconds")  # fmt: skip


def open_by(found: Tonight, by: str) -> pd.DataFrame:
    """Return GROUP_COLUMNS by a column of the items (`promise_id`, `team`, `part`), what breaks most today first.

    `breaking` is how many are expected to break, of those of which that can be told.
    """
    today = found.due_today
    parts = {
        "open": found.items.groupby(by).size(),
        "due_today": today.groupby(by).size(),
        "breaking_today": today.groupby(by)["chance"].sum(),
        "untold_today": today.groupby(by)["chance"].agg(_untold),
        "breaking": found.items.groupby(by)["chance"].sum(),
        "untold": found.items.groupby(by)["chance"].agg(_untold),
        "overdue": found.overdue.groupby(by).size(),
        "oldest_seconds": found.overdue.groupby(by)["late_seconds"].max(),
    }
    table = pd.concat(parts, axis=1).rename_axis("group").reset_index()
    counts = [name for name in GROUP_COLUMNS[1:-1] if not name.startswith("breaking")]
    numbers = {name: table[name].fillna(0).astype(int) for name in counts}
    expected = {name: table[name].fillna(0.0).astype(float) for name in ("breaking_today", "breaking")}
    order = ["breaking_today", "breaking", "overdue", "group"]
    return (
        table.assign(**numbers, **expected)[list(GROUP_COLUMNS)]
        .sort_values(order, ascending=[False, False, False, True])
        .reset_index(drop=True)
    )


def told_by(segment: str | None, value: str | None) -> str:
    """Return by what a chance is told, in words; "" of the whole.

    >>> told_by("carrier", "Parcelway"), told_by(WHOLE, WHOLE), told_by(None, None)
    ('carrier Parcelway', '', '')
    """
    return part_name(segment, value) if segment and value and segment != WHOLE else ""
