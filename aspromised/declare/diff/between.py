"""Everything that changed between two workspaces."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from aspromised.declare.diff.difference import Difference, Direction
from aspromised.declare.diff.fields import by_name, differences
from aspromised.declare.diff.measures import measure_differences
from aspromised.declare.diff.values import said
from aspromised.declare.diff.versions import version_differences
from aspromised.declare.model import Chain, Correction, Declared, Promise, Promotion, Ratings
from aspromised.declare.objects import SINGLE
from aspromised.declare.workspace import KeyPath, Workspace

ONE = {
    "promises": "promise", "promotions": "promotion", "calendars": "calendar", "corrections": "correction",
    "sources": "source", "connections": "connection", "chains": "chain", "capacity": "capacity", "changes": "change",
}  # fmt: skip
"""What one of each kind is called, in the order they are told."""

_OF_VERSIONS = frozenset({"claim", "target", "measure", "versions"})
_SAME_MEANING = "written otherwise, with the same meaning"
_EXEMPTS: dict[str, tuple[Direction, Direction]] = {"corrections": ("loosened", "tightened")}
"""Kinds whose adding or removing has a direction: a correction exempts."""


def between(old: Workspace, new: Workspace, on: date) -> list[Difference]:
    """Return what changed from `old` to `new`, promises first; days up to `on` are the past.

    What cannot be read in one of the states is left out: its `unreadable` tells why.
    """
    lost = old.unreadable.keys() | new.unreadable.keys()
    found = [each for kind in ONE for each in _of_kind(kind, old, new, on, lost)]
    for kind in SINGLE:
        if (kind,) not in lost:
            found += _single(kind, _declared(old, kind), _declared(new, kind))
    return found


def _declared(workspace: Workspace, kind: str) -> Declared | None:
    """Return the one object of a kind; a company that only stands in is none."""
    is_stand_in = kind == "company" and ("company",) not in workspace.places
    found: Declared | None = None if is_stand_in else getattr(workspace, kind)
    return found


def _of_kind(
    kind: str, old: Workspace, new: Workspace, on: date, lost: Collection[KeyPath]
) -> Iterator[Difference]:
    before, after = getattr(old, kind), getattr(new, kind)
    added, removed = _EXEMPTS.get(kind, ("added", "removed"))
    for id in sorted(before.keys() | after.keys()):
        if (kind, id) in lost:
            continue
        if id not in before:
            yield Difference(ONE[kind], id, "", added, f"added: {_summary(after[id])}")
        elif id not in after:
            yield Difference(ONE[kind], id, "", removed, f"removed: {_summary(before[id])}")
        elif before[id] != after[id]:
            found = list(_of_object(kind, id, before[id], after[id], on))
            yield from found or [Difference(ONE[kind], id, "", "changed", _SAME_MEANING)]


def _of_object(kind: str, id: str, old: Any, new: Any, on: date) -> Iterator[Difference]:
    if kind == "promises":
        yield from _of_promise(id, old, new, on)
    elif kind == "promotions":
        yield from _of_promotion(id, old, new)
    elif kind == "chains":
        yield from differences("chain", id, old, new, ("stages",))
        yield from by_name("chain", id, "stage", _stages(old), _stages(new))
    else:
        yield from differences(ONE[kind], id, old, new)


def _of_promise(id: str, old: Promise, new: Promise, on: date) -> Iterator[Difference]:
    yield from version_differences(id, old, new, on)
    yield from measure_differences(id, old.measure, new.measure)
    yield from differences("promise", id, old, new, _OF_VERSIONS)


def _of_promotion(id: str, old: Promotion, new: Promotion) -> Iterator[Difference]:
    yield from differences("promotion", id, old, new, ("ready_when",))
    yield from by_name("promotion", id, "gate", _gates(old), _gates(new), "tightened", "loosened")


def _gates(promotion: Promotion) -> Mapping[str, Declared]:
    return {gate.gate: gate for gate in promotion.ready_when}


def _stages(chain: Chain) -> Mapping[str, Declared]:
    return {stage.stage: stage for stage in chain.stages}


def _single(kind: str, old: Declared | None, new: Declared | None) -> Iterator[Difference]:
    if old is None and new is not None:
        yield Difference(kind, "", "", "added", f"added: {said(new)}")
    elif old is not None and new is None:
        yield Difference(kind, "", "", "removed", f"removed: {said(old)}")
    elif isinstance(old, Ratings) and isinstance(new, Ratings) and _by_pair(old) and _by_pair(new):
        yield from differences(kind, "", old, new, ("required",))
        yield from by_name(kind, "", "required", _by_pair(old), _by_pair(new), "tightened", "loosened")
    elif old is not None and new is not None:
        yield from differences(kind, "", old, new)


def _by_pair(ratings: Ratings) -> Mapping[str, Declared]:
    """Return the scores required by pair of teams and day, in words; nothing where they are not by pair."""
    listed = ratings.required if isinstance(ratings.required, list) else []
    return {
        f"of {each.supplier} by {each.customer} {f'from {said(each.from_)}' if each.from_ else 'always'}": each
        for each in listed
    }


def _summary(declared: Declared) -> str:
    if isinstance(declared, Promise):
        return f'"{declared.claim}", {said(declared.target, "target")}, said by {declared.made_by}, kept by {declared.kept_by}'
    if isinstance(declared, Promotion):
        return f'"{declared.says}", launched {said(declared.launched)}'
    if isinstance(declared, Correction):
        days = f"{said(declared.from_)} to {said(declared.to)}"
        return f"{', '.join(declared.promises)} from {days}, because {declared.because}"
    return said(declared)


def judged_anew(old: Workspace, new: Workspace) -> list[str]:
    """Return the promises, of either state, whose verdicts or target may differ between the two, sorted."""
    ids = old.promises.keys() | new.promises.keys()
    lost = {
        str(path[1])
        for each in (old, new)
        for path in each.unreadable
        if path[0] == "promises" and len(path) > 1
    }
    return sorted(id for id in ids - lost if _judging(old, id) != _judging(new, id))


def _judging(workspace: Workspace, id: str) -> Any:
    """Return all that the judge makes a promise's verdicts and status from, but for the data."""
    promise = workspace.promises.get(id)
    if promise is None:
        return None
    standings = [(s.from_, s.target, _without_segments(s.measure)) for s in promise.standings()]
    used = {name for s in promise.standings() if (name := getattr(s.measure, "calendar", None))}
    corrections = {name: each for name, each in workspace.corrections.items() if id in each.promises}
    calendars = {name: workspace.calendars.get(name) for name in used}
    return standings, promise.counted, corrections, calendars, workspace.company.timezone


def _without_segments(measure: Any) -> Any:
    return measure.model_copy(update={"segments": []}) if hasattr(measure, "segments") else measure
