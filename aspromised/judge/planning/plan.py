"""A plan: one promise with every name resolved and every expression guarded, ready to become SQL."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlglot import exp

from aspromised.declare.model import (
    ClockMeasure,
    ItemsMeasure,
    Pause,
    PauseSource,
    Promise,
    PromiseInForce,
    TermsLength,
)
from aspromised.declare.rules.clock import limit_unit
from aspromised.sql.authored.nothing import EMPTY_TYPE
from aspromised.sql.templates import quoted, tree
from aspromised.words.problems import AsPromisedError, Problem

Columns = Mapping[str, str]
"""A source's columns: name → DuckDB type."""

Ask = Callable[[exp.Expr], Any]
"""Answers a query with its one value, wherever the rows lie that it reads."""

Judgeable = ItemsMeasure
"""The kinds of measure that are judged item by item or row by row; a spread compares another promise's units."""


def instant_us(columns: Columns, column: str) -> exp.Expr:
    """Return a column of instants in µs UTC; null where it holds nothing yet."""
    if columns[column] == EMPTY_TYPE:
        return tree("cast(null as bigint)")
    return tree("ap_instant_us(:a)", a=quoted(column))


INSTANT_TYPES = ("TIMESTAMP WITH TIME ZONE", "DATE", EMPTY_TYPE)


def not_an_instant(source: str, column: str, kind: str) -> str | None:
    """Return that a column holds no dates or times and how that is mended, or None where it does."""
    if kind in INSTANT_TYPES:
        return None
    return (
        f"the column '{column}' is {kind.lower()}, not a date or a time: declare it as timestamp or date "
        f"under sources: {source}: columns in data/sources.yaml; where some of its values are days and others have a time"
        " of day, a timestamp sets the days aside, and a date takes every value for its day; where it is written otherwise than"
        " 2026-10-31 14:05, give the source its timestamp_format too: '%d.%m.%Y %H:%M' reads 31.10.2026 14:05"
    )


def number(columns: Columns, column: str) -> exp.Expr:
    """Return a column of numbers; a null of that type where it holds nothing yet."""
    return tree("cast(null as double)") if columns[column] == EMPTY_TYPE else quoted(column)


class CannotJudgeError(AsPromisedError):
    """A promise that cannot be judged, with every reason found and its place, a line each."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(dict.fromkeys(map(placed_message, self.problems))))


def placed_message(problem: Problem) -> str:
    """Return a problem's message with its place before it."""
    return f"{problem.place}: {problem.message}" if problem.place else problem.message


@dataclass(frozen=True)
class CorrectionRule:
    """Items counted from `first` to `last` (local days) that `only` selects are exempt, because."""

    first: date
    last: date
    only: exp.Expr | None
    because: str
    name: str = ""
    known_from: date = date.min
    """The first local day it was known of."""


@dataclass(frozen=True)
class Arrival:
    """How a source tells when its rows became known."""

    column: str
    is_date: bool
    key: str | None
    keeps_versions: bool
    """Whether rows that gave way to later ones are kept, each with when it was known."""


@dataclass(frozen=True)
class Ground:
    """What a clock runs on: the wall, or the open time of a calendar, whose temporary tables it names."""

    number: int
    calendar: str | None = None
    prefix: str = ""
    slot_us: int = 0
    suffix: str = ""
    """Ends the names of the macros of the calendar's own time zone; empty where it is the company's."""
    years: tuple[int, int] | None = None
    """The first and last year its calendar is laid out for."""

    @property
    def is_wall(self) -> bool:
        """Whether the clock never stops on this ground."""
        return self.calendar is None

    def table(self, part: str) -> str:
        """Return the quoted name of one of the calendar's tables."""
        return exp.to_identifier(f"{self.prefix}_{part}", quoted=True).sql(dialect="duckdb")


WALL = Ground(0)


@dataclass(frozen=True, eq=False)
class Plan:
    """What SQL is written from; nothing in it is an author's text any more. Each is itself alone, so that what was written is found by it."""

    promise_id: str
    promise: Promise
    measure: Judgeable
    standings: tuple[PromiseInForce, ...]
    columns: Columns
    only: exp.Expr | None
    segments: Mapping[str, exp.Expr]
    exempt: tuple[tuple[exp.Expr, str], ...]
    corrections: tuple[CorrectionRule, ...]
    own: Mapping[str, exp.Expr]
    """What the kind of measure asks besides, by its key: the condition of a check, the numbers of counts."""
    tables: Mapping[str, Columns]
    """The columns of every source, by its name."""
    calendars: Mapping[str, Ground]
    """The calendars of this promise that stop its clock, or have a time zone of their own."""
    brought: tuple[tuple[str, exp.Expr], ...] = ()
    """Where promotions lean on it: by launch, which rows each brought."""
    is_told_by_start: bool = False
    """Whether its items are also counted on the day they started: a promotion leans on it, or a change touches some."""
    is_gated: bool = False
    """Whether a gate of a promotion asks how it is holding."""
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    """The sources that tell when their rows became known."""
    is_history: bool = False
    """Whether every version of a row is asked what it said for as long as it was the latest known."""

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
    def has_original(self) -> bool:
        """Whether the date first given to the customer is known beside the latest."""
        return getattr(self.measure, "originally_by", None) is not None

    @property
    def arrival(self) -> Arrival | None:
        """How the source whose rows are judged tells when they became known."""
        return self.arrivals.get(self.source)

    @property
    def source(self) -> str:
        """The source whose rows are judged."""
        return self.measure.items

    @property
    def instants(self) -> tuple[str, ...]:
        """The columns that hold instants or days; those that hold nothing yet are none."""
        named = [getattr(self.measure, key) for key in self.measure.moments]
        dues = [getattr(standing.measure, "by", None) for standing in self.standings]
        given = [column for column in [*named, *dues] if column and self.columns[column] != EMPTY_TYPE]
        return tuple(dict.fromkeys(given))

    def is_date(self, column: str) -> bool:
        """Whether the column holds days rather than instants."""
        return self.columns[column] == "DATE"
