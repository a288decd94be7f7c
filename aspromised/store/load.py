"""Loading one source after another, each in a transaction of its own."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb
from sqlglot import exp

from aspromised.declare.model import Source
from aspromised.declare.workspace import Workspace
from aspromised.store import files, health, parquet, postgres, quoting, typed, views
from aspromised.store.health import SourceHealth
from aspromised.store.raw import RAW, Raw, SourceProblem, columns_of, first_line
from aspromised.store.readers import READERS
from aspromised.store.stage import Rule
from aspromised.words.problems import AsPromisedError

_READING = 1
"""Raised when the same file would now be read otherwise: everything is then loaded again."""


class Guards(Protocol):
    """Refuses authors' SQL that does more than it may: the module `aspromised.judge.expression`."""

    @property
    def guard(self) -> Callable[[str, Collection[str]], exp.Expr]:
        """Returns one scalar expression over the columns, or raises AsPromisedError."""

    @property
    def guard_query(self) -> Callable[[str, Collection[str]], exp.Expr]:
        """Returns one query that reads only the tables named, or raises AsPromisedError."""


@dataclass
class Loader:
    """Loads sources into the warehouse, those that others read first; `done` holds the health of each."""

    con: duckdb.DuckDBPyConnection
    workspace: Workspace
    guards: Guards
    circles: Mapping[str, list[str]]
    force: bool
    done: dict[str, SourceHealth] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._recorded = health.recorded(self.con)
        self._loaded = dict(self.con.execute('select "source", fingerprint from loaded').fetchall())

    def load(self, name: str) -> None:
        """Load one source where it changed; where it cannot be loaded, record why and leave no table."""
        source, found = self.workspace.sources[name], list[Path]()
        kind = "sql" if source.sql else "connection" if source.connection else "files"
        try:
            found = files.find(self.workspace.data, source) if kind == "files" else []
            kind = files.kind(found) if found else kind
            self.done[name] = self._kept(name, found) or self._load(name, source, kind, found)
        except AsPromisedError as error:
            self._failed(name, kind, len(found), str(error))
        except duckdb.Error as error:
            said = parquet.damaged(self.con, found) if kind == "parquet" else None
            self._failed(name, kind, len(found), said or f"{_where(source, found)}: {first_line(error)}")

    def is_current(self, name: str) -> bool:
        """Return whether the warehouse holds a source as it is declared and as its files are now."""
        source = self.workspace.sources[name]
        try:
            found = files.find(self.workspace.data, source) if source.files else []
        except AsPromisedError:
            return False
        if source.connection:
            return self._was_read(name)
        return self._kept(name, found) is not None

    def _was_read(self, name: str) -> bool:
        """Return whether a query was read as it is declared; whether its rows are the same, only reading tells."""
        self.fingerprints[name] = self._loaded.get(name, "")
        return self.fingerprints[name].partition(" ")[0] == self._fingerprint(name, [])

    def _kept(self, name: str, found: list[Path]) -> SourceHealth | None:
        """Return the recorded health of a source that has not changed since it was loaded."""
        self.fingerprints[name] = self._fingerprint(name, found)
        if self.force or self._loaded.get(name) != self.fingerprints[name]:
            return None
        return self._recorded.get(name)

    def _load(self, name: str, source: Source, kind: str, found: list[Path]) -> SourceHealth:
        """Read into temporary tables, then change the warehouse in one transaction."""
        try:
            raw = self._read(name, source, kind, found)
            if kept := self._unchanged(name, raw):
                return kept
            self.con.execute("begin")
            try:
                loaded = self._replace(name, source, kind, found, raw)
                self.con.execute("commit")
            except BaseException:
                _rollback(self.con)
                raise
        finally:
            self._clear()
        return loaded

    def _unchanged(self, name: str, raw: Raw) -> SourceHealth | None:
        """Return the health of a source that had to be read to know that its rows are the same as before."""
        if raw.stamp:
            self.fingerprints[name] += f" {raw.stamp}"
        if not raw.stamp or self.force or self._loaded.get(name) != self.fingerprints[name]:
            return None
        kept = replace(self._recorded[name], loaded_at=_now())
        health.record(self.con, kept)
        return kept

    def _replace(self, name: str, source: Source, kind: str, found: list[Path], raw: Raw) -> SourceHealth:
        drop(self.con, name)
        zone = source.timezone or self.workspace.company.timezone
        try:
            counts = typed.load(self.con, name, source, raw, zone, self._rules(source))
        except AsPromisedError as error:
            raise SourceProblem(f"{_where(source, found)}: {error}") from error
        loaded = self._health(name, kind, len(found), counts)
        health.record(self.con, loaded)
        self.con.execute("insert into loaded values (?, ?)", [name, self.fingerprints[name]])
        return loaded

    def _read(self, name: str, source: Source, kind: str, found: list[Path]) -> Raw:
        if kind == "connection":
            return postgres.read(self.con, self.workspace, source)
        return self._query(name, source) if source.sql else READERS[kind](self.con, found)

    def _query(self, name: str, source: Source) -> Raw:
        if name in self.circles:
            raise views.circle_problem(self.circles[name])
        others = {other: declared for other, declared in self.workspace.sources.items() if other != name}
        tree = self.guards.guard_query(source.sql or "", list(others))
        for other in views.reads(source.sql or "", others):
            if self.done[other].problem:
                raise SourceProblem(f"it reads '{other}', which could not be loaded: mend that first")
        self.con.execute(f"create or replace temp table {RAW} as {views.query(tree, others)}")
        return Raw(columns_of(self.con), computed=True)

    def _rules(self, source: Source) -> dict[str, Rule]:
        guard = self.guards.guard

        def rule(text: str) -> Rule:
            return lambda columns: guard(text, columns).sql(dialect="duckdb", identify=True)

        return {text: rule(text) for text in source.must}

    def _health(self, name: str, kind: str, count: int, counts: typed.Counts) -> SourceHealth:
        now = _now()
        newest = health.newest(self.con, quoting.table(name), now)
        return SourceHealth(
            name, kind, count, counts.rows_in, counts.kept, counts.set_aside, counts.duplicates_resolved,
            newest, now, None,
        )  # fmt: skip

    def _failed(self, name: str, kind: str, count: int, problem: str) -> None:
        said = problem.replace(f"{self.workspace.root}/", "")
        failed = SourceHealth(name, kind, count, 0, 0, 0, 0, None, _now(), said)
        self.con.execute("begin")
        drop(self.con, name)
        health.record(self.con, failed)
        self.con.execute("commit")
        self.fingerprints[name] = ""
        self.done[name] = failed

    def _clear(self) -> None:
        """Drop the temporary tables and views of a load."""
        found = self.con.execute(
            "select 'view', view_name from duckdb_views() where temporary and not internal "
            "union all select 'table', table_name from duckdb_tables() where temporary"
        ).fetchall()
        for kind, relation in found:
            self.con.execute(f"drop {kind} if exists temp.{quoting.name(relation)}")

    def _fingerprint(self, name: str, found: list[Path]) -> str:
        source = self.workspace.sources[name]
        reads = views.reads(source.sql, self.workspace.sources) if source.sql else []
        known = {
            "reading": _READING,
            "declared": source.model_dump(mode="json"),
            "set": sorted(source.model_fields_set),
            "timezone": self.workspace.company.timezone,
            "files": [_stamp(file) for file in found],
            "reads": [self.fingerprints.get(other, "") for other in reads],
        }
        return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def drop(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drop a source's table and what is recorded of its rows."""
    con.execute(f"drop table if exists {quoting.table(name)}")
    for table in ("set_aside", "loaded"):
        con.execute(f'delete from {table} where "source" = ?', [name])


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.TransactionException):  # the failure may have ended the transaction itself
        con.execute("rollback")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _stamp(file: Path) -> tuple[str, int, int]:
    known = file.stat()
    return str(file), known.st_size, known.st_mtime_ns


def _where(source: Source, found: list[Path]) -> str:
    return str(found[0]) if len(found) == 1 else source.files or ("its query" if source.query else "its sql")
