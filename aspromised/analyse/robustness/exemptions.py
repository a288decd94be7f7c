"""What a kept rate leaves out as exempt: how much, why, who approved it, and the rate had it counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import CountedDays, Window
from aspromised.words.figures import count, percent, plural, points_between

_REASON_COLUMNS = ("exempt_by", "reason", "approved_by", "items", "share", "kept", "broken", "open")
LARGE = 0.10
"""The exempt share from which it is said: with a tenth left out, a target of 90 % could be met by exemptions alone."""
RECENT_DAYS = 90
"""Data health looks at so many days: long enough for a rare promise, short enough to be acted on."""
_CANCELLED = "cancelled"


@dataclass(frozen=True)
class Exemptions:
    """What a promise leaves out over a window; `kept` and `broken` are the items that count, `open` those not told yet."""

    promise_id: str
    kept: int
    broken: int
    reasons: pd.DataFrame = field(repr=False)
    """One row a reason, most items first: _REASON_COLUMNS; `kept`, `broken` and `open` are what they would be."""
    open: int = 0

    @property
    def items(self) -> int:
        """How many items are exempt."""
        return int(self.reasons["items"].sum())

    @property
    def share(self) -> float | None:
        """The exempt share of the items that are kept, broken or exempt; None where there are none."""
        whole = self.kept + self.broken + self.items
        return self.items / whole if whole else None

    @property
    def rate(self) -> float | None:
        """The kept rate as it is declared."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None

    @property
    def kept_without(self) -> int:
        """Items kept, had nothing been exempt."""
        return self.kept + int(self.reasons["kept"].sum())

    @property
    def broken_without(self) -> int:
        """Items broken, had nothing been exempt."""
        return self.broken + int(self.reasons["broken"].sum())

    @property
    def open_without(self) -> int:
        """Items still open, had nothing been exempt."""
        return self.open + int(self.reasons["open"].sum())

    @property
    def rate_without(self) -> float | None:
        """The kept rate had nothing been exempt; cancelled before it was due, an item still counts neither way."""
        decided = self.kept_without + self.broken_without
        return self.kept_without / decided if decided else None

    @property
    def cancelled(self) -> int:
        """How many were cancelled."""
        return self._cancelled("items")

    @property
    def cancelled_overdue(self) -> int:
        """How many of these were already past due when they were cancelled."""
        found = self.reasons[self.reasons["reason"] == "cancelled after it was due"]
        return int(found.loc[found["exempt_by"] == _CANCELLED, "items"].sum())

    def _cancelled(self, column: str) -> int:
        return int(self.reasons.loc[self.reasons["exempt_by"] == _CANCELLED, column].sum())

    @property
    def is_large(self) -> bool:
        """Whether so much is left out that the rate cannot be read without it, even if all that is open will count."""
        whole = self.kept + self.broken + self.items + self.open
        return bool(whole) and self.items / whole > LARGE

    def sentences(self, one: str = "item", many: str = "items") -> Iterator[str]:
        """Yield how much is exempt and what it does to the rate, then what was cancelled late; none where none is."""
        if not self.items:
            return
        yield f"{plural(self.items, f'exempt {one}', f'exempt {many}')}, {percent(self.share)} of all: {self._effect}."
        if self.cancelled_overdue:
            was = "was" if self.cancelled_overdue == 1 else "were"
            yield (
                f"Of {plural(self.cancelled, f'cancelled {one}', f'cancelled {many}')}, {count(self.cancelled_overdue)}"
                f" {was} already past due when cancelled: left out, though late."
            )
        if self.is_large:
            yield (
                f"More than {percent(LARGE, 0)} is left out: look at the reasons before the rate is quoted."
            )

    @property
    def _effect(self) -> str:
        if self.rate is None or self.rate_without is None:
            return "there is no rate to compare"
        still_open = self.open_without - self.open
        if not (self.reasons["kept"] + self.reasons["broken"]).any():
            if still_open:
                return f"had they counted, {count(still_open)} more would still be open, and the rate so far {percent(self.rate)}"
            return f"none would have counted (cancelled before due, or not decided), the rate is {percent(self.rate)} either way"
        more = f", with {count(still_open)} more still open" if still_open else ""
        if self.rate_without == self.rate:
            return f"had they counted, the rate would still be {percent(self.rate)}{more}"
        moved = points_between(self.rate_without, self.rate)
        return f"with them left out the rate is {percent(self.rate)}, had they counted {percent(self.rate_without)} ({moved}){more}"


