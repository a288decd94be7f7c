"""The fields of two declared objects side by side."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from aspromised.declare.diff.difference import OPPOSITE, Difference, Direction
from aspromised.declare.diff.values import said
from aspromised.declare.model import Declared
from aspromised.words.figures import plural
from aspromised.words.lengths import EXACT_SECONDS, Length

MORE_IS_TIGHTER = frozenset({
    "target", "kept_at_least", "headroom_at_least", "gate.at_least", "not_again_within", "required", "required.score",
})  # fmt: skip
LESS_IS_TIGHTER = frozenset({"gate.at_most", "gate.optional", "spread.at_most", "fresh_within", "budget"})
REWORDED = frozenset({"claim", "says", "because", "what", "gate", "input", "budget_policy", "basis"})
"""Fields of which a change is one of words."""


class Changed(NamedTuple):
    """A field with its two values."""

    field: str
    before: Any
    after: Any

    @property
    def words(self) -> str:
        """Both values, or what was added to and taken from a list."""
        if isinstance(self.before, list) and isinstance(self.after, list):
            return f"{self.field.replace('_', ' ')}: {_of_lists(self.before, self.after)}"
        both = f"{said(self.before, self.field)} → {said(self.after, self.field)}"
        return f"{self.field.replace('_', ' ')} {both}{_moved(self.before, self.after)}"


def fields_changed(old: Declared, new: Declared, leave_out: Collection[str] = ()) -> Iterator[Changed]:
    """Yield the fields whose values differ, by the names authors write."""
    for name, field in type(new).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after and name not in leave_out:
            yield Changed(field.alias or name, before, after)


def differences(
    kind: str, id: str, old: Declared, new: Declared, leave_out: Collection[str] = (), within: str = ""
) -> Iterator[Difference]:
    """Yield a difference a field; `within` is the part of the object that the fields are of, in words."""
    for each in fields_changed(old, new, leave_out):
        direction = direction_of(each, kind if not within else within.partition(" ")[0])
        words = f"{within}: {each.words}" if within else each.words
        yield Difference(kind, id, each.field, direction, words)


def direction_of(changed: Changed, kind: str) -> Direction:
    """Return which way a field changed, where its values tell.

    >>> direction_of(Changed("target", 0.95, 0.98), "promise"), direction_of(Changed("at_most", 5.0, 9.0), "spread")
    ('tightened', 'loosened')
    """
    names = {changed.field, f"{kind}.{changed.field}"}
    if names & REWORDED:
        return "reworded"
    if (
        names & (MORE_IS_TIGHTER | LESS_IS_TIGHTER)
        and (more := _is_more(changed.before, changed.after)) is not None
    ):
        up: Direction = "tightened" if names & MORE_IS_TIGHTER else "loosened"
        return up if more else OPPOSITE[up]
    return "changed"


def _is_more(before: Any, after: Any) -> bool | None:
    """Return whether the second is more; None where they cannot be compared. A bound that was none is less."""
    before, after = _size(before), _size(after)
    if before is None or after is None or before == after:
        return None
    return bool(after > before)


def _size(value: Any) -> float | None:
    if isinstance(value, Length):
        return float(value.amount) * EXACT_SECONDS[value.unit] if value.unit in EXACT_SECONDS else None
    return value if isinstance(value, int | float) else None


def _moved(before: Any, after: Any) -> str:
    """Return by how many days a date moved, in words; nothing of other values."""
    if not isinstance(before, date) or not isinstance(after, date):
        return ""
    days = after.toordinal() - before.toordinal()
    return f" ({plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'})" if days else ""


def _of_lists(before: list[Any], after: list[Any]) -> str:
    added = [said(each) for each in after if each not in before]
    gone = [said(each) for each in before if each not in after]
    parts = [f"added {', '.join(added)}"] * bool(added) + [f"removed {', '.join(gone)}"] * bool(gone)
    return "; ".join(parts) or "in another order"


def by_name(
    kind: str,
    id: str,
    part: str,
    old: Mapping[str, Declared],
    new: Mapping[str, Declared],
    added: Direction = "added",
    removed: Direction = "removed",
) -> Iterator[Difference]:
    """Yield what became of the named parts of an object: those added, those removed, and the fields of the others."""
    for name in [*old, *(each for each in new if each not in old)]:
        if name not in new:
            yield Difference(kind, id, part, removed, f"{part} removed: {name}")
        elif name not in old:
            yield Difference(kind, id, part, added, f"{part} added: {name} ({said(new[name])})")
        else:
            yield from differences(kind, id, old[name], new[name], within=f"{part} {name}")
