"""What the kinds of measure answer to shared code."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import Field
from sqlglot import exp

import aspromised
from aspromised.declare.model import ItemsMeasure
from aspromised.declare.model.base import ColumnName, Expression
from aspromised.judge.explain.item_story import tell_story
from aspromised.judge.incremental.delta import can_add
from aspromised.judge.kinds.kind import AtOneMoment
from aspromised.judge.kinds.registry import KINDS
from aspromised.judge.run import plan_promise
from aspromised.sql.templates import tree
from aspromised.words.moments import as_of_moment
from tests.judge.world import World, make_world

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


PACKAGE = Path(aspromised.__file__).parent
GUIDE = PACKAGE.parent / "docs" / "architecture.md"


def test_the_kind_of_the_guide_is_judged_by_its_model_and_its_class_alone(monkeypatch):
    known: dict[str, Any] = {
        "ItemsMeasure": ItemsMeasure, "ClassVar": ClassVar, "ColumnName": ColumnName, "Expression": Expression, "Field": Field,
        "AtOneMoment": AtOneMoment, "tree": tree, "exp": exp, "__name__": "guide",
    }  # fmt: skip
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S):
        exec(block, known)
    monkeypatch.setitem(KINDS, "range", known["RangeKind"])
    types = {"parcel_id": "varchar", "packed_at": "timestamptz", "celsius": "double", "depot": "varchar"}
    rows = [
        ("a", "2026-03-01 10:00+00", "2", "north"),
        ("b", "2026-03-01 10:00+00", "8.1", "north"),
        ("c", "2026-03-02 10:00+00", "1.9", "south"),
        ("d", "2026-03-02 10:00+00", None, "south"),
        ("e", "2026-04-02 10:00+00", "5", "south"),
    ]
    check = {"measure": {"items": "items", "id": "parcel_id", "at": "packed_at", "kept_when": "true"}}
    small = make_world(check, types, rows)
    measure = known["RangeMeasure"].model_validate({
        "items": "items", "id": "parcel_id", "at": "packed_at", "value": "celsius", "at_least": 2, "at_most": 8,
        "segments": ["depot"],
    })  # fmt: skip
    promise = small.workspace.promises["p"].model_copy(update={"measure": measure})
    small = World(small.con, replace(small.workspace, promises={"p": promise}))
    told = {item["item_id"]: (item["verdict"], item["reason"]) for item in small.items("2026-03-31")}
    assert {key: told[key][0] for key in told} == {"a": "kept", "b": "broken", "c": "broken", "d": "unknown"}
    assert (told["b"][1], told["c"][1], told["d"][1]) == ("too high", "too low", "no number")
    story = tell_story(
        small.con, small.workspace, "p", "b", as_of_moment("2026-03-31", small.workspace.timezone)
    )
    assert story.sentence == "broken: too high"
    assert story.lines[-1].startswith("happened")
    small.table("verdict_cell", "2026-03-31")
    sums = "select depot, sum(kept), sum(broken), sum(unknown) from out.verdict_cell group by 1 order by 1"
    assert small.con.sql(sums).fetchall() == [("north", 1, 1, 0), ("south", 0, 1, 1)]


OF_ONE_KIND = {"ClockMeasure", "CheckMeasure", "CountsMeasure", "RepeatMeasure", "SpreadMeasure"}
AT_HOME = ("declare/", "judge/kinds/", "judge/clocks/")
"""What may be declared, what is particular to a kind, and the tools of one of them."""
STILL_ASK = {
    "judge/planning/plan.py": "what clocks run on, which the kinds read of a plan: it lies below them",
    "judge/explain/timeline.py": "the story of a clock",
    "judge/chains/plan.py": "the budget of a stage is a clock of its own, so that it runs out as those of promises do",
}
"""Modules that still name one kind of measure, and why. It may only become shorter."""


def test_no_module_but_the_kinds_asks_which_kind_a_measure_is():
    asking = set()
    for path in PACKAGE.rglob("*.py"):
        where = path.relative_to(PACKAGE).as_posix()
        names = {
            n.id for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Name)
        }
        if names & OF_ONE_KIND and not where.startswith(AT_HOME):
            asking.add(where)
    assert asking == STILL_ASK.keys()


def test_no_module_compares_the_name_of_a_kind():
    """But for spreads, and the definitions in use, which are of clocks. (Stages have kinds of their own.)"""
    said = re.compile(r"""(?<!stage\.)\b(measure|declared)\.kind\s*(==|!=|in)\s*[("']""")
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if said.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"judge/readiness/promises.py", "analyse/robustness/definitions.py"}
