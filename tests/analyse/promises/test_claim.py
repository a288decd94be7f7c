"""A claim opened: its verdict, its weeks in words, what happened around it, what was left out, what to do."""

import re
from datetime import date

import pytest

from aspromised.analyse.promises.advice import next_steps
from aspromised.analyse.promises.claim import open_claim, versions
from aspromised.analyse.promises.compliance import compliance_summary
from aspromised.analyse.promises.events import events, planned_promotions
from aspromised.analyse.promises.left_out import left_out
from aspromised.analyse.rates.own_window import own_windows
from aspromised.analyse.rates.status import segment_statuses, statuses, versions_each
from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.chart.claim import left_out_ledger
from aspromised.words.problems import MisuseError
from tests.analyse.shelf import shelf

VERSIONS = [
    {
        "version": 1,
        "from_day": "2025-01-01",
        "to_day": "2026-10-05",
        "claim": "Here in 3 days",
        "length": "3 days",
    },
    {"version": 2, "from_day": "2026-10-05", "to_day": None, "claim": "Here in 2 days", "length": "2 days"},
]
DAILY = [
    {"day": "2026-09-29", "version": 1, "kept": 95, "broken": 5},
    {"day": "2026-10-06", "version": 2, "kept": 80, "broken": 20, "exempt": 10},
    {"day": "2026-10-13", "version": 2, "kept": 70, "broken": 30},
    {"day": "2026-10-30", "version": 2, "kept": 9, "broken": 1, "open": 4},
]
PROMOTIONS = [
    {
        "promotion_id": "a",
        "says": "Sale",
        "leans_on": ["p"],
        "launched": "2026-10-06 07:00",
        "ends": "2026-10-08 23:00",
    },
    {
        "promotion_id": "b",
        "says": "Off",
        "leans_on": ["p"],
        "launched": "2026-10-07 07:00",
        "cancelled": True,
    },
    {"promotion_id": "c", "says": "Elsewhere", "leans_on": ["q"], "launched": "2026-10-20 07:00"},
    {"promotion_id": "d", "says": "Soon", "leans_on": ["p"], "launched": "2026-11-20 08:00"},
]
CHANGES = [
    {"change_id": "x", "on": "2026-10-10", "what": "new shift"},
    {"change_id": "y", "on": "2026-10-11", "what": "new hub", "touches": '{"site": "north"}'},
]


@pytest.fixture
def snapshot():
    return shelf(
        promise=[{"budget_policy": "No new promotion", "review_by": "2026-12-31"}, {"promise_id": "quiet"}],
        promise_version=VERSIONS,
        verdict_daily=DAILY,
        promotion=PROMOTIONS,
        change=CHANGES,
    )


def test_the_verdict_says_whether_it_may_be_said_and_by_how_much_it_is_missed(snapshot):
    assert open_claim(snapshot, "p", "2026-10").verdict == (
        "“Here in 2 days” may not be said as it stands. It was kept for 75.7 % of 210 orders in October 2026, against a"
        " target of 90 %: missed by 14.3 points, 30 orders short."
    )


def test_the_history_counts_full_weeks_and_the_run_that_the_newest_belongs_to(snapshot):
    assert open_claim(snapshot, "p", "2026-10").history == (
        "Below its target in 2 of the last 3 full weeks, and below it in each of the last 2."
    )


def test_weeks_begin_with_the_first_that_has_an_item(snapshot):
    claim = open_claim(snapshot, "p", "2026-10")
    assert [f"{day:%d.%m}" for day in claim.weeks["first"]] == ["28.09", "05.10", "12.10", "19.10", "26.10"]
    assert open_claim(snapshot, "quiet", "2026-10").weeks.empty


def test_the_budget_is_what_the_target_forgives(snapshot):
    budget = open_claim(snapshot, "p", "2026-10").budget
    assert (budget.allowed, budget.broken, budget.left, budget.is_spent) == (21, 51, -30, True)


