"""Which columns say that something happened, so that the newest of them tells how old a source's records are."""

from collections.abc import Iterator

from aspromised.declare.model.measure import ClockMeasure, ItemsMeasure, PauseSource, TermsLength
from aspromised.declare.workspace import Workspace

_Column = tuple[str, str]
"""A source and one of its columns."""


def evidence(workspace: Workspace, source: str) -> list[str]:
    """Return the columns that date a source's records: `arrived`, else `latest_by`, else those its readers say things happened in.

    Never a due date, nor one given or planned: they lie ahead of what is known, and pass without anything happening.
    """
    declared = workspace.sources.get(source)
    told = declared and (declared.arrived or declared.latest_by)
    if told:
        return [told]
    return sorted({column for where, column in _happened(workspace) if where == source})


def _happened(workspace: Workspace) -> Iterator[_Column]:
    for promise in workspace.promises.values():
        for standing in promise.standings():
            if isinstance(standing.measure, ItemsMeasure):
                yield from _measured(standing.measure)
    for chain in workspace.chains.values():
        if chain.events:
            yield chain.events.source, chain.events.at
        if chain.items:
            yield chain.items.source, chain.items.started
    for capacity in workspace.capacity.values():
        if capacity.load:
            yield capacity.load.source, capacity.load.at


def _measured(measure: ItemsMeasure) -> Iterator[_Column]:
    yield from ((measure.items, column) for column in measure.happened)
    if not isinstance(measure, ClockMeasure):
        return
    if isinstance(measure.paused, PauseSource):
        yield measure.paused.source, measure.paused.from_
    for length in (measure.within, measure.less_than):
        if isinstance(length, TermsLength) and length.sold_on:
            yield length.terms, length.sold_on
