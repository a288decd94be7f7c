"""Promises: clocks that can run, versions in order, segments that can be told apart, spreads of something."""

from collections.abc import Iterator

from aspromised.declare.model import ClockMeasure, Promise, SpreadMeasure
from aspromised.declare.rules.clock import LIMITS, clock_faults, two_clocks
from aspromised.declare.rules.spreads import spread_fault
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.names import folded
from aspromised.words.problems import Problem


def check_promises(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the promises on their own."""
    for name, promise in workspace.promises.items():
        at = ("promises", name)
        yield from _clock(workspace, promise, at)
        yield from _versions(workspace, promise, at)
        yield from _segments(workspace, promise, (*at, "measure", "segments"))
        yield from _spread(workspace, promise, at)


def _clock(workspace: Workspace, promise: Promise, at: KeyPath) -> Iterator[Problem]:
    """Yield why the clock of a standing cannot run: once, however many standings share the reason."""
    if not isinstance(promise.measure, ClockMeasure):
        return
    places = _standing_places(promise, at)
    told: set[str] = set()
    for standing, place in zip(promise.standings(), places, strict=True):
        assert isinstance(standing.measure, ClockMeasure)
        calendar = workspace.calendars.get(standing.measure.calendar or "")
        both = two_clocks(standing.measure, calendar, workspace.company.timezone)
        for message, key in [*clock_faults(standing.measure), *([(both, "cut_off")] if both else [])]:
            if message not in told:
                told.add(message)
                here = place if (*place, key) in workspace.places else (*at, "measure")
                yield workspace.problem("clock", message, (*here, key))
    if promise.measure.originally_by and not any(getattr(s.measure, "by", None) for s in promise.standings()):
        message = "'originally_by' is the date first given: it needs 'by', the latest one given"
        yield workspace.problem("clock", message, (*at, "measure", "originally_by"))
    if promise.measure.started is None and promise.counted == "started":
        message = "'counted: started' needs the measure's 'started'"
        yield workspace.problem("clock", message, (*at, "counted"))
    if promise.measure.started is None and promise.versions:
        message = "versions need the measure's 'started': an item is judged by the version of its start"
        yield workspace.problem("clock", message, (*at, "versions"))


def _standing_places(promise: Promise, at: KeyPath) -> list[KeyPath]:
    """Return where each standing is written, in the order of `Promise.standings`."""
    if not promise.versions:
        return [(*at, "measure")]
    order = sorted(range(len(promise.versions)), key=lambda number: promise.versions[number].from_)
    return [(*at, "versions", number) for number in order]


def _versions(workspace: Workspace, promise: Promise, at: KeyPath) -> Iterator[Problem]:
    seen: set[object] = set()
    for number, version in enumerate(promise.versions):
        here = (*at, "versions", number)
        if version.from_ in seen:
            message = f"two versions begin on {version.from_.isoformat()}"
            yield workspace.problem("versions", message, (*here, "from"))
        seen.add(version.from_)
        if isinstance(promise.measure, ClockMeasure):
            continue
        for key in (*LIMITS, "cut_off", "calendar"):
            if getattr(version, key) is not None:
                message = f"only a clock has '{key}', and this measure is of kind {promise.measure.kind}"
                yield workspace.problem_at_key("versions", message, (*here, key))


def _segments(workspace: Workspace, promise: Promise, at: KeyPath) -> Iterator[Problem]:
    if isinstance(promise.measure, SpreadMeasure):
        return
    seen: set[str] = set()
    for number, segment in enumerate(promise.measure.segments):
        for name in segment if isinstance(segment, dict) else (segment,):
            word = folded(name)
            if word in seen:
                yield workspace.problem("segments", f"the segment '{name}' is given twice", (*at, number))
            elif not name.strip():
                yield workspace.problem("segments", "a segment needs a name", (*at, number))
            seen.add(word)


def _spread(workspace: Workspace, promise: Promise, at: KeyPath) -> Iterator[Problem]:
    fault = spread_fault(workspace, promise)
    named = getattr(promise.measure, "spread_of", None)
    is_told = fault is not None and workspace.is_known(("promises", str(named), "measure", "segments"))
    if (
        fault and is_told and named in workspace.promises
    ):  # a name that nothing declares is told with the other names
        yield workspace.problem("spread", fault[0], (*at, "measure", fault[1]))
