"""Every source as a table `source."<name>"` of the warehouse, typed as declared, with its health."""

from collections.abc import Callable

from aspromised.declare.workspace import Workspace
from aspromised.sql.connect import lock
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.on_spark.there import There
from aspromised.store.layout import Layout
from aspromised.store.sources import health, views
from aspromised.store.sources.health import SourceHealth
from aspromised.store.sources.load import Guards, Loader, drop

LoadProgress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and of how many."""

__all__ = ["Guards", "LoadProgress", "SourceHealth", "are_current", "load_sources"]


def load_sources(
    con: DuckDB,
    workspace: Workspace,
    progress: LoadProgress | None = None,
    *,
    guards: Guards,
    force: bool = False,
    forgiving: bool = False,
    there: There | None = None,
) -> list[SourceHealth]:
    """Load every source that changed since the last time; return the health of all, in declared order.

    `con` is the connection of `writing(workspace)`, and locked when this returns: sources whose files are only read come
    first, then those with SQL of their authors', which finds no way to a file. What changed is known by a source's
    declaration and its files' names and contents; `force` loads all. A source that cannot be loaded has no table, and
    its health says why; `forgiving` leaves it one of what its declaration and its data agree on.
    `there` reads those that Spark reads itself.
    """
    _forget(con, set(workspace.sources))
    order, circles = views.order(workspace.sources)
    loader = Loader(con, workspace, guards, circles, force, there, forgiving)
    order = sorted(order, key=loader.has_authors_sql)
    for place, name in enumerate(order):
        if progress:
            progress(f"loading {name}", place, len(order))
        if loader.has_authors_sql(name):
            lock(con, but_for=[Layout(workspace.root).unfinished])
        loader.load(name)
    lock(con, but_for=[Layout(workspace.root).unfinished])
    con.execute(
        "checkpoint"
    )  # of rows just added the tables' statistics tell nothing: their ends would be looked for in all rows
    if progress:
        progress("sources loaded", len(order), len(order))
    return [loader.done[name] for name in workspace.sources]


def are_current(con: DuckDB, workspace: Workspace, guards: Guards) -> bool:
    """Return whether loading would change nothing: every source is loaded as declared, from its files as they are."""
    order, circles = views.order(workspace.sources)
    loader = Loader(con, workspace, guards, circles, force=False)
    return all(loader.is_current(name) for name in order)


def _forget(con: DuckDB, declared: set[str]) -> None:
    """Drop what earlier loads left of sources that are no longer declared."""
    for name in set(health.recorded(con)) - declared:
        drop(con, name)
        con.execute('delete from source_health where "source" = ?', [name])
