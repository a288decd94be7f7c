"""The notebook of tonight, run headless: on an afternoon with orders due, on one with nothing open, and for one item."""

from pathlib import Path

import pytest

from aspromised.analyse.tonight.calibration import calibration
from aspromised.analyse.tonight.listing import likeliest_first, tonight
from aspromised.chart.tonight import (
    chance_words,
    hours_due_figure,
    likeliest_ledger,
    open_table,
    reliability_figure,
)
from aspromised.display.html import HtmlRenderer
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run as play
from aspromised.schema.snapshot import segment_column
from aspromised.store.snapshot import Snapshot, open_snapshot
from tests.analyse.shelf import shelf
from tests.cli.run import run
from tests.cli.test_tonight import PROMISES, SOURCES, evening

__all__ = ["evening"]

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "tonight.py"


def shown(snapshot: Snapshot, **chosen: str) -> str:
    """All that is shown, as HTML."""
    renderer = HtmlRenderer()
    with reading(snapshot):
        play(read_notebook(NOTEBOOK), renderer, chosen)
    html = "\n".join(renderer.pieces)
    assert "ap-error" not in html
    return html


def test_the_page_of_an_afternoon(evening: Path) -> None:
    with open_snapshot(evening) as snapshot:
        html = shown(snapshot)
        for said in ("4 items are open, 3 due by the end of Monday 30 March", "about 1 of them will break", "2 are overdue and not done",
                     "Likeliest to break", "Overdue and not done", "By promise", "By team", "By stage", "could not be judged", "right-item"):  # fmt: skip
            assert said.lower() in html.lower(), said
        assert 'href="tonight?promise=ten-hours&amp;item=O2"' in html
        part = shown(snapshot, promise="ten-hours", segment="region")
        assert "=1+1, &lt;b&gt;" in part and "=1+1, <b>" not in part
        assert "By region" in part and "By promise" not in part
        one = shown(snapshot, promise="ten-hours", segment="region", value="south")
        assert "1 item of ten-hours and region south is open" in one


def test_an_item_opens_its_story_with_its_chance(evening: Path) -> None:
    with open_snapshot(evening) as snapshot:
        html = shown(snapshot, promise="ten-hours", item="O1")
        assert "Open: 6 h left." in html and "started Mon 30 Mar 2026 10:00" in html
        assert "as 42 items fared that had as much time left" in html
        late = shown(snapshot, promise="ten-hours", item="L1")
        assert "Broken by 22 h" in late and "with a chance of" not in late
        assert "O99" in shown(snapshot, promise="ten-hours", item="O99")
        assert "Choose the promise" in shown(snapshot, item="O1")
        assert "not declared any more" in shown(snapshot, promise="gone", item="O1")


