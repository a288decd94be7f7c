"""Every name that stands for something declared elsewhere: does that exist?"""

from collections.abc import Iterator

from aspromised.declare.model import (
    Chain,
    ClockMeasure,
    PauseSource,
    Promise,
    Promotion,
    Source,
    SpreadMeasure,
    TermsLength,
)
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem, did_you_mean

Reference = tuple[str, str | None, KeyPath]
"""The kind of object meant, its id (None: not given), and where it is named."""

SINGULAR = {
    "sources": "source",
    "calendars": "calendar",
    "promises": "promise",
    "chains": "chain",
    "capacity": "capacity",
    "connections": "connection",
}
_A_FILE_IS_LOST = ("syntax", "not-utf8", "too-large", "unreadable-file")


def check_names(workspace: Workspace) -> Iterator[Problem]:
    """Yield a problem for each name that nothing declares.

    Where a whole file could not be read, what it declares is not known: no name that stands in it is told of.
    """
    lost = _lost(workspace)
    if lost is None:
        return
    for kind, name, at in references(workspace):
        declared = [*getattr(workspace, kind), *(path[1] for path in workspace.unreadable if path[0] == kind)]
        if name is not None and name not in declared and str(name) not in lost:
            near = did_you_mean(name, map(str, declared)) or _declared(kind, list(map(str, declared)))
            yield workspace.problem(f"no-such-{SINGULAR[kind]}", f"no {SINGULAR[kind]} '{name}'.{near}", at)


def _declared(kind: str, names: list[str]) -> str:
    """Return which there are, or that there is none yet and where one is declared."""
    if not names:
        return f" None is declared: add it under '{kind}:'"
    return f" There is: {', '.join(names[:_LISTED])}{', …' if len(names) > _LISTED else ''}"


_LISTED = 8


def _lost(workspace: Workspace) -> str | None:
    """Return the text of the files that could not be read, "" where there is none, None where even that is not known."""
    files = [
        problem.place.path
        for problem in workspace.problems
        if problem.code in _A_FILE_IS_LOST and problem.place
    ]
    if not all(workspace.lines.get(file) for file in files):
        return None
    return "\n".join(line for file in files for line in workspace.lines[file])


def references(workspace: Workspace) -> Iterator[Reference]:
    """Yield every reference in the workspace."""
    for name, promise in workspace.promises.items():
        yield from _of_promise(promise, ("promises", name))
    for name, promotion in workspace.promotions.items():
        yield from _of_promotion(promotion, ("promotions", name))
    for name, chain in workspace.chains.items():
        yield from _of_chain(chain, ("chains", name))
    for name, source in workspace.sources.items():
        yield from _of_source(source, ("sources", name))
    yield from _of_records(workspace)


def _of_promise(promise: Promise, at: KeyPath) -> Iterator[Reference]:
    measure = promise.measure
    yield "chains", promise.chain, (*at, "chain")
    if isinstance(measure, SpreadMeasure):
        yield "promises", measure.spread_of, (*at, "measure", "spread_of")
        return
    yield "sources", measure.items, (*at, "measure", "items")
    if isinstance(measure, ClockMeasure):
        yield "calendars", measure.calendar, (*at, "measure", "calendar")
        if isinstance(measure.paused, PauseSource):
            yield "sources", measure.paused.source, (*at, "measure", "paused", "source")
        yield from _of_lengths(measure, (*at, "measure"))
    for number, version in enumerate(promise.versions):
        yield "calendars", version.calendar, (*at, "versions", number, "calendar")
        yield from _of_lengths(version, (*at, "versions", number))


def _of_lengths(clock: object, at: KeyPath) -> Iterator[Reference]:
    for key in ("within", "less_than"):
        length = getattr(clock, key)
        if isinstance(length, TermsLength):
            yield "sources", length.terms, (*at, key, "terms")


def _of_promotion(promotion: Promotion, at: KeyPath) -> Iterator[Reference]:
    for number, name in enumerate(promotion.leans_on):
        yield "promises", name, (*at, "leans_on", number)
    if promotion.items:
        yield "sources", promotion.items.source, (*at, "items", "source")
    if promotion.expects:
        yield "sources", promotion.expects.on, (*at, "expects", "on")
    for number, gate in enumerate(promotion.ready_when):
        yield "promises", gate.promise, (*at, "ready_when", number, "promise")
        yield "capacity", gate.capacity, (*at, "ready_when", number, "capacity")


def _of_chain(chain: Chain, at: KeyPath) -> Iterator[Reference]:
    if chain.items:
        yield "sources", chain.items.source, (*at, "items", "source")
    if chain.events:
        yield "sources", chain.events.source, (*at, "events", "source")
    for number, stage in enumerate(chain.stages):
        yield "calendars", stage.calendar, (*at, "stages", number, "calendar")


def _of_source(source: Source, at: KeyPath) -> Iterator[Reference]:
    yield "connections", source.connection, (*at, "connection")


def _of_records(workspace: Workspace) -> Iterator[Reference]:
    for name, capacity in workspace.capacity.items():
        yield "sources", capacity.source, ("capacity", name, "source")
        if capacity.load:
            yield "sources", capacity.load.source, ("capacity", name, "load", "source")
    for name, correction in workspace.corrections.items():
        for number, promise in enumerate(correction.promises):
            yield "promises", promise, ("corrections", name, "promises", number)
    if workspace.complaints:
        yield "sources", workspace.complaints.source, ("complaints", "source")
    if workspace.ratings:
        yield "sources", workspace.ratings.source, ("ratings", "source")
    for promise in workspace.costs.broken if workspace.costs else ():
        yield "promises", promise, ("costs", "broken", promise)
