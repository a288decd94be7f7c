"""Refresh: load what is new, judge, publish one snapshot. The only writer of the warehouse."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aspromised.analyse.launches.effect.tables import write_launch_tables
from aspromised.analyse.tonight.tables import write_chances
from aspromised.declare.check import check
from aspromised.declare.workspace import Workspace
from aspromised.judge.chains.run import judge_chains
from aspromised.judge.faults import find_faults
from aspromised.judge.incremental.fingerprint import since, tell
from aspromised.judge.ratings import judge_ratings
from aspromised.judge.readiness.filling import judge_readiness
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.remote.sources import SourcesThere
from aspromised.judge.run import JudgingOutcome, judge_into, segment_names
from aspromised.judge.waiting.filling import judge_waiting
from aspromised.schema.snapshot import DECLARATION_PROBLEM, META, SET_ASIDE
from aspromised.sql.authored import guard as expression
from aspromised.sql.connect import seconds_of_a_statement
from aspromised.sql.engine import ENGINE, Engine, EngineError
from aspromised.sql.on_spark.session import Spark, SparkGoneError, connected
from aspromised.sql.tables import create, insert
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.disputing import all_disputes, tell_disputes
from aspromised.store.ledger.gates import all_sign_offs
from aspromised.store.ledger.kept import COUNT, HASH, SINCE, lost, to_keep
from aspromised.store.ledger.serving import all_service_acts, tell_service_acts
from aspromised.store.snapshot import Snapshot, if_published, is_as_published, publish, served_meta
from aspromised.store.sources.freshness import rows_before, tell_health
from aspromised.store.sources.health import SourceHealth
from aspromised.store.sources.sources import load_sources
from aspromised.store.warehouse import writing
from aspromised.words.moments import microseconds
from aspromised.words.problems import AsPromisedError, Problem
from aspromised.words.vocabulary import VERDICTS

_Progress = Callable[[str, int, int], None]
_Waiting = Callable[[str], None]


@dataclass(frozen=True)
class Refreshed:
    """What one refresh did."""

    path: Path
    sources: tuple[SourceHealth, ...]
    judged: tuple[JudgingOutcome, ...]
    verdicts: dict[str, int]
    seconds: float
    ledger_problem: str = ""
    """That the ledger lost events since the snapshot before, was changed, or cannot be read, in a sentence."""

    @property
    def rows_in(self) -> int:
        """Rows read from all sources."""
        return sum(source.rows_in for source in self.sources)

    @property
    def rows_set_aside(self) -> int:
        """Rows set aside, over all sources."""
        return sum(source.rows_set_aside for source in self.sources)


def refresh(
    workspace: Workspace,
    as_of: datetime,
    progress: _Progress | None = None,
    *,
    force: bool = False,
    waiting: _Waiting | None = None,
) -> Refreshed:
    """Load what changed (with `force`, everything), judge as of the moment, publish; return what was done.

    While another process looks at the warehouse it waits, up to two minutes, and tells `waiting` so.

    Where a whole file cannot be read, promises would silently be missing: AsPromisedError then, and the last
    snapshot keeps serving. A promise that cannot be read on its own is published with its message.
    """
    _refuse_doubtful(workspace)
    began = time.perf_counter()
    judged: list[JudgingOutcome] = []
    verdicts: dict[str, int] = {}
    segments, moment_us = segment_names(workspace), microseconds(as_of)
    kept, ledger_problem = _ledger_kept(workspace.root)
    unreadable: str | None = None
    with _asked(workspace) as spark, writing(workspace, waiting) as con:
        read = SourcesThere(workspace, spark) if spark else None
        sources = load_sources(con, workspace, progress, guards=expression, force=force, there=read)
        there = OnSpark(con, workspace, spark, read) if spark else None
        with nullcontext() if force else if_published(workspace.root) as served:
            older, known = (None, {}) if there else _judged_from(con, served)
            before = rows_before(served)
        base = since(con, known, segments, moment_us)

        def fill(con: Engine, schema: str) -> None:
            nonlocal unreadable
            signatures, unreadable = all_sign_offs(workspace, as_of)
            disputed, unread = all_disputes(workspace, as_of)
            acts, unread_too = all_service_acts(workspace, as_of)
            unreadable = unreadable or unread or unread_too
            faults = find_faults(con, workspace)
            judged.extend(judge_into(con, workspace, as_of, schema, progress, base, faults, there))
            judge_readiness(con, workspace, as_of, schema, signatures, unreadable, faults)
            judge_ratings(con, workspace, as_of, schema, faults)
            judge_waiting(con, workspace, as_of, schema, faults)
            judge_chains(con, workspace, as_of, schema, faults, is_elsewhere=there is not None)
            tell_disputes(con, schema, disputed)
            tell_service_acts(con, schema, acts)
            write_chances(con, schema, as_of.astimezone(workspace.timezone))
            untold = write_launch_tables(con, schema, workspace, as_of)
            definitions = {one.promise_id: one.definition for one in judged if one.definition}
            tell(con, schema, moment_us, base.times if base else 0, segments, definitions)
            verdicts.update(_counts(con, schema))
            tell_health(con, schema, workspace, as_of, before, read)
            _copy_set_aside(con, schema)
            _tell_problems(con, schema, [*check(workspace), *untold])
            judge = spark.version if spark else ENGINE
            meta = _meta(workspace, as_of, sources, verdicts, time.perf_counter() - began, judge)
            _write_meta(con, schema, meta | kept)

        path = publish(con, workspace, fill, older if base else None)
    problem = ledger_problem or unreadable or ""
    return Refreshed(path, tuple(sources), tuple(judged), verdicts, time.perf_counter() - began, problem)


@contextmanager
def _asked(workspace: Workspace) -> Iterator[Spark | None]:
    """Give the Spark that is to judge, None where it is DuckDB; AsPromisedError before anything is read where there is none."""
    if workspace.engine is None:
        yield None
        return
    try:
        with connected(workspace.engine.spark, seconds_of_a_statement()) as spark:
            yield spark
    except SparkGoneError as error:
        raise AsPromisedError(
            f"nothing was published; what was published last keeps serving: {error}"
        ) from error


def _ledger_kept(root: Path) -> tuple[dict[str, str], str]:
    """Return what the new snapshot keeps of the ledger, and the sentence that it cannot be relied on, if it cannot."""
    before = served_meta(root)
    try:
        with open_ledger(root) as ledger:
            return to_keep(ledger, before, datetime.now(UTC).isoformat(timespec="seconds")), lost(
                ledger, before
            )
    except AsPromisedError as error:
        return {name: before[name] for name in (COUNT, HASH, SINCE) if name in before}, str(error)


def _judged_from(con: Engine, served: Snapshot | None) -> tuple[Path | None, dict[tuple[str, str], str]]:
    """Return where the snapshot being served is and what it was judged from; nothing where it is not whole or does not tell."""
    try:
        if served is None or not is_as_published(con, served.path):
            return None, {}  # added to, its damage would live on in all that follow
        rows = served.con.run("select what, name, value from judged_from")
    except EngineError:
        return None, {}
    return served.path, {(what, name): value for what, name, value in rows}


def _refuse_doubtful(workspace: Workspace) -> None:
    if workspace.untrustworthy:
        told = "\n\n".join(str(problem) for problem in workspace.untrustworthy)
        raise AsPromisedError(f"nothing was published; what was published last keeps serving\n\n{told}")


def _counts(con: Engine, schema: str) -> dict[str, int]:
    sums = ", ".join(f"coalesce(sum({verdict}), 0)::bigint" for verdict in VERDICTS)
    row = con.run(f"select {sums} from {schema}.verdict_cell")[0]
    return dict(zip(VERDICTS, row, strict=True))


def _tell_problems(con: Engine, schema: str, problems: list[Problem]) -> None:
    for each in problems:
        place = (each.place.path, each.place.line, each.place.column) if each.place else (None, None, None)
        row = [each.code, each.severity, each.message, *place, each.frame]
        con.run(insert(DECLARATION_PROBLEM, schema), row)


def _copy_set_aside(con: Engine, schema: str) -> None:
    con.run(create(SET_ASIDE, schema, how="create or replace table"))
    con.run(f"insert into {schema}.set_aside by name select * from set_aside")


def _meta(
    workspace: Workspace,
    as_of: datetime,
    sources: list[SourceHealth],
    verdicts: dict[str, int],
    seconds: float,
    judge: str,
) -> dict[str, str]:
    local = as_of.astimezone(workspace.timezone)
    return {
        "as_of": local.isoformat(),
        "as_of_day": local.date().isoformat(),
        "timezone": workspace.company.timezone,
        "company": workspace.company.name,
        "week_starts": workspace.company.week_starts,
        "fiscal_year_starts": workspace.company.fiscal_year_starts,
        "workspace": workspace.root.resolve().name,
        "refreshed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": f"{seconds:.1f}",
        "rows_in": str(sum(source.rows_in for source in sources)),
        "items": str(sum(verdicts.values())),
        "engine": judge,
    }


def _write_meta(con: Engine, schema: str, meta: dict[str, str]) -> None:
    con.run(create(META, schema, how="create or replace table"))
    con.run_each(insert(META, schema), list(meta.items()))
