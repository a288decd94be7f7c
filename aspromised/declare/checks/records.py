"""Corrections, capacity and changes."""

from collections.abc import Iterator

from aspromised.declare.model import Capacity, Change
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem, did_you_mean


def check_records(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the corrections, the capacity and the changes."""
    yield from lost_corrections(workspace)
    for name, correction in workspace.corrections.items():
        at = ("corrections", name)
        if correction.to < correction.from_:
            yield workspace.problem("correction", "'to' comes before 'from'", (*at, "to"))
        if not correction.promises:
            yield workspace.problem("correction", "'promises' names no promise", (*at, "promises"))
    for name, capacity in workspace.capacity.items():
        yield from _outside(workspace, capacity, ("capacity", name, "outside"))
    for name, change in workspace.changes.items():
        yield from _touches(workspace, change, ("changes", name, "touches"))


def lost_corrections(workspace: Workspace) -> Iterator[Problem]:
    """Yield that a correction which cannot be read exempts nothing: whose promises it is for is not known."""
    for at in workspace.unreadable:
        if at[0] == "corrections":
            which = f"the correction '{at[1]}' cannot" if len(at) > 1 else "the corrections cannot"
            message = f"{which} be read, so nothing is exempt by it: the promises it is for are judged as if it were not there"
            yield workspace.problem("correction-lost", message, at, severity="warning")


def _touches(workspace: Workspace, change: Change, at: KeyPath) -> Iterator[Problem]:
    """What a change touches is told by segments of promises: of any, for each tells what came of it for itself."""
    if not all(workspace.is_known(("promises", name, "measure", "segments")) for name in workspace.promises):
        return
    measures = [each.measure for each in workspace.promises.values()]
    known = {name for measure in measures for name in getattr(measure, "segment_expressions", {})}
    for name in change.touches:
        if name not in known:
            message = f"no promise has a segment '{name}', so nothing can be told of what came of it.{did_you_mean(name, known)}"
            yield workspace.problem_at_key("change", message, (*at, name), severity="warning")


def _outside(workspace: Workspace, capacity: Capacity, at: KeyPath) -> Iterator[Problem]:
    """What is outside a capacity is told by segments of the promises about the work that uses it."""
    if capacity.outside and capacity.load is None:
        yield workspace.problem_at_key("capacity", "'outside' needs a 'load' that it lies outside of", at)
        return
    source = capacity.load and capacity.load.source
    about = [
        name for name, each in workspace.promises.items() if getattr(each.measure, "items", None) == source
    ]
    asked = [(name, "items") for name in workspace.promises] + [(name, "segments") for name in about]
    if not all(workspace.is_known(("promises", name, "measure", key)) for name, key in asked):
        return
    measures = [workspace.promises[name].measure for name in about]
    known = {name for measure in measures for name in getattr(measure, "segment_expressions", {})}
    for name in capacity.outside:
        if name not in known:
            message = f"no promise about '{source}' has a segment '{name}'"
            yield workspace.problem_at_key("capacity", message, (*at, name))
