"""What lies behind published numbers: told from the warehouse only where a promise is still judged as it was for them."""

from datetime import datetime

from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.judge.explain.item_story import Story, tell_story
from aspromised.judge.incremental.fingerprint import definition
from aspromised.judge.planning.plan import Plan
from aspromised.judge.run import plan_promise
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.sql.engine import ENGINE, Engine
from aspromised.store.snapshot import Snapshot
from aspromised.store.warehouse import reading_warehouse
from aspromised.words.problems import AsPromisedError


def published_story(snapshot: Snapshot, promise_id: str, item_id: str) -> Story:
    """Return the story of an item as the snapshot was judged; AsPromisedError says why it cannot be told."""
    workspace = load(snapshot.root)
    if promise_id not in workspace.promises:
        raise AsPromisedError(f"the promise {promise_id} is not declared any more")
    with reading_warehouse(workspace, beside=snapshot) as con:
        published_plan(con, workspace, snapshot, promise_id)
        return tell_story(con, workspace, promise_id, item_id, moment_of_snapshot(snapshot))


def published_plan(
    con: Engine, workspace: Workspace, snapshot: Snapshot, promise_id: str
) -> tuple[Plan, AsOf]:
    """Return how a promise was judged for the snapshot; AsPromisedError where it was not, or would be judged otherwise now.

    Of what was judged elsewhere than here nothing is known to compare with.
    """
    plan, as_of = plan_promise(con, workspace, promise_id, moment_of_snapshot(snapshot))
    asked = "select value from judged_from where what = 'promise' and name = ?"
    judged = [value for (value,) in snapshot.con.run(asked, [promise_id])]
    if not judged and (problem := _problem(snapshot, promise_id)):
        raise AsPromisedError(f"'{promise_id}' could not be judged: {problem}")
    if snapshot.meta["engine"] == ENGINE and judged != [definition(workspace, plan, as_of)]:
        raise AsPromisedError(
            f"'{promise_id}' would be judged otherwise now than it was for what is published: its declaration, what it names"
            " or this program has changed since: run `aspromised refresh`"
        )
    return plan, as_of


def _problem(snapshot: Snapshot, promise_id: str) -> str | None:
    """Why the promise has no numbers in the snapshot; None where it has, or is not there."""
    asked = "select problem from promise where promise_id = ?"
    return next((problem for (problem,) in snapshot.con.run(asked, [promise_id])), None)


def moment_of_snapshot(snapshot: Snapshot) -> datetime:
    """Return the moment that a snapshot was judged as of."""
    return datetime.fromisoformat(snapshot.meta["as_of"])
