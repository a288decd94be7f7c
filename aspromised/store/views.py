"""Sources that are queries over other sources: which they read, and in which order to make them."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from aspromised.declare.model import Source
from aspromised.store.raw import SourceProblem


def reads(text: str, sources: Mapping[str, Source]) -> list[str]:
    """Return the sources that a query reads, sorted; empty where it cannot be parsed (the guard says why)."""
    try:
        tree = parse_one(text, dialect="duckdb")
    except SqlglotError:
        return []
    known = {name.lower(): name for name in sources}
    return sorted({known[table.name.lower()] for table in _tables(tree) if table.name.lower() in known})


def order(sources: Mapping[str, Source]) -> tuple[list[str], dict[str, list[str]]]:
    """Return the sources so that each comes after those it reads, and those in a circle with the circle."""
    wanted = {name: reads(source.sql, sources) if source.sql else [] for name, source in sources.items()}
    circles: dict[str, list[str]] = {}
    while True:
        try:
            return list(TopologicalSorter(wanted).static_order()), circles
        except CycleError as error:
            circle: list[str] = error.args[1]
            circles |= dict.fromkeys(circle, circle)
            wanted |= {name: [] for name in circle}


def query(tree: exp.Expr, sources: Mapping[str, Source]) -> str:
    """Return the SQL of a guarded query with its sources named as the warehouse names them."""
    known = {name.lower(): name for name in sources}
    for table in _tables(tree):
        if table.name.lower() in known:
            table.set("this", exp.to_identifier(known[table.name.lower()], quoted=True))
            table.set("db", exp.to_identifier("source", quoted=True))
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name, quoted=True)))
    return tree.sql(dialect="duckdb", identify=True)


def circle_problem(circle: list[str]) -> SourceProblem:
    """Return the problem of queries that read one another in a circle."""
    return SourceProblem(f"the sources read one another in a circle: {' → '.join(circle)}")


def _tables(tree: exp.Expr) -> list[exp.Table]:
    """Return the tables a query names, without its own common table expressions."""
    return [
        source
        for scope in traverse_scope(tree)
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and not source.args.get("db")
    ]
