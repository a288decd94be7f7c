"""Sources that Spark reads itself: their columns, what is kept and set aside of them, and what planning asks of their rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp, select

from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.remote.columns import (
    local_moments,
    typed_columns,
    undeclared_texts,
    utc_of_wall,
    wall_us,
    without_nulls,
)
from aspromised.judge.remote.reading import ReadingThere
from aspromised.sql.authored.guard import guard, guard_together
from aspromised.sql.on_spark.authored import on_spark
from aspromised.sql.on_spark.rendering import Macros, spark_sql, view_of
from aspromised.sql.on_spark.session import Spark
from aspromised.sql.on_spark.there import RowsThere
from aspromised.sql.templates import quoted, tree

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class SourcesThere:
    """The sources that Spark reads itself, as views of its session: what stands there, as it is read, and its rows."""

    workspace: Workspace
    spark: Spark
    types: dict[str, dict[str, str]] = field(default_factory=dict)

    def look(self, name: str) -> dict[str, str]:
        """Return the columns of a source by what it says of itself, without a look at its rows; AsPromisedError where it cannot be read."""
        return typed_columns(self.workspace.sources[name], self._raw(name))

    def read(self, name: str, most: int) -> RowsThere:
        """Make the views of a source's rows, and return where they went; so many of those set aside come back at most."""
        source, raw = self.workspace.sources[name], self._raw(name)
        empty = self._empty(name, undeclared_texts(source, raw))
        types = typed_columns(source, raw, empty)
        guard_together(source.must)
        rules = [on_spark(guard(rule, types), types, str(self.workspace.timezone)) for rule in source.must]
        reading = ReadingThere(name, source, raw, frozenset(empty), rules)
        macros = self._macros(reading)
        self._create("staged", reading, reading.staged(), macros)
        rows_in, passed, keys, ids = self.row(reading.counted(), macros)
        is_repeated = bool(reading.key) and ids < keys
        self._create("source", reading, reading.kept(is_repeated), macros)
        if source.keeps_versions:
            self._create("earlier", reading, reading.earlier(), macros)
        kept = ids if source.latest_by and is_repeated else passed
        if is_repeated and not source.latest_by:
            kept = self.row(select(exp.Count(this=exp.Star())).from_(_table("source", name)), macros)[0]
        resolved = passed - ids if source.latest_by and is_repeated else 0
        aside = rows_in - kept - resolved
        shown = self.spark.rows(spark_sql(reading.aside(is_repeated, most if aside else 0), macros))
        self.types[name] = types
        return RowsThere(types, rows_in, kept, aside, resolved, shown)

    def newest(self, name: str, columns: Sequence[str], moment: datetime) -> datetime | None:
        """Return the newest of these columns that is not after a moment, in UTC without a zone; a day counts as its midnight in the company's zone."""
        if name not in self.types or not columns:
            return None
        days = LocalDays(self.workspace.timezone, moment.year - 30, moment.year + 1)
        limit = (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
        told = []
        for column in columns:
            at = quoted(column)
            us = (
                tree("ap_day_start(ap_number_of_date(:a))", a=at)
                if self.types[name][column] == "DATE"
                else tree("ap_instant_us(:a)", a=at)
            )
            told.append(tree("max(case when :us <= :limit then :us end)", us=us, limit=limit))
        query = select(*(each.as_(f"n{n}") for n, each in enumerate(told))).from_(_table("source", name))
        found = [us for us in self.row(query, days.bodies()) if us is not None]
        return (_EPOCH + timedelta(microseconds=max(found))).replace(tzinfo=None) if found else None

    def years(self, name: str, columns: Iterable[str]) -> list[int]:
        """Return about the first and the last year of each of these columns of days or moments."""
        ends = [
            exp.func(end, _us(column, self.types[name][column]))
            for column in columns
            for end in ("min", "max")
        ]
        if not ends:
            return []
        query = select(*(end.as_(f"n{n}") for n, end in enumerate(ends))).from_(_table("source", name))
        return [_year(us) for us in self.row(query, {}) if us is not None]

    def row(self, query: exp.Expr, macros: Macros) -> tuple[Any, ...]:
        """Return the one row of a query."""
        found = self.spark.rows(spark_sql(query, macros))
        return tuple(column[0].as_py() for column in found.columns)

    def _raw(self, name: str) -> dict[str, str]:
        return self.spark.read(view_of("raw", name), self.workspace.sources[name].spark or "")

    def _create(self, schema: str, reading: ReadingThere, query: exp.Expr, macros: Macros) -> None:
        self.spark.create(view_of(schema, reading.name), spark_sql(query, macros))

    def _empty(self, name: str, texts: list[str]) -> list[str]:
        """Return which of these columns of texts hold nothing; all rows are looked at only for those that the first hold nothing of."""
        for limit in (_FIRST_ROWS, 0):
            if not texts:
                break
            source = self.workspace.sources[name]
            values = [without_nulls(source, text).as_(text, quoted=True) for text in texts]
            found = select(*values).from_(_table("raw", name))
            found = found.limit(limit) if limit else found
            counts = [exp.Count(this=quoted(text)).as_(f"n{n}") for n, text in enumerate(texts)]
            held = self.row(select(*counts).from_(found.subquery("found")), {})
            texts = [text for text, values_there in zip(texts, held, strict=True) if not values_there]
        return texts

    def _macros(self, reading: ReadingThere) -> Macros:
        """Return what a source is read with: the local days of the company, and how its moments without a zone become instants."""
        local = local_moments(reading.source, reading.raw)
        dated = [*local, *reading.arrived_days]
        if not dated:
            return {}
        ends = [exp.func(end, wall_us(name, reading.raw[name])) for name in dated for end in ("min", "max")]
        asked = select(*(end.as_(f"n{n}") for n, end in enumerate(ends))).from_(_table("raw", reading.name))
        told = self.row(asked, {})
        years = [_year(us) for us in told if us is not None] or [2000]
        first, last = max(min(years) - 1, 1800), min(max(years) + 1, 2300)
        first, last = min(first, last), max(first, last)
        zone = ZoneInfo(reading.source.timezone) if reading.source.timezone else self.workspace.timezone
        days = LocalDays(self.workspace.timezone, first, last).bodies()
        return days | utc_of_wall(zone, first, last)


_FIRST_ROWS = 10_000
"""Rows by which a column of texts is seen to hold something."""


def _table(schema: str, name: str) -> exp.Table:
    return exp.table_(exp.to_identifier(name, quoted=True), db=schema)


def _us(column: str, kind: str) -> exp.Expr:
    """Return about when something was (µs): a day counts as its midnight in UTC."""
    if kind == "DATE":
        return wall_us(column, kind)
    return tree("ap_instant_us(:a)", a=quoted(column))


def _year(us: int) -> int:
    """Return about which year it is, so many microseconds from 1970."""
    return 1970 + us // 31_556_952_000_000
