"""Chains: stages that can be told apart, budgets that can be kept, and what a promise leaves for them."""

from collections.abc import Iterator

from aspromised.declare.model import Chain, ClockMeasure
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.problems import Problem

CONTROLS = ("approval", "check")
"""Kinds of stage that can change or refuse what they are given."""
SHARED_AMONG = 8
"""Stages that a lateness can be shared among."""
_LEAST_SECONDS = EXACT_SECONDS | {
    "calendar days": 82_800,
    "business hours": 3600,
    "business minutes": 60,
    "business days": 0,
}
"""What one of each unit takes on the wall at least: a day in spring has 23 hours."""


def check_chains(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the chains, and what about them will not be told."""
    for name, chain in workspace.chains.items():
        yield from _chain(workspace, chain, ("chains", name))
    yield from _unfunded(workspace)


def _chain(workspace: Workspace, chain: Chain, at: KeyPath) -> Iterator[Problem]:
    if chain.items is None and chain.events is None:
        message = "where the stages are read from is not told: give items or events"
        yield workspace.problem("chain", message, at)
    if chain.items is not None and chain.events is not None:
        message = "items and events are given: give one of them"
        yield workspace.problem_at_key("chain", message, (*at, "events"))
    if not chain.stages:
        yield workspace.problem("chain", "a chain has at least one stage", (*at, "stages"))
    if len(chain.stages) > SHARED_AMONG:
        message = f"late minutes are shared among {SHARED_AMONG} stages at most, and these are {len(chain.stages)}: all else is told; join some to have them shared"
        yield workspace.problem_at_key("chain-long", message, (*at, "stages"), severity="warning")
    seen: set[str] = set()
    ended: dict[str, str] = {}
    for number, stage in enumerate(chain.stages):
        here = (*at, "stages", number)
        if stage.stage in seen:
            yield workspace.problem("chain", f"two stages are called '{stage.stage}'", (*here, "stage"))
        seen.add(stage.stage)
        if (other := ended.setdefault(stage.done, stage.stage)) != stage.stage:
            message = f"'{other}' ends with '{stage.done}' too: one of the two would never take any time"
            yield workspace.problem("chain", message, (*here, "done"))
        if stage.budget and stage.budget.is_business and stage.calendar is None:
            message = f"{stage.budget.unit} need a 'calendar'"
            yield workspace.problem("chain", message, (*here, "budget"))
        if stage.changed_when and stage.kind not in CONTROLS:
            message = "only an approval or a check changes what it is given: give the stage 'kind: approval' or 'kind: check'"
            yield workspace.problem_at_key("chain", message, (*here, "changed_when"))
        if chain.items is not None and stage.working_from == stage.done:
            message = f"work begins and ends at the same column '{stage.done}'"
            yield workspace.problem("chain", message, (*here, "working_from"))


def _unfunded(workspace: Workspace) -> Iterator[Problem]:
    """Yield the promises whose chain may take longer by its budgets alone than was promised, whenever it begins."""
    for name, promise in workspace.promises.items():
        chain = workspace.chains.get(promise.chain or "")
        measure = promise.standings()[-1].measure
        promised = measure.within or measure.less_than if isinstance(measure, ClockMeasure) else None
        if chain is None or not isinstance(promised, Length) or promised.is_business:
            continue
        budgets = [stage.budget for stage in chain.stages if stage.budget]
        least = sum(float(each.amount) * _LEAST_SECONDS[each.unit] for each in budgets)
        most = float(promised.amount) * _LEAST_SECONDS[promised.unit] + 90_000 * (
            promised.unit == "calendar days"
        )
        if least > most:
            message = (
                f"unfunded promise: the budgets of the chain '{promise.chain}' come to {least / 3600:g} hours at least, and"
                f" {promised} is promised: late by plan, before anybody begins"
            )
            yield workspace.problem_at_key(
                "unfunded", message, ("promises", name, "chain"), severity="warning"
            )
