"""Loading one source after another, each in a transaction of its own."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import duckdb
from sqlglot import exp

from aspromised.declare.model import Source
from aspromised.declare.rules.there import queried_here
from aspromised.declare.workspace import Workspace
from aspromised.schema.warehouse import LOADED
from aspromised.sql import quoting
from aspromised.sql.authored.reads import reads
from aspromised.sql.columns import source_tables, temporary_tables
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.limits import TEXT, stopped
from aspromised.sql.on_spark.session import SparkGoneError
from aspromised.sql.on_spark.there import There
from aspromised.sql.tables import insert
from aspromised.store.formats import parquet, unpacking
from aspromised.store.formats.raw import RAW, STORED, Raw, SourceProblem, columns_of, first_line, longest_text
from aspromised.store.formats.readers import read
from aspromised.store.postgres import read as postgres
from aspromised.store.sources import adding, catalogue, files, health, stand_in, views
from aspromised.store.sources.catalogue import FileRead
from aspromised.store.sources.health import SourceHealth
from aspromised.store.sources.identity import identity_columns
from aspromised.store.sources.stamps import Stamp, stamps
from aspromised.store.typing import row_versions as versions
from aspromised.store.typing import typed
from aspromised.store.typing.stage import StageRule
from aspromised.words.columns import column_key
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import TroubleError, refuses_writing, trouble

_READING = 5
"""Raised when the same file would now be read otherwise: everything is then loaded again."""


_COMPARED = 5_000_000
"""Rows up to which a source that is read again is compared with what it held, to judge only what changed."""


_SAID = 200
"""How many letters are told of an error that nobody foresaw."""

_SOURCE_CHANGE = """
create or replace temp table source_change ("source" varchar, before varchar, is_told boolean)
"""
"""The sources loaded anew: what was loaded before, and whether the tables `come` and `gone` tell the difference."""


class Guards(Protocol):
    """Refuses authors' SQL that does more than it may: the module `aspromised.sql.authored.guard`."""

    @property
    def guard(self) -> Callable[[str, Collection[str]], exp.Expr]:
        """Returns one scalar expression over the columns, or raises AsPromisedError."""

    @property
    def guard_query(self) -> Callable[[str, Mapping[str, Collection[str]]], exp.Expr]:
        """Returns one query that reads only the tables named, each as source."name", or raises AsPromisedError."""

    @property
    def rendered(self) -> Callable[[exp.Expr], str]:
        """Returns the SQL of such a tree."""

    @property
    def guard_together(self) -> Callable[[Iterable[str]], None]:
        """Raises AsPromisedError where expressions of one statement cost too much together."""


