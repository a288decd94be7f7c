"""Names of teams, where the company lists its teams."""

from collections.abc import Iterator

from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem, did_you_mean

Named = tuple[str | None, KeyPath]


def check_teams(workspace: Workspace) -> Iterator[Problem]:
    """Yield a problem for each team the company does not list; nothing where it lists none.

    A stage may be handed over to a place that is no team, so there it is a warning.
    """
    teams = workspace.company.teams
    if teams is None or not workspace.is_known(("company", "teams")):
        return
    for name, at in _owners(workspace):
        if name is not None and name not in teams:
            message = f"'{name}' is not one of the company's teams.{did_you_mean(name, teams)}"
            yield workspace.problem("no-such-team", message, at)
    for name, at in _stages(workspace):
        if name not in teams:
            message = f"'{name}' is not one of the company's teams.{did_you_mean(name or '', teams)}"
            yield workspace.problem("no-such-team", message, at, severity="warning")


def _owners(workspace: Workspace) -> Iterator[Named]:
    for name, promise in workspace.promises.items():
        yield promise.made_by, ("promises", name, "made_by")
        yield promise.kept_by, ("promises", name, "kept_by")
    for name, promotion in workspace.promotions.items():
        yield promotion.run_by, ("promotions", name, "run_by")
        for number, gate in enumerate(promotion.ready_when):
            yield gate.signed_off_by, ("promotions", name, "ready_when", number, "signed_off_by")


def _stages(workspace: Workspace) -> Iterator[Named]:
    for name, chain in workspace.chains.items():
        for number, stage in enumerate(chain.stages):
            yield stage.supplier, ("chains", name, "stages", number, "supplier")
            yield stage.customer, ("chains", name, "stages", number, "customer")
        for number, expected in enumerate(chain.expects):
            yield expected.customer, ("chains", name, "expects", number, "customer")
