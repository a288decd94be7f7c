"""Every expression an author may write, with its place and the source whose columns it reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from aspromised.declare.model import ItemsMeasure, Promise
from aspromised.declare.workspace import KeyPath, Workspace


@dataclass(frozen=True)
class Authored:
    """One expression: its text, the source it reads, and whether it must be true or false."""

    at: KeyPath
    text: str
    source: str
    is_condition: bool = False


def authored(workspace: Workspace) -> Iterator[Authored]:
    """Yield the expressions of sources, promises, corrections, promotions, capacity and chains."""
    yield from _of_sources(workspace)
    for promise_id, promise in workspace.promises.items():
        yield from _of_promise(("promises", promise_id, "measure"), promise)
    yield from _of_corrections(workspace)
    yield from _of_promotions(workspace)
    yield from _of_chains(workspace)


def _of_sources(workspace: Workspace) -> Iterator[Authored]:
    for name, source in workspace.sources.items():
        for number, rule in enumerate(source.must):
            yield Authored(("sources", name, "must", number), rule, name, True)


def _of_promise(at: KeyPath, promise: Promise) -> Iterator[Authored]:
    measure = promise.measure
    if not isinstance(measure, ItemsMeasure):
        return
    source = measure.items
    for key in ("only", *measure.conditions, *measure.numbers):
        if text := getattr(measure, key):
            yield Authored((*at, key), text, source, key not in measure.numbers)
    for number, rule in enumerate(getattr(measure, "exempt", [])):
        yield Authored((*at, "exempt", number, "when"), rule.when, source, True)
    for text in measure.segment_expressions.values():
        yield Authored((*at, "segments"), text, source)


def _of_corrections(workspace: Workspace) -> Iterator[Authored]:
    for name, rule in workspace.corrections.items():
        sources = {
            getattr(workspace.promises[p].measure, "items", "")
            for p in rule.promises
            if p in workspace.promises
        }
        for source in sorted(sources if rule.only else []):
            yield Authored(("corrections", name, "only"), rule.only or "", source, True)


def _of_promotions(workspace: Workspace) -> Iterator[Authored]:
    for name, promotion in workspace.promotions.items():
        if promotion.items and promotion.items.only:
            at: KeyPath = ("promotions", name, "items", "only")
            yield Authored(at, promotion.items.only, promotion.items.source, True)
    for name, capacity in workspace.capacity.items():
        yield Authored(("capacity", name, "available"), capacity.available, capacity.source)
        if capacity.load and capacity.load.units:
            yield Authored(("capacity", name, "load", "units"), capacity.load.units, capacity.load.source)


def _of_chains(workspace: Workspace) -> Iterator[Authored]:
    for name, chain in workspace.chains.items():
        for number, stage in enumerate(chain.stages):
            at: KeyPath = ("chains", name, "stages", number)
            for key in ("accepted_when", "changed_when"):
                if text := getattr(stage, key):
                    yield Authored((*at, key), text, chain.source, True)
            for place, needed in enumerate(stage.requires):
                yield Authored((*at, "requires", place, "met_when"), needed.met_when, chain.source, True)