@dataclass
class Loader:
    """Loads sources into the warehouse, those that others read first; `done` holds the health of each."""

    con: DuckDB
    workspace: Workspace
    guards: Guards
    circles: Mapping[str, list[str]]
    force: bool
    there: There | None = None
    """Reads the sources that Spark reads itself."""
    forgiving: bool = False
    """Whether a source that does not fit its declaration still leaves a table, as `check` needs it to bind the rest."""
    done: dict[str, SourceHealth] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.con.execute(_SOURCE_CHANGE)
        self._identity = identity_columns(self.workspace)
        self._recorded = health.recorded(self.con)
        rows = self.con.execute('select "source", fingerprint, declared from loaded').fetchall()
        self._loaded = {name: fingerprint for name, fingerprint, _ in rows}
        self._declared_before = {name: declared for name, _, declared in rows}
        self._read_before = catalogue.read_catalogue(self.con)
        self._stamps: dict[str, list[Stamp]] = {}

    def load(self, name: str) -> None:
        """Load one source where it changed; where it cannot be loaded, record why and leave no table."""
        source, found = self.workspace.sources[name], list[Path]()
        kind = "sql" if source.sql else "connection" if source.connection else "files"
        kind = "spark" if source.spark else kind
        try:
            if kind == "spark":
                self.done[name] = self._load_there(name, source)
                return
            found = files.find(self.workspace.data, source) if kind == "files" else []
            kind = files.kind(found) if found else kind
            kept = self._kept(name, found)
            if kept:
                catalogue.look_again(self.con, name, self._stamps[name])
            self.done[name] = kept or self._load(name, source, kind, found)
        except (TroubleError, SparkGoneError):
            raise  # the machine's, or the server's, not the source's: what was loaded before stays
        except AsPromisedError as error:
            self._failed(name, kind, len(found), str(error))
            if self.forgiving and (found or source.sql):
                self._bare(name, source, kind, found)
        except OSError as error:
            self._failed(name, kind, len(found), str(_of_the_source(error)))
        except duckdb.Error as error:
            _of_the_source(error)
            said = stopped(error) or (parquet.damaged(found) if kind == "parquet" else None)
            self._failed(name, kind, len(found), said or f"{_where(source, found)}: {first_line(error)}")
        except MemoryError as error:
            raise trouble(error) or error from error
        except Exception as error:  # what no reader foresaw is told of its source, and the others are loaded
            self._failed(name, kind, len(found), f"{_where(source, found)}: {_unforeseen(error)}")

    def has_authors_sql(self, name: str) -> bool:
        """Return whether loading a source runs what its author wrote in SQL."""
        source = self.workspace.sources[name]
        return bool(source.sql or source.must)

    def is_current(self, name: str) -> bool:
        """Return whether the warehouse holds a source as it is declared and as its files are now."""
        source = self.workspace.sources[name]
        try:
            found = files.find(self.workspace.data, source) if source.files else []
        except AsPromisedError:
            return False
        if source.connection or source.spark:
            return self._was_read(name)
        return self._kept(name, found) is not None

    def _was_read(self, name: str) -> bool:
        """Return whether a query was read as it is declared; whether its rows are the same, only reading tells."""
        self.fingerprints[name] = self._loaded.get(name, "")
        return self.fingerprints[name].partition(" ")[0] == self._fingerprint(name)

    def _kept(self, name: str, found: list[Path]) -> SourceHealth | None:
        """Return the recorded health of a source that has not changed since it was loaded."""
        known = {read.stamp.file: read.stamp for read in self._read_before.get(name, [])}
        self._stamps[name] = stamps(found, known)
        self.fingerprints[name] = self._fingerprint(name)
        if self.force or self._loaded.get(name) != self.fingerprints[name]:
            return None
        return self._recorded.get(name)

    def _load(self, name: str, source: Source, kind: str, found: list[Path]) -> SourceHealth:
        """Read into temporary tables, then change the warehouse in one transaction."""
        try:
            if new := self._new_files(name, found):
                raw = self._read(name, source, kind, new)
                with suppress(duckdb.Error):  # reading all files may do better, or tells what is wrong
                    if added := self._in_one(lambda: self._add(name, source, found, raw)):
                        return added
                self._clear()
            raw = self._read(name, source, kind, found)
            if kept := self._unchanged(name, raw):
                return kept
            loaded = self._in_one(lambda: self._replace(name, source, kind, found, raw))
            assert loaded is not None, "what is read whole is loaded, or says why not"
            return loaded
        finally:
            self._clear()

    def _load_there(self, name: str, source: Source) -> SourceHealth:
        """Have a source read where it lies: here it has its columns alone, and what was set aside."""
        if self.there is None:
            raise SourceProblem("its rows are read by spark, and this asks none: name one under `engine:`")
        self.fingerprints[name] = self._fingerprint(name)
        if self.forgiving:
            drop(self.con, name)
            stand_in.stand_in(self.con, name, self.there.look(name))
            return SourceHealth(name, "spark", 0, 0, 0, 0, 0, _now(), None)
        rules = self._rules(source)
        read = self.there.read(name, STORED)

        def stand() -> SourceHealth:
            drop(self.con, name)
            stand_in.stand_in(self.con, name, read.columns)
            stand_in.record_aside_there(self.con, name, source, read, self._zone(source), rules)
            counts = typed.StageCounts(read.rows_in, read.kept, read.set_aside, read.duplicates_resolved)
            loaded = self._health(name, "spark", 0, counts)
            self._remember(name, loaded, [], is_told=False)
            return loaded

        try:
            loaded = self._in_one(stand)
        finally:
            self._clear()
        assert loaded is not None, "what is read there is stood for here, or says why not"
        return loaded

    def _in_one(self, change: Callable[[], SourceHealth | None]) -> SourceHealth | None:
        """Change the warehouse in one transaction; nothing is changed where there is nothing to return."""
        self.con.execute("begin")
        try:
            loaded = change()
            self.con.execute("commit" if loaded else "rollback")
        except BaseException:
            _rollback(self.con)
            raise
        return loaded

    def _new_files(self, name: str, found: list[Path]) -> list[Path]:
        """Return the files that came since the last load, where all that were read then are as they were."""
        before = {str(read.stamp) for read in self._read_before.get(name, [])}
        is_new = [str(stamp) not in before for stamp in self._stamps[name]]
        is_as_declared = self._declared_before.get(name) == self._declared(name)
        if self.force or not is_as_declared or not before or is_new.count(False) < len(before):
            return []
        return [file for file, new in zip(found, is_new, strict=True) if new]

    def _add(self, name: str, source: Source, found: list[Path], raw: Raw) -> SourceHealth | None:
        """Put rows of new files to the source's table, where that is as good as reading all of its files."""
        files_read = self._files_read(name, raw)
        columns = catalogue.columns_of_all(files_read, files.kind(found))
        if columns is None:
            return None
        rules, before = self._rules(source), self._recorded[name]
        added = adding.add_rows(self.con, name, source, raw, self._zone(source), rules, before, columns)
        if added is None:
            return None
        notes = catalogue.notes(files_read)
        loaded = replace(added, files=len(found), loaded_at=_now(), notes=notes)
        self._remember(name, loaded, files_read, is_told=True)
        return loaded

    def _unchanged(self, name: str, raw: Raw) -> SourceHealth | None:
        """Return the health of a source that had to be read to know that its rows are the same as before."""
        if raw.stamp:
            self.fingerprints[name] += f" {raw.stamp}"
        if not raw.stamp or self.force or self._loaded.get(name) != self.fingerprints[name]:
            return None
        kept = replace(self._recorded[name], loaded_at=_now())
        health.record_health(self.con, kept)
        return kept

    def _replace(self, name: str, source: Source, kind: str, found: list[Path], raw: Raw) -> SourceHealth:
        rules = self._rules(source)
        before = self._types(name)
        compared = self._is_comparable(name)
        if compared:
            adding.keep_old(self.con, name)
        drop(self.con, name)
        try:
            counts = typed.load_typed(self.con, name, source, raw, self._zone(source), rules)
        except AsPromisedError as error:
            raise SourceProblem(f"{_where(source, found)}: {error}") from error
        files_read = self._files_read(name, raw)
        told = [catalogue.notes(files_read), catalogue.retyped(before, self._types(name), source)]
        loaded = replace(
            self._health(name, kind, len(found), counts), notes="; ".join(filter(None, told)) or None
        )
        self._remember(name, loaded, files_read, is_told=compared and adding.compare(self.con, name))
        return loaded

    def _types(self, name: str) -> dict[str, str]:
        """Return the columns of a source's table with their types; none where there is no table."""
        return columns_of(self.con, quoting.source_table(name)) if name in source_tables(self.con) else {}

    def _files_read(self, name: str, raw: Raw) -> list[FileRead]:
        """Return each file of a source with its columns: those just read, and those read before."""
        before = {str(read.stamp): read.columns for read in self._read_before.get(name, [])}
        just = {str(file): columns for file, columns in raw.files.items()}
        return [
            FileRead(stamp, just[stamp.file] if stamp.file in just else before[str(stamp)])
            for stamp in self._stamps[name]
        ]

    def _is_comparable(self, name: str) -> bool:
        """Return whether the table of an earlier load is there, and not so large that comparing costs more than judging."""
        before = self._recorded.get(name)
        return (
            name in source_tables(self.con)
            and before is not None
            and before.rows_kept <= _COMPARED
            and not self.force
        )

    def _remember(self, name: str, loaded: SourceHealth, files_read: list[FileRead], is_told: bool) -> None:
        health.record_health(self.con, loaded)
        catalogue.write_catalogue(self.con, name, files_read)
        self.con.execute('delete from loaded where "source" = ?', [name])
        self.con.execute(insert(LOADED), [name, self.fingerprints[name], self._declared(name)])
        self.con.execute(
            'insert into source_change ("source", before, is_told) values (?, ?, ?)',
            [name, self._loaded.get(name), is_told],
        )

    def _zone(self, source: Source) -> str:
        return source.timezone or self.workspace.company.timezone

    def _read(self, name: str, source: Source, kind: str, found: list[Path]) -> Raw:
        if kind == "connection":
            return postgres.read_query(self.con, self.workspace, source)
        if source.sql:
            return self._query(name, source)
        unpacking.refuse_bombs(found)
        return replace(read(self.con, kind, found, source.decimal), identity=self._identity[name])

    def _query(self, name: str, source: Source) -> Raw:
        if name in self.circles:
            raise views.circle_problem(self.circles[name])
        others = {other: declared for other, declared in self.workspace.sources.items() if other != name}
        for other in reads(source.sql or "", others):
            if others[other].spark:
                raise SourceProblem(queried_here(other))
        there = source_tables(self.con)
        held = {
            other: columns_of(self.con, quoting.source_table(other)) if other in there else {}
            for other in others
        }
        tree = self.guards.guard_query(source.sql or "", held)
        for other in reads(source.sql or "", others):
            if self.done[other].problem and other not in there:
                raise SourceProblem(f"it reads '{other}', which could not be loaded: mend that first")
        self.con.execute(f"create or replace temp table {RAW} as {self.guards.rendered(tree)}")
        self._refuse_growth(reads(source.sql or "", others))
        return Raw(columns_of(self.con), computed=True)

    def _refuse_growth(self, read: list[str]) -> None:
        """Refuse a query that makes longer texts than it reads: over several, what one alone may do would multiply."""
        longest = longest_text(self.con)
        if longest > TEXT and longest > max(
            (longest_text(self.con, quoting.source_table(each)) for each in read), default=0
        ):
            raise SourceProblem(
                f"it makes a text of {longest:,} characters, and reads none as long: at most {TEXT:,}"
            )

    def _rules(self, source: Source) -> dict[str, StageRule]:
        guard, rendered = self.guards.guard, self.guards.rendered
        self.guards.guard_together(source.must)

        def rule(text: str) -> StageRule:
            return lambda columns: rendered(guard(text, columns))

        return {text: rule(text) for text in source.must}

    def _health(self, name: str, kind: str, count: int, counts: typed.StageCounts) -> SourceHealth:
        return SourceHealth(
            name, kind, count, counts.rows_in, counts.kept, counts.set_aside, counts.duplicates_resolved,
            _now(), None,
        )  # fmt: skip

    def _bare(self, name: str, source: Source, kind: str, found: list[Path]) -> None:
        """Make the table of a source that cannot be loaded as declared, of what its declaration and data agree on."""
        with suppress(Exception):  # why it cannot be loaded is told already
            raw = self._read(name, source, kind, found)
            known = set(map(column_key, raw.columns))
            fits = {column: kind for column, kind in source.columns.items() if column_key(column) in known}
            undeclared: dict[str, object] = {"key": None, "latest_by": None, "arrived": None, "must": []}
            bare = source.model_copy(update={"columns": fits, **undeclared})
            typed.load_typed(self.con, name, bare, raw, self._zone(source), {})
        self._clear()

    def _failed(self, name: str, kind: str, count: int, problem: str) -> None:
        said = problem.replace(f"{self.workspace.root}/", "")
        failed = SourceHealth(name, kind, count, 0, 0, 0, 0, _now(), said)
        self.con.execute("begin")
        drop(self.con, name)
        health.record_health(self.con, failed)
        self.con.execute("commit")
        self.fingerprints[name] = ""
        self.done[name] = failed

    def _clear(self) -> None:
        """Drop the temporary tables and views of a load, but for what came and what is gone."""
        for (view,) in self.con.run("select view_name from duckdb_views() where temporary and not internal"):
            self.con.run(f"drop view if exists temp.{quoting.name(view)}")
        for table in temporary_tables(self.con):
            if not table.startswith(("come ", "gone ")) and table != "source_change":
                self.con.run(f"drop table if exists temp.{quoting.name(table)}")

    def _fingerprint(self, name: str) -> str:
        source = self.workspace.sources[name]
        others = reads(source.sql, self.workspace.sources) if source.sql else []
        return _digest(
            self._declared(name),
            [str(stamp) for stamp in self._stamps.get(name, [])],
            [self.fingerprints.get(other, "") for other in others],
        )

    def _declared(self, name: str) -> str:
        """Return what decides how a source's rows are read."""
        source = self.workspace.sources[name]
        zone = self.workspace.company.timezone
        identity = sorted(self._identity[name])
        return _digest(
            _READING, source.model_dump(mode="json"), sorted(source.model_fields_set), zone, identity
        )


