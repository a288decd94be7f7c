"""A plan: one promise with every name resolved and every expression guarded, ready to become SQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from aspromised.declare.clock import limit_unit
from aspromised.declare.model import (
    CheckMeasure,
    ClockMeasure,
    CountsMeasure,
    ItemLength,
    Pause,
    PauseSource,
    Promise,
    RepeatMeasure,
    Standing,
    TermsLength,
)
from aspromised.declare.notyet import why_not_judged
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.expression import ExpressionError, guard
from aspromised.words.problems import AsPromisedError, Problem, did_you_mean

Columns = Mapping[str, str]
"""A source's columns: name → DuckDB type."""

Judgeable = ClockMeasure | CheckMeasure | CountsMeasure | RepeatMeasure
"""The kinds of measure that are judged item by item or row by row; a spread compares another promise's units."""

INSTANT_TYPES = ("TIMESTAMP WITH TIME ZONE", "DATE")


class CannotJudgeError(AsPromisedError):
    """A promise that cannot be judged, with every reason found."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


@dataclass(frozen=True)
class CorrectionRule:
    """Items counted from `first` to `last` (local days) that `only` selects are exempt, because."""

    first: date
    last: date
    only: exp.Expr | None
    because: str


@dataclass(frozen=True)
class Ground:
    """What a clock runs on: the wall, or the open time of a calendar, whose temporary tables it names."""

    number: int
    calendar: str | None = None
    prefix: str = ""
    slot_us: int = 0
    suffix: str = ""
    """Ends the names of the macros of the calendar's own time zone; empty where it is the company's."""

    @property
    def is_wall(self) -> bool:
        """Whether the clock never stops on this ground."""
        return self.calendar is None

    def table(self, part: str) -> str:
        """Return the quoted name of one of the calendar's tables."""
        return exp.to_identifier(f"{self.prefix}_{part}", quoted=True).sql(dialect="duckdb")


WALL = Ground(0)


@dataclass(frozen=True)
class Plan:
    """What SQL is written from; nothing in it is an author's text any more."""

    promise_id: str
    promise: Promise
    measure: Judgeable
    standings: tuple[Standing, ...]
    columns: Columns
    only: exp.Expr | None
    segments: Mapping[str, exp.Expr]
    exempt: tuple[tuple[exp.Expr, str], ...]
    corrections: tuple[CorrectionRule, ...]
    kept_when: exp.Expr | None
    counts: tuple[exp.Expr, exp.Expr] | None
    """Of a measure of counts: how many were kept, out of how many."""
    tables: Mapping[str, Columns]
    """The columns of every source, by its name."""
    calendars: Mapping[str, Ground]
    """The calendars that stop a clock of this promise; one that is always open is none."""

    @property
    def paused(self) -> PauseSource | list[Pause] | None:
        """The pauses of a clock."""
        return self.measure.paused if isinstance(self.measure, ClockMeasure) else None

    @property
    def terms(self) -> TermsLength | None:
        """Where a length was sold to the customer."""
        lengths = (getattr(s.measure, key, None) for s in self.standings for key in ("within", "less_than"))
        return next((length for length in lengths if isinstance(length, TermsLength)), None)

    def is_terms_date(self, column: str) -> bool:
        """Whether the terms hold days rather than instants in the column."""
        assert self.terms, "asked of terms only"
        return self.tables[self.terms.terms][column] == "DATE"

    def ground_of(self, measure: object) -> Ground:
        """Return what a clock of this promise runs on."""
        unit = limit_unit(measure) if isinstance(measure, ClockMeasure) else None
        name = getattr(measure, "calendar", None) if (unit or "").startswith("business") else None
        return self.calendars.get(name, WALL) if name else WALL

    @property
    def grounds(self) -> list[Ground]:
        """What the promise's versions run on, each once."""
        return list(dict.fromkeys(self.ground_of(standing.measure) for standing in self.standings))

    @property
    def runs_and_stops(self) -> bool:
        """Whether its clock needs more than a sum: a calendar, a pause, or terms."""
        clock = isinstance(self.measure, ClockMeasure)
        return clock and bool(
            self.paused or self.terms or any(not g.is_wall for g in self.grounds) or self._is_always_open
        )

    @property
    def _is_always_open(self) -> bool:
        units = (limit_unit(s.measure) for s in self.standings if isinstance(s.measure, ClockMeasure))
        return any((unit or "").startswith("business") for unit in units)

    @property
    def source(self) -> str:
        """The source whose rows are judged."""
        return self.measure.items

    @property
    def instants(self) -> tuple[str, ...]:
        """The columns that hold instants or days."""
        named = [getattr(self.measure, key, None) for key in ("started", "done", "at", "cancelled")]
        dues = [getattr(standing.measure, "by", None) for standing in self.standings]
        return tuple(dict.fromkeys(column for column in [*named, *dues] if column))

    def is_date(self, column: str) -> bool:
        """Whether the column holds days rather than instants."""
        return self.columns[column] == "DATE"


