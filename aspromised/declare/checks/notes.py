"""Notes on what is declared and read, but not judged yet."""

from collections.abc import Iterator

from aspromised.declare.model import ClockMeasure, Promise
from aspromised.declare.rules.clock import LIMITS, clock_faults
from aspromised.declare.rules.notyet import NOT_JUDGED_YET, NotJudged, not_judged_row
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem


def check_notes(workspace: Workspace) -> Iterator[Problem]:
    """Yield a note for each thing that is not judged yet, where it is declared."""
    for name, promise in workspace.promises.items():
        at = ("promises", name)
        for row, place in _of_promise(promise, at):
            yield workspace.problem("not-judged-yet", row.words, place, severity="note")
    for each in NOT_JUDGED_YET:
        for path in each.of_workspace(workspace) if each.of_workspace else ():
            yield workspace.problem_at_key("not-judged-yet", each.words, path, severity="note")


def _of_promise(promise: Promise, at: KeyPath) -> Iterator[tuple[NotJudged, KeyPath]]:
    """Yield the first standing's reason, if any: one note a promise."""
    for standing in promise.standings():
        measure = standing.measure
        if isinstance(measure, ClockMeasure) and any(clock_faults(measure)):
            continue
        if row := not_judged_row(measure):
            given = next((key for key in LIMITS if getattr(promise.measure, key, None) is not None), "")
            yield row, (*at, "measure", row.key or given)
            return
