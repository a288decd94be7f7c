"""The wordings of a claim on their line of time: every word can be read, on a phone too."""

import pytest

from aspromised.analyse.promises.claim import open_claim
from aspromised.chart.history import short_weeks, versions_figure
from tests.analyse.shelf import shelf

LONG = "Every parcel to every door on the mainland within two days of the order, and no later"
WORDS = ("At first", LONG, "Now")


def bars():
    """Three wordings one behind the other; the middle one begins after the first third and ends before the last."""
    days = [
        ("2026-01-05", None, "2026-05-25"),
        ("2026-06-01", "2026-05-25", "2026-07-20"),
        ("2026-10-20", "2026-07-20", None),
    ]
    snapshot = shelf(
        promise=[{}],
        promise_version=[
            {"version": n, "claim": words, "from_day": first, "to_day": after}
            for n, (words, (_, first, after)) in enumerate(zip(WORDS, days, strict=True), start=1)
        ],
        verdict_daily=[{"day": day, "kept": 9, "version": n} for n, (day, *_) in enumerate(days, start=1)],
    )  # fmt: skip
    chart = versions_figure(open_claim(snapshot, "p", "2026-10")).chart.to_dict()
    sets = chart["datasets"].values()
    return chart, {row["row"]: row for rows in sets for row in rows if "words" in row}


def test_a_long_claim_is_broken_into_lines_that_fit_a_phone():
    chart, rows = bars()
    lines = rows[1]["words"].split("\n")
    assert " ".join(lines) == f"“{LONG}”" and max(map(len, lines)) <= 38
    assert chart["height"] >= 3 * 2 * 15 * len(lines), "each bar has room for the lines above it"


@pytest.mark.parametrize(("row", "starts_at"), [(0, "begin"), (1, None), (2, "stop")])
def test_words_begin_where_they_cannot_run_out_of_the_picture(row, starts_at):
    _, rows = bars()
    told = rows[row]
    assert told["late"] is (starts_at == "stop")
    assert told["at"] == (told[starts_at] if starts_at else rows[0]["begin"])


def test_each_week_that_is_clearly_short_leads_to_what_broke_in_it():
    snapshot = shelf(
        promise=[{}],
        promise_version=[{"version": 1, "claim": "At once"}],
        verdict_daily=[{"day": day, "kept": kept, "broken": 100 - kept} for day, kept in
                       (("2026-09-30", 10), ("2026-10-06", 100), ("2026-10-14", 20))],
    )  # fmt: skip
    found = short_weeks(open_claim(snapshot, "p", "2026-10"))
    assert found.words == "Clearly short in the week from"
    assert [(each.words, each.address) for each in found.links] == [
        ("28 Sep 2026", "gaps?month=2026-10&week=2026-09-28&promise=p"),
        ("12 Oct", "gaps?month=2026-10&week=2026-10-12&promise=p"),
    ]
