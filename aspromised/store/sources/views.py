"""Sources that are queries over other sources: which they read, and in which order to make them."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp

from aspromised.declare.model import Source
from aspromised.declare.rules.name_scope import SCHEMA, to_sources
from aspromised.sql.parse import ExpressionError, parse_text
from aspromised.store.formats.raw import SourceProblem


def reads(text: str, sources: Mapping[str, Source]) -> list[str]:
    """Return the sources that a query reads, sorted; empty where it cannot be parsed (the guard says why)."""
    try:
        tree = parse_text(text)
    except ExpressionError:
        return []
    list(to_sources(tree, sources))  # which names them; what is no source, the guard refuses
    return sorted(
        {table.name for table in tree.find_all(exp.Table) if table.db == SCHEMA and table.name in sources}
    )


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


def circle_problem(circle: list[str]) -> SourceProblem:
    """Return the problem of queries that read one another in a circle."""
    return SourceProblem(f"the sources read one another in a circle: {' → '.join(circle)}")