def make_plan(workspace: Workspace, promise_id: str, tables: Mapping[str, Columns]) -> Plan:
    """Return the plan of a promise over sources with these columns; CannotJudgeError tells all reasons."""
    promise = workspace.promises[promise_id]
    measure = promise.measure
    reason = why_not_judged(promise)
    if reason or not isinstance(measure, Judgeable):
        raise CannotJudgeError(
            [_problem(workspace, promise_id, (), reason or "not judged yet", "not-judged-yet")]
        )
    maker = _Maker(workspace, promise_id, tables.get(measure.items, {}), tables)
    plan = maker.make(promise, measure)
    if maker.problems:
        raise CannotJudgeError(maker.problems)
    return plan


def _problem(workspace: Workspace, promise_id: str, at: KeyPath, message: str, code: str) -> Problem:
    return workspace.problem(code, message, ("promises", promise_id, "measure", *at))


class _Maker:
    """Collects problems while names are resolved, so that one run tells them all."""

    def __init__(
        self, workspace: Workspace, promise_id: str, columns: Columns, tables: Mapping[str, Columns]
    ) -> None:
        self.workspace, self.promise_id, self.columns, self.tables = workspace, promise_id, columns, tables
        self.problems: list[Problem] = []
        self.source = str(getattr(workspace.promises[promise_id].measure, "items", ""))
        self.is_silent = False

    def make(self, promise: Promise, measure: Judgeable) -> Plan:
        standings = tuple(promise.standings())
        self._check_columns(measure, standings)
        return Plan(
            self.promise_id,
            promise,
            measure,
            standings,
            self.columns,
            self._guarded(measure.only, ("only",)),
            self._segments(measure),
            self._exemptions(measure),
            tuple(self._corrections()),
            self._guarded(getattr(measure, "kept_when", None), ("kept_when",)),
            self._counts(measure),
            self.tables,
            self._calendars(standings),
        )

    def _counts(self, measure: Judgeable) -> tuple[exp.Expr, exp.Expr] | None:
        if not isinstance(measure, CountsMeasure):
            return None
        kept, total = self._guarded(measure.kept, ("kept",)), self._guarded(measure.total, ("total",))
        return (kept, total) if kept is not None and total is not None else None

    def _calendars(self, standings: tuple[Standing, ...]) -> dict[str, Ground]:
        """Return the calendars the versions run on; what is wrong with one is told by `check`."""
        grounds: dict[str, Ground] = {}
        for standing in standings:
            name = getattr(standing.measure, "calendar", None)
            calendar = self.workspace.calendars.get(name) if name else None
            if name and calendar is None:
                message = f"there is no calendar '{name}' that can be read"
                self.problems.append(
                    _problem(self.workspace, self.promise_id, ("calendar",), message, "calendar")
                )
            elif name and calendar and calendar.open != "always" and name not in grounds:
                foreign = calendar.timezone not in (None, self.workspace.company.timezone)
                number = len(grounds) + 1
                grounds[name] = Ground(number, name, suffix=f"_{number}" if foreign else "")
        return grounds

    def _segments(self, measure: Judgeable) -> dict[str, exp.Expr]:
        guarded = {
            name: self._guarded(sql, ("segments",)) for name, sql in measure.segment_expressions.items()
        }
        return {name: tree for name, tree in guarded.items() if tree is not None}

    def _exemptions(self, measure: Judgeable) -> tuple[tuple[exp.Expr, str], ...]:
        rules = [
            (self._guarded(rule.when, ("exempt", number, "when")), rule.because)
            for number, rule in enumerate(getattr(measure, "exempt", []))
        ]
        return tuple((tree, because) for tree, because in rules if tree is not None)

    def _corrections(self) -> list[CorrectionRule]:
        return [
            CorrectionRule(rule.from_, rule.to, self._correction_only(rule.only, name), rule.because)
            for name, rule in self.workspace.corrections.items()
            if self.promise_id in rule.promises
        ]

    def _correction_only(self, text: str | None, name: str) -> exp.Expr | None:
        return self._told(
            text, lambda message: self.workspace.problem("expression", message, ("corrections", name, "only"))
        )

    def _guarded(self, text: str | None, at: KeyPath) -> exp.Expr | None:
        return self._told(
            text, lambda message: _problem(self.workspace, self.promise_id, at, message, "expression")
        )

    def _told(self, text: str | None, problem: Callable[[str], Problem]) -> exp.Expr | None:
        if text is None:
            return None
        try:
            return guard(text, self.columns)
        except ExpressionError as error:
            self.problems.append(problem(f"{error} (in the source '{self.source}')"))
            return None

    def _check_columns(self, measure: Judgeable, standings: tuple[Standing, ...]) -> None:
        self._column(getattr(measure, "id", None), ("id",))
        for number, same in enumerate(measure.same if isinstance(measure, RepeatMeasure) else []):
            self._column(same, ("same", number))
        if isinstance(measure, RepeatMeasure) and measure.not_again_within.is_business:
            message = "a window in business time cannot be judged: write it in days or hours"
            self.problems.append(
                _problem(self.workspace, self.promise_id, ("not_again_within",), message, "length")
            )
        for key in ("started", "done", "at", "cancelled"):
            self._instant(getattr(measure, key, None), (key,))
        for column in dict.fromkeys(getattr(standing.measure, "by", None) for standing in standings):
            self._instant(column, ("by",))
        for length in _item_lengths(standings):
            self._number(length.column, ("within", "column"))
        self._check_pauses(getattr(measure, "paused", None))
        for terms in _terms(standings):
            self._check_terms(terms)

    def _check_pauses(self, paused: PauseSource | list[Pause] | None) -> None:
        if isinstance(paused, PauseSource):
            of_source = self._of(paused.source, ("paused", "source"))
            of_source._column(paused.id, ("paused", "id"))
            of_source._instant(paused.from_, ("paused", "from"))
            of_source._instant(paused.to, ("paused", "to"))
        for number, pause in enumerate(paused if isinstance(paused, list) else []):
            self._instant(pause.from_, ("paused", number, "from"))
            self._instant(pause.to, ("paused", number, "to"))

    def _check_terms(self, terms: TermsLength) -> None:
        of_source = self._of(terms.terms, ("within", "terms"))
        self._column(terms.match, ("within", "match"))
        of_source._column(terms.match, ("within", "match"))
        of_source._number(terms.value, ("within", "value"))
        of_source._instant(terms.from_, ("within", "from"))
        of_source._instant(terms.to, ("within", "to"))

    def _of(self, source: str, at: KeyPath) -> "_Maker":
        """Return a maker over another source's columns that tells its problems here."""
        other = _Maker(self.workspace, self.promise_id, self.tables.get(source, {}), self.tables)
        other.problems, other.source = self.problems, source
        if source not in self.tables:
            message = f"the source '{source}' has no data: see Data health"
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))
            other.is_silent = True
        return other

    def _column(self, column: str | None, at: KeyPath) -> str | None:
        if column is None or self.is_silent:
            return None
        if column not in self.columns:
            message = (
                f"the source '{self.source}' has no column '{column}'.{did_you_mean(column, self.columns)}"
            )
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))
            return None
        return self.columns[column]

    def _instant(self, column: str | None, at: KeyPath) -> None:
        kind = self._column(column, at)
        if kind is not None and kind not in INSTANT_TYPES:
            message = (
                f"the column '{column}' is {kind.lower()}, not a date or a time: declare it as timestamp or date "
                f"under sources: {self.source}: columns in data/sources.yaml"
            )
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))

    def _number(self, column: str, at: KeyPath) -> None:
        kind = self._column(column, at)
        if kind is not None and not kind.startswith(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT", "UINTEGER", "UTINYINT", "USMALLINT", "UBIGINT")):  # fmt: skip
            message = f"the column '{column}' is {kind.lower()}, not a number"
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))


def _item_lengths(standings: tuple[Standing, ...]) -> list[ItemLength]:
    lengths = [getattr(s.measure, key, None) for s in standings for key in ("within", "less_than")]
    return [length for length in lengths if isinstance(length, ItemLength)]


def _terms(standings: tuple[Standing, ...]) -> list[TermsLength]:
    lengths = [getattr(s.measure, key, None) for s in standings for key in ("within", "less_than")]
    return [length for length in lengths if isinstance(length, TermsLength)]
