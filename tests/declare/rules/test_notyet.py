"""What is not judged yet says so, both to the author and to the judge."""

from pathlib import Path

from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.model import Promise
from aspromised.declare.rules.notyet import NOT_JUDGED_YET, why_not_judged

CONTRACT = Path(__file__).parents[1] / "workspaces" / "contract"


def promise(**measure: object) -> Promise:
    clock = {"items": "orders", "id": "id", "started": "a", "done": "b"}
    return Promise.model_validate(
        {"claim": "c", "target": "95%", "made_by": "m", "kept_by": "k", "measure": clock | measure}
    )


def test_every_line_of_the_table_is_noted_in_a_workspace_that_uses_everything() -> None:
    workspace = load(CONTRACT)
    noted = {problem.message for problem in check(workspace) if problem.code == "not-judged-yet"}
    assert noted == {row.words for row in NOT_JUDGED_YET}


def test_every_kind_is_judged() -> None:
    promises = load(CONTRACT).promises
    judged = {name for name, each in promises.items() if why_not_judged(each) is None}
    kinds = {promises[name].measure.kind for name in judged}
    assert kinds == {"clock", "check", "counts", "repeat", "spread"}
    assert judged == promises.keys()


def test_cut_off_exempt_and_cancelled_are_judged() -> None:
    full = promise(
        within="2 calendar days", cut_off="14:00", cancelled="c", exempt=[{"when": "x", "because": "y"}]
    )
    assert why_not_judged(full) is None


def test_a_clock_that_cannot_run_says_why() -> None:
    assert (
        why_not_judged(promise()) == "it cannot be judged: how long is not told: give within, less_than or by"
    )
