"""A plan: one promise with every name resolved and every expression guarded, ready to become SQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from aspromised.declare.model import CheckMeasure, ClockMeasure, ItemLength, Promise, Standing
from aspromised.declare.notyet import why_not_judged
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.expression import ExpressionError, guard
from aspromised.words.problems import AsPromisedError, Problem, did_you_mean

Columns = Mapping[str, str]
"""A source's columns: name → DuckDB type."""

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
class Plan:
    """What SQL is written from; nothing in it is an author's text any more."""

    promise_id: str
    promise: Promise
    measure: ClockMeasure | CheckMeasure
    standings: tuple[Standing, ...]
    columns: Columns
    only: exp.Expr | None
    segments: Mapping[str, exp.Expr]
    exempt: tuple[tuple[exp.Expr, str], ...]
    corrections: tuple[CorrectionRule, ...]
    kept_when: exp.Expr | None

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


def make_plan(workspace: Workspace, promise_id: str, columns: Columns) -> Plan:
    """Return the plan of a promise over a source with these columns; CannotJudgeError tells all reasons."""
    promise = workspace.promises[promise_id]
    measure = promise.measure
    reason = why_not_judged(promise)
    if reason or not isinstance(measure, ClockMeasure | CheckMeasure):
        raise CannotJudgeError(
            [_problem(workspace, promise_id, (), reason or "not judged yet", "not-judged-yet")]
        )
    maker = _Maker(workspace, promise_id, columns)
    plan = maker.make(promise, measure)
    if maker.problems:
        raise CannotJudgeError(maker.problems)
    return plan


def _problem(workspace: Workspace, promise_id: str, at: KeyPath, message: str, code: str) -> Problem:
    return workspace.problem(code, message, ("promises", promise_id, "measure", *at))


class _Maker:
    """Collects problems while names are resolved, so that one run tells them all."""

    def __init__(self, workspace: Workspace, promise_id: str, columns: Columns) -> None:
        self.workspace, self.promise_id, self.columns = workspace, promise_id, columns
        self.problems: list[Problem] = []

    def make(self, promise: Promise, measure: ClockMeasure | CheckMeasure) -> Plan:
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
        )

    def _segments(self, measure: ClockMeasure | CheckMeasure) -> dict[str, exp.Expr]:
        guarded = {
            name: self._guarded(sql, ("segments",)) for name, sql in measure.segment_expressions.items()
        }
        return {name: tree for name, tree in guarded.items() if tree is not None}

    def _exemptions(self, measure: ClockMeasure | CheckMeasure) -> tuple[tuple[exp.Expr, str], ...]:
        rules = [
            (self._guarded(rule.when, ("exempt", number, "when")), rule.because)
            for number, rule in enumerate(measure.exempt)
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
            self.problems.append(problem(f"{error} (in the source '{self._source}')"))
            return None

    @property
    def _source(self) -> str:
        return str(getattr(self.workspace.promises[self.promise_id].measure, "items", ""))

    def _check_columns(self, measure: ClockMeasure | CheckMeasure, standings: tuple[Standing, ...]) -> None:
        self._column(measure.id, ("id",))
        for key in ("started", "done", "at", "cancelled"):
            self._instant(getattr(measure, key, None), (key,))
        for column in dict.fromkeys(getattr(standing.measure, "by", None) for standing in standings):
            self._instant(column, ("by",))
        for length in _item_lengths(standings):
            self._number(length.column, ("within", "column"))

    def _column(self, column: str | None, at: KeyPath) -> str | None:
        if column is None:
            return None
        if column not in self.columns:
            message = (
                f"the source '{self._source}' has no column '{column}'.{did_you_mean(column, self.columns)}"
            )
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))
            return None
        return self.columns[column]

    def _instant(self, column: str | None, at: KeyPath) -> None:
        kind = self._column(column, at)
        if kind is not None and kind not in INSTANT_TYPES:
            message = (
                f"the column '{column}' is {kind.lower()}, not a date or a time: declare it as timestamp or date "
                f"under sources: {self._source}: columns in data/sources.yaml"
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
