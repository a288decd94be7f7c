"""Items whose date moved after it was given: kept on the date first given, or only after promising again."""

from dataclasses import dataclass

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, percent, points_between


@dataclass(frozen=True)
class PromisedAgain:
    """Kept and broken items whose first date is known, of a promise `by` a date given."""

    items: int
    moved: int
    kept: int
    """Kept on the date that counts: the latest."""
    kept_original: int
    only_after: int
    """Kept on the latest date and not on the first: kept only after promising again."""

    @property
    def sentence(self) -> str:
        """How many dates moved, and what the first dates would have made of the kept rate."""
        moved = f"The date moved for {count(self.moved)} of {count(self.items)} ({percent(self.moved / self.items)}) after it was given"
        if not self.only_after:
            return f"{moved}; none was kept only after promising again."
        was = "was" if self.only_after == 1 else "were"
        change = points_between(self.kept_original / self.items, self.kept / self.items)
        return (
            f"{moved}. {count(self.only_after)} {was} kept only after promising again: by the latest date"
            f" {percent(self.kept / self.items)} are kept, by the date first given {percent(self.kept_original / self.items)}"
            f" ({change})."
        )


def promised_again(snapshot: Queryable, promise_id: str, window: Window) -> PromisedAgain | None:
    """Return what moved dates did over `window`; None where first dates are not known."""
    found = snapshot.query(
        f"""
        select
          coalesce(sum(items), 0)::bigint as items,
          coalesce(sum(items) filter (where moved), 0)::bigint as moved,
          coalesce(sum(items) filter (where verdict = 'kept'), 0)::bigint as kept,
          coalesce(sum(items) filter (where original_verdict = 'kept'), 0)::bigint as kept_original,
          coalesce(sum(items) filter (where verdict = 'kept' and original_verdict <> 'kept'), 0)::bigint as only_after
        from basis_daily
        where promise_id = $promise and not original_verdict is null and verdict in ('kept', 'broken') and {window.condition}
        """,
        {"promise": promise_id, **window.parameters},
    ).iloc[0]
    return PromisedAgain(*(int(number) for number in found)) if found["items"] else None
