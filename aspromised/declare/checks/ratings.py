"""Ratings between departments: the scale, and what is required of whom."""

from collections.abc import Iterator

from aspromised.declare.model import Ratings, RequiredScore
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem, did_you_mean
from aspromised.words.vocabulary import PULSE


def check_ratings(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the scale of ratings, and with the scores required on it."""
    ratings = workspace.ratings
    if ratings is None:
        return
    if ratings.lowest >= ratings.out_of:
        message = f"the best score ({ratings.out_of:g}) must be above the worst ({ratings.lowest:g}): write 'lowest'"
        yield workspace.problem("ratings", message, ("ratings", "out_of"))
        return
    if not isinstance(ratings.required, list):
        if ratings.required is not None:
            yield from _on_scale(workspace, ratings, ratings.required, ("ratings", "required"))
        return
    seen: dict[tuple[object, ...], int] = {}
    for number, each in enumerate(ratings.required):
        at = ("ratings", "required", number)
        yield from _on_scale(workspace, ratings, each.score, (*at, "score"))
        yield from _teams(workspace, each, at)
        first = seen.setdefault((each.supplier, each.customer, each.from_), number)
        if first != number:
            since = f"from {each.from_}" if each.from_ else "always"
            message = f"{each.customer} requires a score of {each.supplier} twice {since}: leave one, or give another 'from'"
            yield workspace.problem("ratings", message, at)


def _on_scale(workspace: Workspace, ratings: Ratings, score: float, at: KeyPath) -> Iterator[Problem]:
    if not ratings.lowest <= score <= ratings.out_of:
        message = f"a score lies between {ratings.lowest:g} and {ratings.out_of:g}, and this is {score:g}"
        yield workspace.problem("ratings", message, at)


def _teams(workspace: Workspace, each: RequiredScore, at: KeyPath) -> Iterator[Problem]:
    """Yield the teams of a pair that the company does not list, and that both are one."""
    if each.supplier == each.customer:
        message = f"'{each.supplier}' is its own customer here: name the team that it serves"
        yield workspace.problem("ratings", message, (*at, "customer"))
    teams = workspace.company.teams
    if teams is None or not workspace.is_known(("company", "teams")):
        return
    for key in ("supplier", "customer"):
        name = getattr(each, key)
        if name not in teams and (key, name) != ("supplier", PULSE):
            message = f"'{name}' is not one of the company's teams.{did_you_mean(name, teams)}"
            yield workspace.problem("no-such-team", message, (*at, key))
