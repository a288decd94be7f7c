"""Sources that are queries over other sources: in which order to make them."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from aspromised.declare.model import Source
from aspromised.sql.authored.reads import reads
from aspromised.store.formats.raw import SourceProblem


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
