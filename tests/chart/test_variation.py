"""The chart of signals and noise, and the verdicts of changes, as readers see them."""

from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.changes.declared import declared_changes
from aspromised.analyse.variation.newcomers import Ramp, bands_told, ramp_rows
from aspromised.analyse.variation.variation import variation
from aspromised.chart.base.how import HowJudged
from aspromised.chart.changes import changes_ledger, ramp_ledger
from aspromised.chart.variation import letters_told, variation_figure, variation_leads, variation_note
from tests.analyse.shelf import shelf

MONDAY = date(2026, 10, 19)
HOSTILE = "<script>alert(1)</script> & “belt”"


def weeks(*broken: int, **more):
    first = MONDAY - timedelta(weeks=len(broken) - 1)
    rows = [
        {"day": first + timedelta(weeks=place), "kept": 100 - bad, "broken": bad}
        for place, bad in enumerate(broken)
    ]
    return shelf(
        promise=[{"claim": HOSTILE}], promise_version=[{"claim": HOSTILE}], verdict_daily=rows, **more
    )


def steady(number: int) -> list[int]:
    return [22 if place % 2 else 18 for place in range(number)]


def test_the_takeaway_says_signal_or_noise_and_how_many_weeks_were_signals():
    figure = variation_figure(variation(weeks(*steady(20), 60), "p", "2026-10"))
    assert figure.takeaway.startswith("A signal, worse: 40.0 % kept")
    assert figure.takeaway.endswith("Of 21 weeks 1 are signals for the worse and 0 for the better.")
    assert figure.table["Signal"].tolist()[-1] == "outside"


def test_signals_for_the_worse_lead_to_where_it_broke():
    weeks_of, claim = variation_leads(variation(weeks(*steady(20), 60), "p", "2026-10"), month="2026-10")
    assert [each.address for each in weeks_of.links] == ["gaps?month=2026-10&week=2026-10-19&promise=p"]
    assert claim.links[0].address == "compliance?month=2026-10&promise=p"


def test_where_nothing_is_charted_nothing_is_drawn():
    found = variation(weeks(), "p", "2026-10")
    assert variation_figure(found) is None
    assert variation_note(found) is None
    assert variation_leads(found) == []


def test_what_an_author_wrote_is_text_wherever_it_stands():
    change = {"change_id": "belt", "on": "2026-07-13", "what": HOSTILE, "touches": "{}"}
    found = variation(weeks(*steady(30), change=[change]), "p", "2026-10")
    told = letters_told(found)._repr_html_()
    assert "&lt;script&gt;" in told and "<script>" not in told
    assert HowJudged([])._repr_html_() == ""


EFFECT = {
    "change_id": "belt", "verdict": "helped", "before_first": "2026-05-01", "since_last": "2026-09-30", "by_start": True,
    "touched_earlier_kept": 0, "touched_earlier_items": 0, "others_earlier_kept": 0, "others_earlier_items": 0,
    "touched_before_kept": 80, "touched_before_items": 100, "touched_since_kept": 90, "touched_since_items": 100,
    "others_before_kept": 80, "others_before_items": 100, "others_since_kept": 80, "others_since_items": 100,
    "since_days": 60, "effect": 0.1, "low": 0.05, "high": 0.15, "p": 0.001, "adjusted_p": 0.001, "returned": True,
}  # fmt: skip


def test_a_changes_verdict_stands_with_its_figures_and_its_doubt():
    change = {"change_id": "belt", "on": "2026-07-13", "what": HOSTILE, "touches": '{"site": "north"}'}
    snapshot = weeks(*steady(30), change=[change], change_effect=[EFFECT])
    html = changes_ledger(declared_changes(snapshot), "p", month="2026-10").html
    assert "✓ helped" in html and "site north 80.0 → 90.0 %" in html and "+5.0 to +15.0" in html
    assert "a return to the usual would look the same" in html
    assert "where=site%3Anorth" in html
    assert "<script>" not in html
    assert changes_ledger(declared_changes(snapshot), "other") is None


def test_newcomers_stand_before_the_others():
    counts = pd.DataFrame([("over a year", 985, 1000), ("under 3 months", 900, 1000)], columns=["value", "kept", "decided"])  # fmt: skip
    html = ramp_ledger(Ramp("picker_tenure", ramp_rows(bands_told(counts)), False, "orders")).html
    assert html.index("under 3 months") < html.index("over a year") < html.rindex("the others")