def test_where_nothing_is_open_it_says_so(tmp_path: Path) -> None:
    for folder in ("promises", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "promises" / "shop.yaml").write_text(PROMISES, encoding="utf-8")
    (tmp_path / "data" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    done = "id,region,ordered,delivered,gone,packed\nP1,,2026-03-01 06:00,2026-03-01 08:00,,\n"
    (tmp_path / "data" / "orders.csv").write_text(done, encoding="utf-8")
    run("refresh", "--workspace", tmp_path, "--as-of", "2026-03-30")
    with open_snapshot(tmp_path) as snapshot:
        html = shown(snapshot)
    assert "nothing is open that has a clock" in html and "aspromised refresh" in html
    assert "needs two whole months" in html


def item(id: str, due: str, chance: float | None = None) -> tuple[dict[str, object], dict[str, object]]:
    """An open item of the shelf and its chance."""
    row = {
        "item_id": id,
        "verdict": "open",
        "started": "2026-10-30 08:00",
        "due": due,
        "clock_left_seconds": 3600.0,
    }
    told = {"item_id": id, "chance": chance, "low": chance, "high": chance, "known_of": chance and 50}
    return row, told


@pytest.mark.parametrize("chances", [(0.25, 0.5, 0.75), (None, None, None)])
def test_hours_and_order_add_up_to_what_is_open(chances: tuple[float | None, ...]) -> None:
    dues = ("2026-10-31 12:30", "2026-10-31 12:59:59.999999", "2026-10-31 22:00", "2026-11-01 09:00")
    rows, told = zip(*(item(f"O{n}", due, p) for n, (due, p) in enumerate(zip(dues, [*chances, 0.9], strict=True))), strict=True)  # fmt: skip
    snapshot = shelf("2026-10-31T08:00:00", promise=[{}], item=rows, open_chance=told)
    found = tonight(snapshot)
    assert found.by_hour[["hour", "items"]].to_numpy().tolist() == [[12, 2], [22, 1]]
    assert len(found.due_today) == 3
    if chances[0] is None:
        assert hours_due_figure(found) is None
        assert "how many of them will break cannot be told, for want of history" in found.sentence
        assert chance_words(found, "p", "O0").startswith("How likely it is to break cannot be told")
        assert "cannot tell" in likeliest_ledger(found).html  # type: ignore[union-attr]
        return
    assert found.by_hour["breaking"].tolist() == [0.75, 0.75]
    figure = hours_due_figure(found)
    assert (
        figure
        and figure.takeaway
        == "About 2 of the 3 that fall due today will break; the most in one hour, about 1, among the 2 due by 13:00."
    )
    figure.chart.to_dict()
    assert likeliest_first(found.items)["item_id"].tolist() == ["O3", "O2", "O1", "O0"]
    assert open_table(found)["Chance to break %"].tolist() == [90.0, 75.0, 50.0, 25.0]


def test_what_was_told_before_is_added_up_over_promises_and_months() -> None:
    tenth = {
        "day": "2026-09-01",
        "tenth": 7,
        "items": 100,
        "broken": 68,
        "told": 70.0,
        "squared": 21.8,
        "squared_base": 25.0,
    }
    rows = [
        tenth,
        tenth | {"day": "2026-10-01", "broken": 72},
        tenth | {"promise_id": "q", "tenth": 1, "broken": 9, "told": 12.0},
    ]
    snapshot = shelf(promise=[{}, {"promise_id": "q", "kept_by": "care"}], chance_checked=rows)
    own = calibration(snapshot, "p")
    assert own.tenths[["tenth", "items", "told", "broke"]].to_numpy().tolist() == [[7, 200, 0.7, 0.7]]
    assert own.sentence == (
        "Of the 200 to which we gave 70 % on average, 70 % broke. Over September and October, 200 forecasts of past evenings, each from"
        " what was known before the month, came closer than telling everybody the share that breaks anyhow."
    )
    assert calibration(snapshot).items == 300 and calibration(snapshot, "", "care").items == 100
    figure = reliability_figure(own)
    assert figure and figure.table.to_numpy().tolist()[0][:4] == ["70 to 80 %", 200, 70.0, 70.0]
    figure.chart.to_dict()
    worse = shelf(promise=[{}], chance_checked=[tenth | {"squared": 30.0}])
    assert "no closer than telling everybody" in calibration(worse).sentence
    assert calibration(shelf(promise=[{}])).items == 0


NAMES = ["claim", "kept_by", "about", "chance", "low", "segments", "part", "turn", "value"]


@pytest.mark.parametrize("name", NAMES)
def test_a_segment_may_have_any_name(name: str) -> None:
    row, told = item("O1", "2026-10-31 12:30", 0.5)
    snapshot = shelf(
        "2026-10-31T08:00:00",
        NAMES,
        promise=[{"segments": NAMES}],
        item=[row | {segment_column(name): "x"}],
        open_chance=[told],
    )
    assert tonight(snapshot, "p", "", name, "x").items["item_id"].tolist() == ["O1"]
    assert tonight(snapshot, "p", "", name, "y").items.empty
    assert tonight(snapshot, "p", "", "", "", name).items[
        ["part", "claim", "chance"]
    ].to_numpy().tolist() == [["x", "Here in 2 days", 0.5]]
