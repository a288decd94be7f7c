"""The product reads the demo without a complaint, and its judge agrees with the second one item by item."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import aspromised.sql.authored.guard as guards
from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.model import CheckMeasure, ClockMeasure, CountsMeasure, RepeatMeasure, SpreadMeasure
from aspromised.declare.workspace import Workspace
from aspromised.judge.binding import bind
from aspromised.judge.run import judge_items, plan_promise
from aspromised.store.sources.sources import load_sources
from aspromised.store.warehouse import scratch, writing
from tests.demo.conftest import Demo
from tests.demo.pandas_judge import judge


@pytest.fixture(scope="module")
def workspace(small: Demo) -> Workspace:
    """The small company's workspace, loaded."""
    return load(small.root)


def test_the_declarations_load_without_an_error(workspace: Workspace) -> None:
    assert [str(problem) for problem in workspace.problems if problem.severity == "error"] == []
    assert workspace.unreadable == {}
    assert len(workspace.promises) >= 14
    assert len(workspace.promotions) >= 8
    assert len(workspace.chains) == 3


def test_check_finds_no_error_and_only_the_planted_contradiction(workspace: Workspace) -> None:
    with scratch(workspace) as con:
        load_sources(con, workspace, guards=guards)
        problems = [*check(workspace), *bind(con, workspace)]
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    warnings = [problem.message for problem in problems if problem.severity == "warning"]
    assert len(warnings) == 1
    assert "48 hours" in warnings[0]
    assert "2 calendar days" in warnings[0]


def test_every_kind_of_measure_and_of_gate_is_declared(workspace: Workspace) -> None:
    kinds = {type(promise.measure) for promise in workspace.promises.values()}
    assert kinds == {ClockMeasure, CheckMeasure, CountsMeasure, RepeatMeasure, SpreadMeasure}
    gates = [gate for promotion in workspace.promotions.values() for gate in promotion.ready_when]
    for key in ("promise", "capacity", "sql", "signed_off_by", "optional"):
        assert any(getattr(gate, key) for gate in gates), key


def test_records_load_as_they_were_counted(small: Demo, workspace: Workspace) -> None:
    with writing(workspace) as con:
        health = {row.source: row for row in load_sources(con, workspace, guards=guards)}
    for name, told in small.truth["sources"].items():
        found = health[name]
        assert found.problem is None, name
        assert (found.rows_in, found.rows_kept) == (told["rows"], told["rows_kept"]), name
        assert found.rows_set_aside == sum(told["set_aside"].values()), name
        assert found.duplicates_resolved == told["duplicates"], name


@pytest.mark.parametrize("as_of", ["2026-10-31", "2026-05-10", "2026-03-29"])
def test_the_judge_and_the_second_judge_agree_on_every_item(
    small: Demo, workspace: Workspace, as_of: str
) -> None:
    expected = judge(small.root, as_of)
    moment = datetime.fromisoformat(f"{as_of}T23:59:59.999999").replace(tzinfo=ZoneInfo("Europe/London"))
    with writing(workspace) as con:
        load_sources(con, workspace, guards=guards)
        for name, items in expected.items():
            plan, day = plan_promise(con, workspace, name, moment)
            judge_items(con, plan, day)
            found = con.execute("select item_id, strftime(day, '%Y-%m-%d') as day, verdict from judged").df()
            pd.testing.assert_frame_equal(_comparable(found), _comparable(_in_words(items)), obj=name)


def _in_words(items: pd.DataFrame) -> pd.DataFrame:
    words = items["verdict"].replace("not_promised", "not promised")
    return items.assign(day=items["day"].dt.strftime("%Y-%m-%d"), verdict=words)


def _comparable(items: pd.DataFrame) -> pd.DataFrame:
    table = items[["item_id", "day", "verdict"]].astype(object)
    return table.where(table.notna(), None).sort_values("item_id").reset_index(drop=True)
