"""What cannot be known of an earlier moment, as things are declared: told beside every number that is judged as of one."""

import re
from collections.abc import Iterator

from aspromised.declare.model import Capacity, CheckMeasure, ClockMeasure, Gate, Promise
from aspromised.declare.model.measure import PauseSource, TermsLength
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.figures import day
from aspromised.words.problems import Problem


def not_known_then(workspace: Workspace, gate: Gate) -> list[str]:
    """Return what the answer of a gate on an earlier day cannot do without, though it became known later."""
    match gate.kind:
        case "promise":
            return of_promise(workspace, str(gate.promise), day_by_day=True)
        case "capacity":
            capacity = workspace.capacity.get(str(gate.capacity))
            return list(_of_capacity(workspace, capacity)) if capacity else []
        case "sql":
            words = set(re.findall(r"\w+", (gate.sql or "").lower()))
            named = [name for name in workspace.sources if name.lower() in words]
            return [told for name in named for told in _of_source(workspace, name)]
    return []


def of_promise(workspace: Workspace, promise_id: str, day_by_day: bool = False) -> list[str]:
    """Return what judging a promise as of an earlier day cannot do without, though it became known later.

    Judged `day_by_day`, as for a gate, items are known as of each day, but other sources as of the data's.
    """
    promise = workspace.promises.get(promise_id)
    if promise is None:
        return []
    corrections = [
        _undeclared(workspace, name)
        for name, each in workspace.corrections.items()
        if promise_id in each.promises and each.declared is None
    ]
    versions = _of_versions(workspace, promise, day_by_day)
    return list(dict.fromkeys([*_of_measure(workspace, promise), *versions, *corrections]))


def check_known_then(workspace: Workspace) -> Iterator[Problem]:
    """Yield a note for each source that gates on promises read, and each correction, that does not say when it was known.

    And for pauses and lengths sold in sources of their own, which gates do not ask as they were known on each day.
    """
    gates = [gate for promotion in workspace.promotions.values() for gate in promotion.ready_when]
    asked = {str(gate.promise): each for gate in gates if (each := workspace.promises.get(str(gate.promise)))}
    for promise_id, promise in asked.items():
        for name, what in _beside_items(promise):
            message = f"{_of_the_data(name, what)}, and may change a gate of a past launch"
            yield workspace.problem(
                "known-then", message, ("promises", promise_id, "measure"), severity="note"
            )
    for name in dict.fromkeys(str(getattr(each.measure, "items", "")) for each in asked.values()):
        source = workspace.sources.get(name)
        if source is not None and source.arrived is None:
            yield workspace.problem(
                "known-then", f"{_silent(name)} (gates ask about it)", ("sources", name), severity="note"
            )
    for name, correction in workspace.corrections.items():
        if correction.declared is None:
            at: KeyPath = ("corrections", name)
            yield workspace.problem("known-then", _undeclared(workspace, name), at, severity="note")


def _of_measure(workspace: Workspace, promise: Promise) -> Iterator[str]:
    measure = promise.measure
    name = getattr(measure, "items", None)
    source = workspace.sources.get(str(name))
    if name is None or source is None:
        return
    yield from _of_source(workspace, name)
    if isinstance(measure, CheckMeasure) and not source.keeps_versions:
        yield f"`kept_when` is read as it is today: {measure.kept_when}"


def _of_versions(workspace: Workspace, promise: Promise, day_by_day: bool) -> Iterator[str]:
    for name, what in _beside_items(promise):
        if day_by_day:
            yield _of_the_data(name, what)
        elif name in workspace.sources:
            yield from _of_source(workspace, name)


def _beside_items(promise: Promise) -> dict[tuple[str, str], None]:
    """Return the sources of their own in which pauses and terms lie, those of earlier versions too, with what they hold."""
    found: list[tuple[str, str]] = []
    for each in promise.standings():
        measure = each.measure
        if not isinstance(measure, ClockMeasure):
            continue
        found += [(measure.paused.source, "pauses")] if isinstance(measure.paused, PauseSource) else []
        lengths = (measure.within, measure.less_than)
        found += [(length.terms, "lengths sold") for length in lengths if isinstance(length, TermsLength)]
    return dict.fromkeys(found)


def _of_the_data(name: str, what: str) -> str:
    return f"{what} in '{name}' are those known on the day of the data: what came later than the day judged counts too"


def _of_capacity(workspace: Workspace, capacity: Capacity) -> Iterator[str]:
    plan = workspace.sources.get(capacity.source)
    if plan is None or plan.arrived is None:
        yield f"what was available by '{capacity.source}' is read as it is today: a plan changed since counts as if it had been so"
    else:
        yield from _of_source(workspace, capacity.source)
    load = capacity.load
    if load and load.source in workspace.sources and load.source != capacity.source:
        yield from _of_source(workspace, load.source)


def _of_source(workspace: Workspace, name: str) -> Iterator[str]:
    source = workspace.sources[name]
    if source.arrived is None:
        yield _silent(name)
    elif not source.keeps_versions:
        yield f"of a row of '{name}' no earlier version is kept (`key` and `latest_by`): a value changed since counts as if it had been so"


def _silent(name: str) -> str:
    return f"when a row of '{name}' became known is not told (`arrived`): what came late or was changed since counts as if known at the time"


def _undeclared(workspace: Workspace, name: str) -> str:
    last = day(workspace.corrections[name].to)
    return f"when the correction '{name}' was decided is not told (`declared`): it counts from its last day on, {last}"
