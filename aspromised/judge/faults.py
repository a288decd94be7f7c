"""What `check` calls an error is not judged: which promises, promotions, gates and capacities an error concerns."""

from collections.abc import Iterator
from dataclasses import dataclass

from aspromised.declare.check import check
from aspromised.declare.model import PauseSource, TermsLength
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.binding import bind
from aspromised.sql.authored.reads import reads
from aspromised.sql.engine import Engine
from aspromised.words.problems import Problem


@dataclass(frozen=True)
class Faults:
    """The errors of a workspace, of its files and over the columns of what is loaded; warnings and notes are none."""

    workspace: Workspace
    errors: tuple[Problem, ...]

    def of_promise(self, promise_id: str) -> list[Problem]:
        """Return why a promise is not judged: errors of its own, and of what decides its verdicts."""
        return self._at(("promises", promise_id), *_decides(self.workspace, promise_id))

    def of_promotion(self, promotion_id: str) -> list[Problem]:
        """Return why a promotion is not judged: its own errors but those of a gate, which leave the others be."""
        of_gates = ("promotions", promotion_id, "ready_when")
        return [p for p in self._at(("promotions", promotion_id)) if not _is_under(p.at, of_gates)]

    def of_gate(self, promotion_id: str, number: int) -> list[Problem]:
        """Return why a gate (counted from 0) is not judged: its own errors, and those of the sources its query reads."""
        gate = self.workspace.promotions[promotion_id].ready_when[number]
        sources = reads(gate.sql, self.workspace.sources) if gate.kind == "sql" and gate.sql else []
        return self._at(
            ("promotions", promotion_id, "ready_when", number), *_read_from(self.workspace, sources)
        )

    def of_capacity(self, name: str) -> list[Problem]:
        """Return why a capacity is not counted: its own errors, and those of the sources it is read from."""
        capacity = self.workspace.capacity[name]
        sources = [capacity.source, *([capacity.load.source] if capacity.load else [])]
        return self._at(("capacity", name), *_read_from(self.workspace, sources))

    def of_ratings(self) -> list[Problem]:
        """Return why ratings are not counted: their own errors, and those of the source they are read from."""
        ratings = self.workspace.ratings
        return self._at(("ratings",), *_read_from(self.workspace, [ratings.source] if ratings else []))

    def of_chain(self, name: str) -> list[Problem]:
        """Return why a chain is not judged: its own errors, those of its source, and of the calendars of its stages."""
        chain = self.workspace.chains[name]
        calendars: list[KeyPath] = [("calendars", stage.calendar) for stage in chain.stages if stage.calendar]
        sources = [chain.source] if chain.source else []
        return self._at(("chains", name), *calendars, *_read_from(self.workspace, sources))

    def _at(self, *places: KeyPath) -> list[Problem]:
        found = [p for p in self.errors if any(_is_under(p.at, place) for place in places)]
        return list(dict.fromkeys(found))


def find_faults(con: Engine, workspace: Workspace) -> Faults:
    """Return the errors of a workspace, over the sources loaded in `con`."""
    found = [*check(workspace), *bind(con, workspace)]
    return Faults(workspace, tuple(p for p in found if p.severity == "error" and p.at))


def _is_under(at: KeyPath, place: KeyPath) -> bool:
    return at[: len(place)] == place


def _decides(workspace: Workspace, promise_id: str) -> Iterator[KeyPath]:
    """Yield what else decides a promise's verdicts: its calendars, its corrections, the sources it reads."""
    promise = workspace.promises[promise_id]
    measures = [standing.measure for standing in promise.standings()]
    for measure in measures:
        if name := getattr(measure, "calendar", None):
            yield ("calendars", name)
    for name, correction in workspace.corrections.items():
        if promise_id in correction.promises:
            yield ("corrections", name)
    sources = [getattr(promise.measure, "items", None)]
    paused = getattr(promise.measure, "paused", None)
    sources += [paused.source] if isinstance(paused, PauseSource) else []
    lengths = (getattr(measure, key, None) for measure in measures for key in ("within", "less_than"))
    sources += [length.terms for length in lengths if isinstance(length, TermsLength)]
    yield from _read_from(workspace, [source for source in sources if source])


def _read_from(workspace: Workspace, sources: list[str]) -> Iterator[KeyPath]:
    """Yield the places of sources, of those that they read in turn, and of the connections they come by."""
    left, seen = list(sources), set[str]()
    while left:
        name = left.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield ("sources", name)
        source = workspace.sources.get(name)
        if source and source.connection:
            yield ("connections", source.connection)
        if source and source.sql:
            left += reads(source.sql, workspace.sources)