def test_a_claim_is_judged_over_the_window_chosen_and_the_one_it_declares_is_told_beside_it():
    snapshot = shelf(
        as_of="2026-10-20", promise=[{"window": "quarter"}], promise_version=VERSIONS, verdict_daily=DAILY[:3]
    )
    claim = open_claim(snapshot, "p", "2026-09")
    assert claim.window == Window.month("2026-09")
    assert claim.row["status"] == "too close to call" and claim.budget.window == claim.window
    assert claim.elsewhere == (
        "The promise itself is declared by the quarter: over Q3 2026 (Jul to Sep) it was kept for 95.0 % of 100:"
        " too close to call."
    )
    now = open_claim(snapshot, "p", Window.month("2026-10"))
    assert "in October 2026, not closed yet (to 20 Oct 2026), against" in now.verdict
    assert [row.label for row in now.periods.itertuples()] == [
        "September 2026",
        "October 2026, not closed yet (to 20 Oct 2026)",
    ]


@pytest.mark.parametrize("kind", ["quarter", "year", "last 28 days", "month", "week"])
@pytest.mark.parametrize("month", ["2026-09", "2026-10"])
def test_a_claim_opened_is_the_row_of_the_ledger_that_was_clicked(snapshot, month, kind):
    """A quarter chosen with July once opened September."""
    chosen = Periods.of(snapshot.meta).around(month, kind)
    row, claim = (
        compliance_summary(snapshot, chosen).table.set_index("promise_id").loc["p"],
        open_claim(snapshot, "p", chosen),
    )
    assert claim.window == chosen
    figures = ["kept", "broken", "rate", "low", "high", "target", "gap", "gap_items", "status"]
    assert claim.row[figures].to_dict() == pytest.approx(row[figures].to_dict(), nan_ok=True)
    assert claim.window.said(claim.as_of) in claim.verdict
    counted = row if row["together"] is None else row["together"]
    assert (claim.budget.decided, claim.budget.broken) == (counted["decided"], counted["broken"])
    assert (claim.budget.wordings > 1) == (row["together"] is not None)


@pytest.mark.parametrize("kind", ["week", "month", "quarter", "year", "last 28 days"])
def test_what_is_done_early_for_days_to_come_is_in_no_figure_of_a_claim(kind):
    """As of a Wednesday 50 are kept already that are due on Friday, and 7 still open."""
    today = {"day": "2026-10-28", "version": 1, "kept": 80, "broken": 20}
    ahead = {"day": "2026-10-30", "version": 1, "kept": 50, "open": 7}
    parts = [{**row, "segment": "region", "value": "north"} for row in (today, ahead)]
    snapshot = shelf(
        "2026-10-28",
        promise=[{}],
        promise_version=[{}],
        verdict_daily=[today, ahead, *parts],
        segments=["region"],
    )
    window = Periods.of(snapshot.meta).around("2026-10", kind)
    claim = open_claim(snapshot, "p", window)
    assert (claim.row["decided"], claim.row["rate"]) == (100, 0.8)
    told_early = ["decided already, counted on a day to come"]
    assert claim.left_out["reason"].tolist() == (told_early if window.last > date(2026, 10, 28) else [])
    assert claim.left_out["items"].sum() == statuses(snapshot, window)["ahead"].iloc[0]
    assert claim.row["open"] == (7 if window.last > date(2026, 10, 28) else 0)
    assert (claim.budget.decided, claim.budget.broken) == (100, 20)
    assert claim.versions["decided"].tolist() == claim.weeks["decided"].tolist() == [100]
    assert claim.weeks["last"].iloc[-1].date() == claim.last_day == date(2026, 10, 28)
    assert set(claim.periods["decided"]) <= {100}
    assert segment_statuses(snapshot, "p", window)["decided"].tolist() == [100]
    assert statuses(snapshot, own_windows(snapshot))["decided"].tolist() == [100]
    assert statuses(snapshot, Window())["decided"].tolist() == [100]