def exemptions(
    snapshot: Queryable, window: CountedDays, promise_id: str | None = None
) -> dict[str, Exemptions]:
    """Return what each promise (or only one) leaves out over `window`, by promise; those without any item too."""
    only, chosen = ("promise_id = $promise", {"promise": promise_id}) if promise_id else ("true", {})
    decided = snapshot.query(
        f"""
        with decided as (
          select promise_id, sum(kept)::bigint as kept, sum(broken)::bigint as broken,
            sum(open)::bigint as open
          from verdict_daily where segment = '(all)' and {only} and {window.condition} group by promise_id
        )
        select promise_id, coalesce(kept, 0) as kept, coalesce(broken, 0) as broken, coalesce(open, 0) as open
        from promise left join decided using (promise_id) where {only} order by promise_id
        """,
        {**window.parameters, **chosen},
    )
    reasons = _reasons(snapshot, window, only, chosen)
    return {
        row.promise_id: _of(row.promise_id, row.kept, row.broken, reasons, row.open)
        for row in decided.itertuples()
    }


def _of(promise_id: str, kept: int, broken: int, reasons: pd.DataFrame, still_open: int) -> Exemptions:
    own = reasons[reasons["promise_id"] == promise_id].reset_index(drop=True)
    whole = kept + broken + own["items"].sum()
    own = own.assign(share=own["items"] / whole if whole else 0.0)
    return Exemptions(promise_id, int(kept), int(broken), own[list(_REASON_COLUMNS)], int(still_open))


def _reasons(snapshot: Queryable, window: CountedDays, only: str, chosen: dict[str, str]) -> pd.DataFrame:
    return snapshot.query(
        f"""
        with approved as (
          select promise_id, reason, string_agg(distinct approved_by, ', ' order by approved_by) as approved_by
          from correction group by all
        ), left_out as (
          select promise_id, exempt_by, coalesce(reason, '') as reason,
            sum(items)::bigint as items, sum(kept)::bigint as kept, sum(broken)::bigint as broken,
            sum(open)::bigint as open
          from exempt_daily where {only} and {window.condition} group by all
        )
        select l.*, case when exempt_by = 'correction' then approved_by end as approved_by
        from left_out l left join approved using (promise_id, reason)
        order by items desc, reason
        """,
        {**window.parameters, **chosen},
    )


def heavily_exempt(snapshot: Queryable) -> list[str]:
    """Return a sentence for each promise that left out a LARGE share in the RECENT_DAYS before the snapshot's moment."""
    facts = snapshot.query("select value from meta where key = 'as_of_day'")
    last = pd.Timestamp(facts["value"].iloc[0]).date()
    found = exemptions(snapshot, Window(last - timedelta(days=RECENT_DAYS - 1), last)).values()
    return [
        f"{each.promise_id} leaves out {percent(each.share)} of its items as exempt in the last {RECENT_DAYS} days"
        f" ({_named(each)}{f'; {count(each.open)} still open' if each.open else ''}): read its rate with and without them on its page."
        for each in sorted(found, key=lambda each: -(each.share or 0))
        if each.is_large
    ]


def _named(found: Exemptions) -> str:
    told = [f"{row.reason}: {count(row.items)}" for row in found.reasons.head(2).itertuples()]
    return "; ".join(told)
