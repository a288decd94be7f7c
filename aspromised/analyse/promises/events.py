"""What happened around a promise: new wordings, promotions that lean on it, changes."""

import json
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.words.figures import target

EVENT_COLUMNS = ("mark", "kind", "first", "last", "what", "promotion_id")
WORDING, PROMOTION, CHANGE = "new wording", "promotion", "change"
OTHER_PROMOTION = "promotion on other claims"
"""One that does not lean on the promise may harm it all the same, by what it takes away."""


def events(snapshot: Queryable, promise_id: str, first: date, last: date) -> pd.DataFrame:
    """Return what happened between two days, both included, in the order of time: EVENT_COLUMNS.

    `first` and `last` are local days, both included; `mark` is a letter to call it by; `promotion_id` is "" but for a
    promotion. A promotion that was called off
    is left out, and so is a change that touches only segments the promise does not have.
    """
    leaning, others = (_leaning_promotions(snapshot, promise_id), _other_promotions(snapshot, promise_id))
    found = [_wordings(snapshot, promise_id), leaning, others, _changes(snapshot, promise_id)]
    table = pd.concat(found, ignore_index=True)
    inside = (table["first"] <= pd.Timestamp(last)) & (table["last"] >= pd.Timestamp(first))
    table = table[inside].sort_values(["first", "kind"], kind="stable", ignore_index=True)
    return table.assign(mark=[_letter(number) for number in range(len(table))])[list(EVENT_COLUMNS)]


def _leaning_promotions(snapshot: Queryable, promise_id: str) -> pd.DataFrame:
    """Return the promotions that lean on a promise by launch: EVENT_COLUMNS without the mark, days of the company."""
    return _promotions(snapshot, promise_id, "list_contains(leans_on, $promise)", PROMOTION)


def _other_promotions(snapshot: Queryable, promise_id: str) -> pd.DataFrame:
    return _promotions(snapshot, promise_id, "not list_contains(leans_on, $promise)", OTHER_PROMOTION)


def _promotions(snapshot: Queryable, promise_id: str, condition: str, kind: str) -> pd.DataFrame:
    table = snapshot.query(
        f"""
        select promotion_id, says, launched, ends
        from promotion
        where {condition} and not coalesce(cancelled, false) and launched is not null
        order by launched
        """,
        {"promise": promise_id},
    )
    zone = ZoneInfo(snapshot.meta["timezone"])
    first = _local_day(table["launched"], zone)
    dated = _dated(first, _local_day(table["ends"], zone).fillna(first), kind, list(table["says"]))
    return dated.assign(promotion_id=table["promotion_id"].astype("str").to_numpy())


def planned_promotions(snapshot: Queryable, promise_id: str, after: date) -> pd.DataFrame:
    """Return the promotions that lean on a promise and are launched after a day, as `_leaning_promotions` has them."""
    table = _leaning_promotions(snapshot, promise_id)
    return table[table["first"] > pd.Timestamp(after)].reset_index(drop=True)


def _wordings(snapshot: Queryable, promise_id: str) -> pd.DataFrame:
    table = snapshot.query(
        "select from_day, claim, length, target from promise_version"
        " where promise_id = $promise and from_day is not null order by version",
        {"promise": promise_id},
    )
    return _dated(table["from_day"], table["from_day"], WORDING, [_said(row) for row in table.itertuples()])


def _said(version: object) -> str:
    claim, length, aim = (getattr(version, name) for name in ("claim", "length", "target"))
    return ", ".join([f"“{claim}”", *([length] if length else []), f"target {target(aim)}"])


def _changes(snapshot: Queryable, promise_id: str) -> pd.DataFrame:
    table = snapshot.query(
        """
        select c.on, c.what, c.touches, coalesce(p.segments, []) as segments
        from change c, promise p
        where p.promise_id = $promise
        order by c.on, c.change_id
        """,
        {"promise": promise_id},
    )
    touched = [_touches(row.touches, row.segments) for row in table.itertuples()]
    table = table[pd.Series(touched, index=table.index, dtype=bool)]
    return _dated(table["on"], table["on"], CHANGE, list(table["what"]))


def _touches(touched: str | None, segments: Sequence[str]) -> bool:
    """Whether a change touches everything, or a segment that the promise has.

    >>> _touches("{}", []), _touches('{"site": "north"}', ["site"]), _touches('{"site": "north"}', ["region"])
    (True, True, False)
    """
    names = set(json.loads(touched)) if isinstance(touched, str) else set()
    return not names or bool(names & set(segments))


def _local_day(instants: pd.Series, zone: ZoneInfo) -> pd.Series:
    return (
        pd.to_datetime(instants).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
    )


def _dated(first: pd.Series, last: pd.Series, kind: str, what: Sequence[str]) -> pd.DataFrame:
    days = {"first": first, "last": last}
    dated = {
        name: pd.to_datetime(column).astype("datetime64[us]").to_numpy() for name, column in days.items()
    }
    return pd.DataFrame({"kind": kind, **dated, "what": pd.Series(what, dtype="str"), "promotion_id": ""})


def _letter(number: int) -> str:
    """Return the letter of a number: a to z, then aa, ab, …

    >>> _letter(0), _letter(25), _letter(26)
    ('a', 'z', 'aa')
    """
    return chr(97 + number) if number < 26 else _letter(number // 26 - 1) + _letter(number % 26)
