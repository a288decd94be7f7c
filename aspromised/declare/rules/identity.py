"""By which columns rows are told apart or put together, so that no two of their values may become one."""

from collections.abc import Iterator

from aspromised.declare.model.measure import ClockMeasure, ItemsMeasure, PauseSource, TermsLength
from aspromised.declare.workspace import Workspace

_Column = tuple[str, str]
"""A source and one of its columns."""


def identities(workspace: Workspace) -> Iterator[_Column]:
    """Yield every column that is a key or an id, joins two sources, or names a part, a case, a team, a person or a theme."""
    for name, source in workspace.sources.items():
        if source.key:
            yield name, source.key
    for promise in workspace.promises.values():
        for standing in promise.standings():
            if isinstance(standing.measure, ItemsMeasure):
                yield from _measured(standing.measure)
    for chain in workspace.chains.values():
        if read := chain.read_from:
            yield from ((read.source, column) for key in read.others if (column := getattr(read, key)))
    if said := workspace.complaints:
        of_complaints = (said.id, said.customer, said.item, said.theme, said.owner)
        yield from ((said.source, column) for column in of_complaints if column)
    if rated := workspace.ratings:
        of_ratings = (rated.supplier, rated.customer, rated.dimension, rated.direction)
        yield from ((rated.source, column) for column in of_ratings if column)


def _measured(measure: ItemsMeasure) -> Iterator[_Column]:
    by_itself = [getattr(measure, "id", None), *getattr(measure, "same", [])]
    segments = [segment for segment in measure.segments if isinstance(segment, str)]
    yield from ((measure.items, column) for column in [*by_itself, *segments] if column)
    if not isinstance(measure, ClockMeasure):
        return
    if isinstance(measure.paused, PauseSource):
        yield measure.paused.source, measure.paused.id
    for length in (measure.within, measure.less_than):
        if isinstance(length, TermsLength):
            yield from ((source, length.match) for source in (measure.items, length.terms))
            if length.sold_by:
                yield length.terms, length.sold_by