def test_weeks_end_where_the_chosen_window_ends(snapshot):
    """30 September is a Wednesday."""
    claim = open_claim(snapshot, "p", Periods.of(snapshot.meta).around("2026-09", "quarter"))
    assert claim.weeks["last"].iloc[-1].date() == date(2026, 9, 30)
    assert not claim.weeks["closed"].iloc[-1]
    assert "in its one full week" not in claim.history


def test_over_the_window_it_declares_nothing_stands_beside_it(snapshot):
    assert open_claim(snapshot, "p", "2026-10").elsewhere == ""


def test_each_version_is_told_with_what_was_decided_under_it(snapshot):
    table = versions(snapshot, "p", Window.month("2026-10"))
    assert list(table["decided"]) == [100, 210]
    assert [round(rate, 3) for rate in table["rate"]] == [0.95, 0.757]
    assert list(versions(snapshot, "p", Window.month("2026-09"))["decided"]) == [100, 0]


def test_what_happened_is_told_in_order_by_letters_on_the_companys_days(snapshot):
    table = events(snapshot, "p", date(2026, 9, 28), date(2026, 11, 1))
    told = [
        (row.mark, row.kind, f"{row.first:%d.%m}", f"{row.last:%d.%m}", row.what)
        for row in table.itertuples()
    ]
    assert told == [
        ("a", "new wording", "05.10", "05.10", "“Here in 2 days”, 2 days, target 90 %"),
        ("b", "promotion", "06.10", "09.10", "Sale"),
        ("c", "change", "10.10", "10.10", "new shift"),
        ("d", "promotion on other claims", "20.10", "20.10", "Elsewhere"),
    ]


def test_a_promotion_that_is_still_to_come_is_planned(snapshot):
    assert list(planned_promotions(snapshot, "p", date(2026, 10, 31))["what"]) == ["Soon"]


def test_what_to_do_next_names_the_owner_the_policy_and_what_leans_on_it(snapshot):
    assert next_steps(open_claim(snapshot, "p", "2026-10")) == [
        "Say it nowhere new; soften it or take it down where it stands (homepage). Ask fulfilment, who must keep it; the"
        " page Gaps shows where it breaks.",
        "Agreed for when the budget is spent: No new promotion.",
        "Planned to lean on it: “Soon” from 20 Nov 2026.",
        "Its next review is due by 31 Dec 2026.",
    ]


def one(kept: int, broken: int, **promise: object):
    daily = [{"day": "2026-10-06", "kept": kept, "broken": broken}] if kept + broken else []
    return open_claim(shelf(promise=[promise], promise_version=[{}], verdict_daily=daily), "p", "2026-10")


def test_too_close_says_how_many_items_it_would_take():
    step = next_steps(one(92, 8))[0]
    assert step == (
        "Lean on it no further: chance alone could explain the difference."
        " At this rate it would take about 860 orders to tell."
    )
    assert one(792, 69).row["status"] == "too close to call"  # 860 items and 92 %: the edge of the interval
    assert one(7920, 690).row["status"] == "kept"


@pytest.mark.parametrize(
    ("claim", "verdict", "step"),
    [
        ({"kept": 99, "broken": 1}, "“Here in 2 days” may be said as it stands. ", "Say it as it stands."),
        ({"kept": 9, "broken": 1, "at_least": 30}, "“Here in 2 days” has too few items to tell. ", "Wait: 10 orders judged, 30 needed."),
        ({"kept": 0, "broken": 0}, "“Here in 2 days” had nothing to judge in October 2026.", "Nothing says that it is kept: "),
        ({"kept": 0, "broken": 0, "problem": "a.yaml:1:1: no"}, "“Here in 2 days” could not be judged: a.yaml:1:1: no.", "Mend what "),
        ({"kept": 0, "broken": 0, "problem": "repeats are not judged yet"}, "“Here", "Nothing says that it is kept: this version"),
    ],
)  # fmt: skip
def test_every_standing_has_its_words_and_its_next_step(claim, verdict, step):
    found = one(**claim)
    assert found.verdict.startswith(verdict)
    assert next_steps(found)[0].startswith(step)


