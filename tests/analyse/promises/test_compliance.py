"""The ledger of claims, counted by hand: seven promises, one in each standing.

missed    kept 80 of 100 at 90 %   10 orders short        close   kept 88 of 100 at 90 %   2 short
worse     kept 50 of 100 at 90 %   40 invoices short      kept    kept 99 of 100 at 90 %   9 to spare
few       1 of 1, at least 30      none   nothing         broken  cannot be read
"""

from datetime import date

import pandas as pd
import pytest

from aspromised.analyse.promises.advice import next_steps
from aspromised.analyse.promises.claim import open_claim
from aspromised.analyse.promises.compliance import (
    LEDGER_COLUMNS,
    compliance,
    compliance_summary,
    differing,
    differing_sentence,
    gap_in_items,
)
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Window.month("2026-10")


def counts(promise: str, kept: int, broken: int, **more: object) -> dict[str, object]:
    return {"promise_id": promise, "day": "2026-10-10", "kept": kept, "broken": broken, **more}


@pytest.fixture
def seven():
    names = ["missed", "worse", "close", "kept", "few", "none"]
    more = {"worse": {"source": "invoices", "kept_by": "finance"}, "few": {"at_least": 30}}
    return shelf(
        promise=[
            *({"promise_id": name, "claim": name.upper(), **more.get(name, {})} for name in names),
            {"promise_id": "broken", "claim": None, "made_by": None, "said_in": None, "target": None,
             "problem": "promises/a.yaml:3:5: unknown key 'targit'"},
        ],
        promise_version=[{"promise_id": name, "claim": name.upper()} for name in names],
        verdict_daily=[counts("missed", 80, 20), counts("worse", 50, 50), counts("close", 88, 12),
                       counts("kept", 99, 1, exempt=3), counts("few", 1, 0)],
    )  # fmt: skip


def test_the_ledger_begins_with_what_harms_most_and_ends_with_what_nobody_knows(seven):
    table = compliance(seven, OCTOBER)
    assert tuple(table) == LEDGER_COLUMNS
    assert list(zip(table["promise_id"], table["status"], strict=True)) == [
        ("worse", "missed"),
        ("missed", "missed"),
        ("close", "too close to call"),
        ("kept", "kept"),
        ("few", "too few"),
        ("none", "no data"),
        ("broken", "not judged"),
    ]


def test_the_sentence_counts_the_claims_and_names_the_one_furthest_short(seven):
    assert compliance_summary(seven, OCTOBER).sentence == (
        "Of 5 claims judged in October 2026, 1 may be said as it stands, 2 are missed, 1 is too close to call and 1 has"
        " too few judged to tell. Furthest short: “WORSE”, by 40 invoices. 2 more have no verdict; the reason stands in"
        " the row."
    )


def test_where_nothing_is_kept_the_sentence_says_none():
    snapshot = shelf(promise=[{}], promise_version=[{}], verdict_daily=[counts("p", 1, 99)])
    assert compliance_summary(snapshot, OCTOBER).sentence == (
        "Of 1 claim judged in October 2026, none may be said as it stands and 1 is missed."
        " Furthest short: “Here in 2 days”, by 89 orders."
    )


def test_where_nothing_could_be_judged_the_sentence_does_not_look_like_success():
    snapshot = shelf(promise=[{}], promise_version=[{}])
    assert compliance_summary(snapshot, OCTOBER).sentence == (
        "No claim could be judged in October 2026. 1 more has no verdict; the reason stands in the row."
    )


def test_what_has_no_verdict_says_why_in_its_row():
    rows = [{"promise_id": "monthly", "day": f"2026-0{month}-01", "kept": 90} for month in (7, 8, 9)]
    rows += [{"promise_id": "left out", "day": "2026-10-09", "exempt": 3, "unknown": 1}]
    names = ("monthly", "left out", "nothing")
    snapshot = shelf(
        promise=[{"promise_id": name} for name in names],
        promise_version=[{"promise_id": name} for name in names],
        verdict_daily=rows,
    )
    week = Window(date(2026, 10, 5), date(2026, 10, 11), "week")
    notes = compliance_summary(snapshot, week).table.set_index("promise_id")["note"]
    assert notes["monthly"] == "its figures come once a month: choose a month, or a longer window"
    assert notes["left out"] == "nothing is decided in these days: 3 exempt, 1 unknown"
    assert notes["nothing"] == "nothing is counted in these days"
    (first, *_) = next_steps(open_claim(snapshot, "monthly", week))
    assert first.endswith("choose a month, or a longer window.")
    assert (
        compliance_summary(snapshot, OCTOBER).table.set_index("promise_id")["note"]["monthly"]
        == "nothing is counted in these days"
    )


