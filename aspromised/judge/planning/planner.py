"""From a declared promise to its plan: every name looked up, every expression guarded, every problem told at once."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from aspromised.declare.model import (
    ItemLength,
    Pause,
    PauseSource,
    Promise,
    PromiseInForce,
    TermsLength,
)
from aspromised.declare.rules.notyet import why_not_judged
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.planning.arrivals import arrivals
from aspromised.judge.planning.attribution import brought_by, is_gated, is_leaned_on
from aspromised.judge.planning.plan import CannotJudgeError, Columns, CorrectionRule, Ground, Judgeable, Plan
from aspromised.sql.guard import guard
from aspromised.sql.parse import ExpressionError
from aspromised.words.problems import Problem, did_you_mean

INSTANT_TYPES = ("TIMESTAMP WITH TIME ZONE", "DATE")


def make_plan(workspace: Workspace, promise_id: str, tables: Mapping[str, Columns]) -> Plan:
    """Return the plan of a promise over sources with these columns; CannotJudgeError tells all reasons."""
    promise = workspace.promises[promise_id]
    measure = promise.measure
    if reason := why_not_judged(promise):
        raise CannotJudgeError([_problem(workspace, promise_id, (), reason, "not-judged-yet")])
    if not isinstance(measure, Judgeable):
        message = f"a spread has no items of its own: it is told from the verdicts of '{measure.spread_of}'"
        raise CannotJudgeError([_problem(workspace, promise_id, (), message, "spread")])
    planner = _Planner(workspace, promise_id, tables.get(measure.items, {}), tables)
    plan = planner.make(promise, measure)
    if planner.problems:
        raise CannotJudgeError(planner.problems)
    return plan


def _problem(workspace: Workspace, promise_id: str, at: KeyPath, message: str, code: str) -> Problem:
    return workspace.problem(code, message, ("promises", promise_id, "measure", *at))


class _Planner:
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
            self._own(measure),
            self.tables,
            self._calendars(standings),
            brought_by(self.workspace, self.promise_id, self.source, self.columns),
            is_leaned_on(self.workspace, self.promise_id),
            is_gated(self.workspace, self.promise_id),
            arrivals(self.workspace, self.tables),
        )

    def _own(self, measure: Judgeable) -> dict[str, exp.Expr]:
        guarded = {
            key: self._guarded(getattr(measure, key), (key,))
            for key in (*measure.conditions, *measure.numbers)
        }
        return {key: tree for key, tree in guarded.items() if tree is not None}

    def _calendars(self, standings: tuple[PromiseInForce, ...]) -> dict[str, Ground]:
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
            elif name and calendar and name not in grounds:
                foreign = calendar.timezone not in (None, self.workspace.company.timezone)
                number = len(grounds) + 1
                suffix = f"_{number}" if foreign else ""
                if calendar.open != "always":
                    grounds[name] = Ground(number, name, suffix=suffix)
                elif foreign:
                    grounds[name] = Ground(number, suffix=suffix)
        return grounds

    def _segments(self, measure: Judgeable) -> dict[str, exp.Expr]:
        guarded = {
            name: self._guarded(sql, ("segments",)) for name, sql in measure.segment_expressions.items()
        }
        for name in guarded:
            if not name.strip():
                message = "a segment needs a name"
                self.problems.append(
                    _problem(self.workspace, self.promise_id, ("segments",), message, "segments")
                )
        return {name: tree for name, tree in guarded.items() if tree is not None}

    def _exemptions(self, measure: Judgeable) -> tuple[tuple[exp.Expr, str], ...]:
        rules = [
            (self._guarded(rule.when, ("exempt", number, "when")), rule.because)
            for number, rule in enumerate(getattr(measure, "exempt", []))
        ]
        return tuple((tree, because) for tree, because in rules if tree is not None)

    def _corrections(self) -> list[CorrectionRule]:
        return [
            CorrectionRule(
                rule.from_,
                rule.to,
                self._correction_only(rule.only, name),
                rule.because,
                name,
                rule.known_from,
            )
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

    def _check_columns(self, measure: Judgeable, standings: tuple[PromiseInForce, ...]) -> None:
        self._check_arrived()
        for key in measure.columns:
            self._columns(getattr(measure, key), (key,))
        if measure.fault:
            key, message = measure.fault
            self.problems.append(_problem(self.workspace, self.promise_id, (key,), message, "length"))
        for key in measure.moments:
            self._instant(getattr(measure, key), (key,))
        for column in dict.fromkeys(getattr(standing.measure, "by", None) for standing in standings):
            self._instant(column, ("by",))
        for length in _item_lengths(standings):
            self._number(length.column, ("within", "column"))
        self._check_pauses(getattr(measure, "paused", None))
        for terms in _terms(standings):
            self._check_terms(terms)

    def _check_arrived(self) -> None:
        """Refuse a source whose `arrived` is no moment: without it, what was known then would be judged wrong in silence."""
        source = self.workspace.sources.get(self.source)
        column = source.arrived if source else None
        if self.is_silent or column is None:
            return
        kind = {name.lower(): kind for name, kind in self.columns.items()}.get(column.lower())
        if kind not in INSTANT_TYPES:
            what = f"is {kind.lower()}, not a date or a time" if kind else "is not among its columns"
            message = f"the column '{column}' of the source '{self.source}' {what}: it has to tell when a row arrived"
            self.problems.append(
                self.workspace.problem("column", message, ("sources", self.source, "arrived"))
            )

    def _check_pauses(self, paused: PauseSource | list[Pause] | None) -> None:
        if isinstance(paused, PauseSource):
            of_source = self._of(paused.source, ("paused", "source"))
            of_source._check_arrived()
            of_source._column(paused.id, ("paused", "id"))
            of_source._instant(paused.from_, ("paused", "from"))
            of_source._instant(paused.to, ("paused", "to"))
        for number, pause in enumerate(paused if isinstance(paused, list) else []):
            self._instant(pause.from_, ("paused", number, "from"))
            self._instant(pause.to, ("paused", number, "to"))

    def _check_terms(self, terms: TermsLength) -> None:
        of_source = self._of(terms.terms, ("within", "terms"))
        of_source._check_arrived()
        self._column(terms.match, ("within", "match"))
        of_source._column(terms.match, ("within", "match"))
        of_source._number(terms.value, ("within", "value"))
        of_source._instant(terms.from_, ("within", "from"))
        of_source._instant(terms.to, ("within", "to"))

    def _of(self, source: str, at: KeyPath) -> "_Planner":
        """Return a planner over another source's columns that tells its problems here."""
        other = _Planner(self.workspace, self.promise_id, self.tables.get(source, {}), self.tables)
        other.problems, other.source = self.problems, source
        if source not in self.tables:
            message = f"the source '{source}' has no data: see Data health"
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))
            other.is_silent = True
        return other

    def _columns(self, named: str | list[str], at: KeyPath) -> None:
        if isinstance(named, str):
            self._column(named, at)
            return
        for number, column in enumerate(named):
            self._column(column, (*at, number))

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


def _item_lengths(standings: tuple[PromiseInForce, ...]) -> list[ItemLength]:
    lengths = [getattr(s.measure, key, None) for s in standings for key in ("within", "less_than")]
    return [length for length in lengths if isinstance(length, ItemLength)]


def _terms(standings: tuple[PromiseInForce, ...]) -> list[TermsLength]:
    lengths = [getattr(s.measure, key, None) for s in standings for key in ("within", "less_than")]
    return [length for length in lengths if isinstance(length, TermsLength)]