def test_what_is_left_out_is_counted_by_its_reason_within_the_window():
    item = {"day": "2026-10-06", "item_id": "1"}
    snapshot = shelf(
        promise=[{}],
        item=[
            {**item, "verdict": "exempt", "reason": "cancelled"},
            {**item, "verdict": "exempt", "reason": "cancelled"},
            {**item, "verdict": "open", "reason": "not due yet"},
            {**item, "verdict": "broken", "reason": "done late"},
            {**item, "verdict": "exempt", "reason": "cancelled", "day": "2026-09-30"},
        ],
        promise_version=[{"from_day": "2026-10-07"}],
        verdict_daily=[{"day": "2026-10-06", "not_promised": 7}, {"day": "2026-10-07", "not_promised": 9}],
    )
    found = left_out(snapshot, "p", Window.month("2026-10"))
    assert found[["verdict", "reason", "items"]].to_numpy().tolist() == [
        ["not promised", "nothing was sold to these customers then", 9],
        ["not promised", "started before the first version", 7],
        ["exempt", "cancelled", 2],
        ["open", "not due yet", 1],
    ]
    assert found["version"].fillna(0).tolist() == [0, 0, 1, 1], "what was not promised is of no version"
    whole = statuses(snapshot, Window())
    assert whole["not_promised"].tolist() == [16]
    assert versions_each(snapshot, whole, Window()).empty, "and `status --all` has it under none"
    assert left_out_words(open_claim(snapshot, "p", "2026-10")) == []


def left_out_words(claim) -> list[str]:
    """In which words what was left out was promised, as the ledger says it; none where it says nothing of them."""
    html = left_out_ledger(claim).html
    return re.findall("(in these words|before, [^<]*|after, [^<]*)<", html) if ">Promised<" in html else []


def test_a_row_of_counts_is_left_out_as_the_items_it_told_of():
    storm = {"verdict": "exempt", "reason": "storm", "day": "2026-10-06"}
    rows = [{**storm, "items": 10}, {**storm, "items": 20}, {**storm, "items": 0, "reason": "none"}]
    found = left_out(shelf(promise=[{}], item=rows), "p", Window.month("2026-10"))
    assert found[["reason", "items"]].to_numpy().tolist() == [["storm", 30]]


def test_what_was_promised_in_other_words_than_the_verdict_is_of_is_left_out_apart():
    """Three were exempt under the words before, two under those of now, which the verdict is of."""
    days = [
        {"day": "2026-10-02", "kept": 9, "exempt": 3},
        {"day": "2026-10-20", "kept": 7, "exempt": 2, "version": 2},
    ]
    days += [{"day": "2026-11-02", "kept": 4, "broken": 1}]
    moved = {"verdict": "exempt", "reason": "moved"}
    snapshot = shelf(
        promise=[{}],
        promise_version=[
            {"claim": "Here in 5 days", "to_day": "2026-10-10"},
            {"version": 2, "from_day": "2026-10-10"},
        ],
        verdict_daily=days,
        item=[
            {**moved, "day": row["day"], "version": row.get("version", 1)}
            for row in days
            for _ in range(row.get("exempt", 0))
        ],
    )
    claim = open_claim(snapshot, "p", Window.of_months(2026, 10, 3, "quarter"))
    assert claim.row["decided"] == 7
    own = claim.left_out["version"] == claim.row["version"]
    assert claim.left_out[own][["reason", "items"]].to_numpy().tolist() == [["moved", 2]]
    assert sorted(claim.left_out["items"]) == [1, 2, 3, 4], (
        "kept and broken early, and both wordings' exempt ones"
    )
    assert left_out_words(claim) == ["before, as “Here in 5 days”"] * 2 + [
        "in these words",
        "before, as “Here in 5 days”",
    ]


def test_a_promise_nobody_declared_is_refused(snapshot):
    with pytest.raises(MisuseError, match="there is no promise 'other'"):
        open_claim(snapshot, "other", "2026-10")
