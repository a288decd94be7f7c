"""The gaps page finds what was planted in the demo company."""

from datetime import date
from pathlib import Path

import pytest

from aspromised.analyse.gaps.gap import most_missed
from aspromised.analyse.gaps.lattice import lattice
from aspromised.analyse.gaps.simpson import reversal
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from aspromised.declare.load import load
from aspromised.display.html import HtmlRenderer
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run
from aspromised.refresh import refresh
from aspromised.store.snapshot import Snapshot, open_snapshot
from aspromised.words.moments import as_of_moment
from tests.cli.run import run as aspromised
from tests.demo.conftest import Demo

SINCE_TIGHTENED = Window(date(2026, 3, 1), date(2026, 10, 31))
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "gaps.py"


@pytest.fixture(scope="module")
def snapshot(middling: Demo) -> Snapshot:
    """The middling company, judged as of its last day."""
    workspace = load(middling.root)
    refresh(workspace, as_of_moment("2026-10-31", workspace.timezone))
    return open_snapshot(middling.root)


def two_days(*where: tuple[str, str]) -> Scope:
    return Scope("two-day-delivery", SINCE_TIGHTENED, where)


def test_the_default_is_the_promise_that_was_tightened_too_early(snapshot: Snapshot) -> None:
    assert most_missed(snapshot, "2026-10") == "two-day-delivery"


def test_the_paradox_of_the_carriers_is_told(snapshot: Snapshot, middling: Demo) -> None:
    overall = middling.truth["stories"]["simpson-carriers"]["overall"]
    assert overall["Kestrel"] < overall["Parcelway"]
    assert "Do not rank carrier Kestrel below Parcelway" in reversal(snapshot, two_days(), 50)


MONDAY_RUN = {"carrier": "Arrowline", "region": "north", "weekday": "Monday"}


def test_the_carrier_that_fails_in_one_region_on_one_weekday_comes_first_with_its_true_excess(
    snapshot: Snapshot, middling: Demo
) -> None:
    """The weekday on which the order was placed: it is declared as a segment."""
    first = lattice(snapshot, two_days(), 50).iloc[0]
    planted = middling.truth["stories"]["monday-run-north"]["since_tightened"]
    assert dict(first["where"]) == MONDAY_RUN and first["standing"] == "more"
    assert (first["decided"], first["broken"]) == (planted["items"], planted["broken"])
    assert first["low"] <= planted["excess"] <= first["high"]


def test_the_command_tells_the_same_first(snapshot: Snapshot, middling: Demo) -> None:
    days = ("--from", f"{SINCE_TIGHTENED.first}", "--to", f"{SINCE_TIGHTENED.last}")
    told = aspromised("gaps", "two-day-delivery", *days, "--workspace", middling.root, "--json").json["parts"]
    planted = middling.truth["stories"]["monday-run-north"]["since_tightened"]
    assert told[0]["where"] == MONDAY_RUN and told[0]["stands_out"]
    assert told[0]["low"] <= planted["excess"] <= told[0]["high"]


def test_inside_the_carrier_its_region_and_its_weekday_come_first(snapshot: Snapshot) -> None:
    first = lattice(snapshot, two_days(("carrier", "Arrowline")), 50).iloc[0]
    assert dict(first["where"]) == {"region": "north", "weekday": "Monday"}


def test_new_pickers_break_the_right_item_beyond_their_share(snapshot: Snapshot) -> None:
    parts = lattice(snapshot, Scope("order-accuracy", SINCE_TIGHTENED), 100)
    standing = dict(zip(parts["where"], parts["standing"], strict=True))
    assert parts.iloc[0]["where"] == (("picker_tenure", "under 3 months"),)
    assert standing[(("picker_tenure", "under 3 months"),)] == "more"
    assert standing[(("picker_tenure", "over a year"),)] == "fewer"


def test_every_promise_has_a_gaps_page_whether_it_is_judged_or_not(snapshot: Snapshot) -> None:
    notebook = read_notebook(NOTEBOOK)
    for promise in snapshot.query("select promise_id from promise order by promise_id")["promise_id"]:
        paper = HtmlRenderer()
        with reading(snapshot):
            done = run(notebook, paper, {"promise": promise, "month": "2026-10"})
        assert [told.message for _, told in done.failures] == [], promise
        assert "ap-sentence" in "".join(paper.pieces)
