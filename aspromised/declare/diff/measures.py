"""How a promise is measured, side by side: what it covers, what exempts, what stops the clock."""

from collections.abc import Iterator, Mapping

from aspromised.declare.diff.difference import Difference, Direction
from aspromised.declare.diff.fields import Changed, by_name, direction_of, fields_changed
from aspromised.declare.diff.values import said
from aspromised.declare.model import Declared, Measure

VERSIONED = frozenset({"within", "less_than", "by", "cut_off", "calendar"})
"""What a version may change: told with the versions."""

_KINDS = {"clock": "a clock", "check": "a check", "counts": "counts", "repeat": "matters that come up again", "spread": "a spread"}  # fmt: skip


def measure_differences(id: str, old: Measure, new: Measure) -> Iterator[Difference]:
    """Yield how the measure changed, but for what versions tell."""
    if old.kind != new.kind:
        words = f"measured by {_KINDS[old.kind]} → {_KINDS[new.kind]}: {said(new)}"
        yield Difference("promise", id, "measure", "changed", words)
        return
    for changed in fields_changed(old, new, VERSIONED | {"exempt"}):
        yield Difference("promise", id, changed.field, _direction(changed, new.kind), _words(changed))
    yield from by_name("promise", id, "exemption", _exempt(old), _exempt(new), "loosened", "tightened")


def _direction(changed: Changed, kind: str) -> Direction:
    if changed.field == "if_cancelled":
        return "tightened" if changed.after == "broken" else "loosened"
    if changed.field == "paused" and (not changed.before or not changed.after):
        return "loosened" if changed.after else "tightened"
    return direction_of(changed, kind)


def _words(changed: Changed) -> str:
    names = {"only": "covers", "id": "one row a", "items": "items of"}
    if changed.field == "only":
        every = "everything"
        return f"covers {said(changed.before or every)} → {said(changed.after or every)}"
    if changed.field in names:
        return f"{names[changed.field]} {said(changed.before)} → {said(changed.after)}"
    return changed.words


def _exempt(measure: Measure) -> Mapping[str, Declared]:
    return {each.because: each for each in getattr(measure, "exempt", [])}
