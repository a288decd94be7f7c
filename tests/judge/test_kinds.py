"""What the kinds of measure answer to shared code."""

import pytest

from aspromised.judge.incremental.delta import can_add
from aspromised.judge.run import plan_promise
from aspromised.words.moments import as_of_moment
from tests.judge.world import make_world

TYPES = {"id": "varchar", "of": "varchar", "began": "timestamptz", "ended": "timestamptz"}


@pytest.mark.parametrize(("column", "by_itself"), [("id", True), ("of", False)])
def test_pauses_among_the_items_under_another_id_are_never_judged_by_the_items_rows_alone(column, by_itself):
    """A row is then an item by one id and a pause of another item by the other."""
    paused = {"source": "items", "id": column, "from": "began", "to": "ended"}
    measure = {"items": "items", "id": "id", "started": "began", "done": "ended", "within": "4 hours"}
    small = make_world({"measure": {**measure, "paused": paused}}, TYPES, [])
    moment = as_of_moment("2026-03-31", small.workspace.timezone)
    plan, _ = plan_promise(small.con, small.workspace, "p", moment)
    assert can_add(plan, "id", ()) is by_itself
