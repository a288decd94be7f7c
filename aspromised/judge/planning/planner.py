"""From a declared promise to its plan: every name looked up, every expression guarded, every problem told at once."""

from collections.abc import Callable, Iterator, Mapping

from sqlglot import exp

from aspromised.declare.model import (
    Calendar,
    ItemLength,
    Pause,
    PauseSource,
    Promise,
    PromiseInForce,
    TermsLength,
)
from aspromised.declare.rules.clock import LIMITS, two_clocks
from aspromised.declare.rules.notyet import why_not_judged
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.planning.arrivals import arrivals
from aspromised.judge.planning.attribution import brought_by, is_gated, is_leaned_on, is_touched
from aspromised.judge.planning.plan import (
    INSTANT_TYPES,
    CannotJudgeError,
    Columns,
    CorrectionRule,
    Ground,
    Judgeable,
    Plan,
    not_an_instant,
)
from aspromised.sql.authored.guard import guard
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.authored.parse import ExpressionError
from aspromised.words.lengths import Length
from aspromised.words.names import folded
from aspromised.words.problems import Problem, did_you_mean

_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "HUGEINT",
    EMPTY_TYPE, "UINTEGER", "UTINYINT", "USMALLINT", "UBIGINT",
)  # fmt: skip


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


def misnamed(workspace: Workspace, promise_id: str, tables: Mapping[str, Columns]) -> list[Problem]:
    """Return the columns that a promise names and are missing or of another type, and the lengths that cannot be judged.

    What else is wrong with the promise hides none of them.
    """
    promise = workspace.promises[promise_id]
    measure = promise.measure
    if not isinstance(measure, Judgeable) or measure.items not in tables:
        return []
    planner = _Planner(workspace, promise_id, tables[measure.items], tables)
    planner.check_columns(promise, measure)
    return [
        problem for problem in planner.problems if problem.code != "no-data"
    ]  # the source itself is told of


def _problem(workspace: Workspace, promise_id: str, at: KeyPath, message: str, code: str) -> Problem:
    below = at if at[:1] == ("versions",) else ("measure", *at)
    return workspace.problem(code, message, ("promises", promise_id, *below))


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
        self.check_columns(promise, measure)
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
            is_leaned_on(self.workspace, self.promise_id) or is_touched(self.workspace, self.promise_id),
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
            self._refuse_two_clocks(standing.measure, calendar)
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

    def _refuse_two_clocks(self, measure: object, calendar: Calendar | None) -> None:
        """Refuse a cut-off that is read on the company's clock beside a calendar of another zone."""
        message = two_clocks(measure, calendar, self.workspace.company.timezone)
        found = _problem(self.workspace, self.promise_id, ("cut_off",), message or "", "calendar")
        if message and found not in self.problems:
            self.problems.append(found)

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

    def check_columns(self, promise: Promise, measure: Judgeable) -> None:
        """Look up every column the promise names, each where it is written."""
        self._check_arrived()
        for key in measure.columns:
            self._columns(getattr(measure, key), (key,))
        if measure.fault:
            key, message = measure.fault
            self.problems.append(_problem(self.workspace, self.promise_id, (key,), message, "length"))
        for key in measure.moments:
            self._instant(getattr(measure, key), (key,))
        for limit, at in _limits(promise):
            if isinstance(limit, str):
                self._instant(limit, at)
            elif isinstance(limit, ItemLength):
                self._number(limit.column, (*at, "column"))
            elif isinstance(limit, TermsLength):
                self._check_terms(limit, at)
        self._check_pauses(getattr(measure, "paused", None))

    def _check_arrived(self) -> None:
        """Refuse a source whose `arrived` is no moment: without it, what was known then would be judged wrong in silence."""
        source = self.workspace.sources.get(self.source)
        column = source.arrived if source else None
        if self.is_silent or column is None:
            return
        kind = {folded(name): kind for name, kind in self.columns.items()}.get(folded(column))
        if kind not in INSTANT_TYPES and (kind is None or self.workspace.is_typed(self.source)):
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

    def _check_terms(self, terms: TermsLength, at: KeyPath) -> None:
        of_source = self._of(terms.terms, (*at, "terms"))
        of_source._check_arrived()
        self._column(terms.match, (*at, "match"))
        of_source._column(terms.match, (*at, "match"))
        of_source._number(terms.value, (*at, "value"))
        of_source._instant(terms.from_, (*at, "from"))
        of_source._instant(terms.to, (*at, "to"))

    def _of(self, source: str, at: KeyPath) -> "_Planner":
        """Return a planner over another source's columns that tells its problems here."""
        other = _Planner(self.workspace, self.promise_id, self.tables.get(source, {}), self.tables)
        other.problems, other.source = self.problems, source
        if source not in self.tables:
            message = f"the source '{source}' has no data: see Data health"
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "no-data"))
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
        if kind is None or not self.workspace.is_typed(self.source):
            return
        if message := not_an_instant(self.source, str(column), kind):
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))

    def _number(self, column: str, at: KeyPath) -> None:
        kind = self._column(column, at)
        if kind is not None and not kind.startswith(_NUMBERS) and self.workspace.is_typed(self.source):
            message = (
                f"the column '{column}' is {kind.lower()}, not a number: declare it as number under sources:"
                f" {self.source}: columns in data/sources.yaml; written 1,5 or 1.234,56, it needs decimal: ',' too"
            )
            self.problems.append(_problem(self.workspace, self.promise_id, at, message, "column"))


def _limits(promise: Promise) -> Iterator[tuple[Length | ItemLength | TermsLength | str, KeyPath]]:
    """Yield each limit that a standing is judged by, once, and where it is written below the promise."""
    standings = [standing.measure for standing in promise.standings()]
    written: list[tuple[object, KeyPath]] = [(promise.measure, ("measure",))]
    written += [(version, ("versions", number)) for number, version in enumerate(promise.versions)]
    told = []
    for clock, at in written:
        for key in LIMITS:
            limit = getattr(clock, key, None)
            in_force = any(getattr(measure, key, None) == limit for measure in standings)
            if limit is not None and in_force and limit not in told:
                told.append(limit)
                yield limit, (*at, key) if at[0] == "versions" else (key,)