def test_what_waits_for_open_items_is_advised_to_wait_for_them_and_until_when():
    """98.4 % of 871 against 95 %: chance explains nothing, 129 open items may."""
    rows = [{"day": "2026-03-20", "kept": 857, "broken": 14}, {"day": "2026-03-30", "open": 129}]
    snapshot = shelf(
        "2026-03-31",
        promise=[{"counted": "started", "at_least": 30, "target": 0.95}],
        promise_version=[{"target": 0.95}],
        verdict_daily=rows,
        item=[
            {
                "item_id": str(n),
                "day": "2026-03-30",
                "verdict": "open",
                "due": f"2026-04-0{n} 22:59:59.999999",
            }
            for n in (3, 5)
        ],
    )
    (first, *_) = next_steps(open_claim(snapshot, "p", "2026-03"))
    assert first == (
        "Lean on it no further until what is open is told: it waits for 129 open orders: 85.7 % if all are broken,"
        " 98.6 % if all are kept. Look again on 6 Apr 2026."
    )


def test_a_month_that_is_not_over_is_so_far():
    early = {"day": "2026-10-10", "kept": 50}
    rows = [{**counts("p", 99, 1), "day": "2026-10-09"}, early]
    snapshot = shelf("2026-10-09", promise=[{}], promise_version=[{}], verdict_daily=rows)
    found = compliance_summary(snapshot, OCTOBER)
    assert found.sentence.startswith(
        "Of 1 claim judged in October 2026, not closed yet (to 9 Oct 2026), 1 may be said"
    )
    assert found.last_day == date(2026, 10, 9)
    assert found.table["decided"].tolist() == [100]


def test_a_team_sees_what_it_says_and_what_it_keeps(seven):
    assert list(compliance(seven, OCTOBER, "finance")["promise_id"]) == ["worse"]
    assert set(compliance(seven, OCTOBER, "marketing")["promise_id"]) == {
        "worse",
        "missed",
        "close",
        "kept",
        "few",
        "none",
    }
    assert compliance(seven, OCTOBER, "nobody").empty


def test_a_promise_that_cannot_be_read_keeps_its_row_and_its_message(seven):
    row = compliance(seven, OCTOBER).set_index("promise_id").loc["broken"]
    assert (row["claim"], row["said_in"], row["note"]) == (
        "broken",
        "",
        "promises/a.yaml:3:5: unknown key 'targit'",
    )


def test_the_gap_is_told_in_the_items_own_name(seven):
    table = compliance(seven, OCTOBER).set_index("promise_id")
    assert gap_in_items(table.loc["worse"]) == "40 invoices short"
    assert gap_in_items(table.loc["kept"]) == "9 orders to spare"
    assert gap_in_items(table.loc["none"]) == ""


VERSIONS = [
    {
        "version": 1,
        "from_day": "2025-01-01",
        "to_day": "2026-03-15",
        "claim": "Here in 3 days",
        "length": "3 days",
    },
    {"version": 2, "from_day": "2026-03-15", "to_day": None, "claim": "Here in 2 days", "length": "2 days"},
]


@pytest.mark.parametrize(
    ("month", "claim", "note"),
    [
        ("2024-12", "Here in 3 days", "promised from 1 Jan 2025"),
        ("2026-02", "Here in 3 days", ""),
        ("2026-03", "Here in 2 days", "in these words since 15 Mar 2026"),
        ("2026-10", "Here in 2 days", ""),
    ],
)
def test_a_claim_stands_in_the_words_of_the_windows_last_day(month, claim, note):
    counted = {"day": f"{month}-20", "version": 1 if month < "2026-03" else 2, "kept": 1}
    snapshot = shelf(promise=[{}], promise_version=VERSIONS, verdict_daily=[counted])
    row = compliance(snapshot, Window.month(month)).iloc[0]
    assert (row["claim"], row["note"]) == (claim, note)


def test_one_subject_told_with_two_lengths_is_said_differently():
    subject = {"subject": "delivery-time"}
    snapshot = shelf(
        promise=[
            {"promise_id": "web", **subject},
            {"promise_id": "app", "said_in": ["app", "push"], **subject},
            {"promise_id": "tv", "subject": "slots"},
            {"promise_id": "radio", "subject": "slots"},
        ],
        promise_version=[
            {"promise_id": "web"},
            {"promise_id": "app", "claim": "In 48 hours", "length": "48 hours"},
            {"promise_id": "tv"},
            {"promise_id": "radio"},
        ],
    )
    found = differing(compliance(snapshot, OCTOBER))
    assert [set(rows["promise_id"]) for rows in found] == [{"web", "app"}]
    assert differing_sentence(found[0].sort_values("promise_id", ascending=False)) == (
        "The delivery time is promised in 2 ways. homepage: “Here in 2 days” (2 days); app, push: “In 48 hours”"
        " (48 hours). A customer may hold you to the shortest."
    )


def test_pandas_finds_the_same_statuses(seven):
    daily = seven.query("select promise_id, kept, broken from verdict_daily")
    n = (daily["kept"] + daily["broken"]).to_numpy()
    p, z = daily["kept"].to_numpy() / n, 1.959963984540054
    middle, half = (
        (p + z * z / (2 * n)) / (1 + z * z / n),
        z * ((p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5) / (1 + z * z / n),
    )
    second = pd.DataFrame(
        {"low": middle - half, "high": middle + half}, index=daily["promise_id"]
    ).sort_index()
    table = compliance(seven, OCTOBER).dropna(subset=["rate"]).set_index("promise_id").sort_index()
    pd.testing.assert_frame_equal(table[["low", "high"]], second, check_names=False, check_index_type=False)
