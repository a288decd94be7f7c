"""Everything that can be said about a workspace without looking at its data."""

from collections.abc import Callable, Iterable

from aspromised.declare.checks.calendars import check_calendars
from aspromised.declare.checks.chains import check_chains
from aspromised.declare.checks.claims import check_claims
from aspromised.declare.checks.names import check_names
from aspromised.declare.checks.notes import check_notes
from aspromised.declare.checks.promises import check_promises
from aspromised.declare.checks.promotions import check_promotions
from aspromised.declare.checks.ratings import check_ratings
from aspromised.declare.checks.reach import check_reach
from aspromised.declare.checks.records import check_records
from aspromised.declare.checks.sources import check_sources
from aspromised.declare.checks.teams import check_teams
from aspromised.declare.load import problem_order
from aspromised.declare.partly import told_of_all
from aspromised.declare.rules.known_then import check_known_then
from aspromised.declare.workspace import Workspace
from aspromised.words.problems import Problem

CHECKS: tuple[Callable[[Workspace], Iterable[Problem]], ...] = (
    check_names,
    check_teams,
    check_calendars,
    check_promises,
    check_promotions,
    check_records,
    check_chains,
    check_ratings,
    check_sources,
    check_claims,
    check_reach,
    check_notes,
    check_known_then,
)


def check(workspace: Workspace) -> list[Problem]:
    """Return every problem of a workspace, those of loading included, in the order of their places."""
    found = [problem for each in CHECKS for problem in told_of_all(workspace, each)]
    return sorted({**dict.fromkeys(workspace.problems), **dict.fromkeys(found)}, key=problem_order)