def drop(con: DuckDB, name: str) -> None:
    """Drop a source's table and what is recorded of its rows."""
    kind = "table" if name in source_tables(con) else "view"
    con.execute(f"drop {kind} if exists {quoting.source_table(name)}")
    con.execute(f"drop table if exists {versions.versions_table(name)}")
    for table in ("set_aside", "loaded", "loaded_file"):
        con.execute(f'delete from {table} where "source" = ?', [name])


def _of_the_source(error: Exception) -> Exception:
    """Return what a source is to blame for; TroubleError where the machine takes no more rows of any."""
    found = trouble(error)
    if found and refuses_writing(error):
        raise found from error
    return found or error


def _unforeseen(error: Exception) -> str:
    """Return what to do about an error that no reader gives a sentence of its own."""
    said = f"{type(error).__name__}: {first_line(error)[:_SAID]}".removesuffix(": ")
    return f"cannot be read ({said}): export it again, and if that is no help, report this as a fault of AsPromised"


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.TransactionException):  # the failure may have ended the transaction itself
        con.execute("rollback")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _digest(*known: object) -> str:
    return hashlib.sha256(json.dumps(known, sort_keys=True, default=str).encode()).hexdigest()


def _where(source: Source, found: list[Path]) -> str:
    return str(found[0]) if len(found) == 1 else source.files or ("its query" if source.query else "its sql")
