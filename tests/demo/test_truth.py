"""What the demo says is true of itself is true: counted again from its files, and as large as the stories say."""

from datetime import date

import pandas as pd
import pytest

from aspromised.demo.anchors import anchors
from aspromised.demo.company.campaigns import CAMPAIGNS
from aspromised.demo.company.orders import REGIONS
from aspromised.demo.truth.verdicts import DECIDED_OR_OPEN
from tests.demo.conftest import UNTIL, Demo, built
from tests.demo.pandas_judge import judge

COUNTS = (*DECIDED_OR_OPEN, "not_promised")


def counted(items: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return the counts of each verdict by month of the counted day."""
    month = items["day"].dt.strftime("%Y-%m").fillna("(none)")
    table = pd.crosstab(month, items["verdict"]).reindex(columns=list(COUNTS), fill_value=0)
    return {str(name): {str(v): int(n) for v, n in row.items()} for name, row in table.iterrows()}


@pytest.mark.parametrize("company", ["small", "middling"])
def test_a_second_judge_counts_the_same_verdicts_each_month(
    company: str, request: pytest.FixtureRequest
) -> None:
    demo: Demo = request.getfixturevalue(company)
    found = judge(demo.root, demo.truth["as_of_day"])
    assert set(found) == set(demo.truth["promises"])
    for name, told in demo.truth["promises"].items():
        months = {month: {v: row[v] for v in COUNTS} for month, row in told["months"].items()}
        assert counted(found[name]) == months, name


def test_every_item_has_exactly_one_verdict_and_every_month_adds_up(middling: Demo) -> None:
    for name, told in middling.truth["promises"].items():
        for verdict in COUNTS:
            assert told["whole"][verdict] == sum(month[verdict] for month in told["months"].values()), name


def test_the_last_month_shows_every_status(middling: Demo) -> None:
    statuses = {told["last_month_status"] for told in middling.truth["promises"].values()}
    assert statuses == {"kept", "missed", "too close to call", "too few", "no data"}


def test_every_verdict_occurs(small: Demo) -> None:
    for verdict in COUNTS:
        assert sum(told["whole"][verdict] for told in small.truth["promises"].values()) > 0, verdict


def test_the_claim_was_tightened_before_operations_could_keep_it(middling: Demo) -> None:
    story = middling.truth["stories"]["claim-tightened"]
    assert story["tightened_on"] == "2026-03-01"
    assert story["kept_at_3_days_before"] > 0.97 > 0.95 > story["orders_before_at_2_days"]
    assert story["kept_at_2_days_after"] < 0.93 < 0.97 < story["orders_after_at_3_days"]


def test_the_promotion_launched_eleven_days_early_hurt_buyers_and_others(middling: Demo) -> None:
    launch = middling.truth["promotions"]["express-everything"]
    assert (launch["verdict"], launch["days_early"]) == ("launched_before_ready", 11)
    for group in ("buyers", "others"):
        harm = launch["harm"]["next-day-delivery"][group]
        assert harm["excess"] == harm["broken"] - harm["expected_broken"]
        assert harm["excess"] > 0.1 * harm["items"], group
    assert launch["harm"]["two-day-delivery"]["others"]["excess"] > 50


def test_promotions_planted_as_harmless_are_harmless(middling: Demo) -> None:
    for name in ("mattress-month", "lighting-week"):
        for promise, groups in middling.truth["promotions"][name]["harm"].items():
            for group, told in groups.items():
                assert abs(told["excess"]) <= max(2, 0.005 * told["items"]), (name, promise, group)


def test_all_ten_promotions_are_told_with_their_verdicts(small: Demo) -> None:
    assert {name: told["verdict"] for name, told in small.truth["promotions"].items()} == {
        "mattress-month": "ready",
        "kitchen-clearance": "launched_before_ready",
        "lighting-week": "ready",
        "bedroom-bonus": "launched_before_ready",
        "loyalty-thank-you": "cannot_tell",
        "express-everything": "launched_before_ready",
        "flash-rugs": "launched_before_ready",
        "garden-preview": "cancelled",
        "hallway-refresh": "planned_ready",
        "big-night-in": "planned_not_ready",
    }


def test_a_carrier_fails_in_one_region_on_mondays_only(middling: Demo) -> None:
    told = middling.truth["stories"]["monday-run-north"]["since_tightened"]
    assert told["kept_rate"] < 0.65 < 0.85 < told["same_carrier_and_region_other_days"]
    assert told["excess"] > 0.3 * told["items"]


def test_a_late_payment_check_snowballs(middling: Demo) -> None:
    told = middling.truth["stories"]["slow-payment-check"]
    assert told["risk_ratio"] > 1.5
    assert told["excess_broken_caused"] > 0


def test_one_carrier_is_better_in_every_region_and_worse_overall(middling: Demo) -> None:
    told = middling.truth["stories"]["simpson-carriers"]
    assert set(told["by_region"]) == set(REGIONS)
    assert all(rates["Kestrel"] > rates["Parcelway"] for rates in told["by_region"].values())
    assert told["overall"]["Kestrel"] < told["overall"]["Parcelway"]


def test_two_days_and_48_hours_are_not_the_same_promise(middling: Demo) -> None:
    told = middling.truth["stories"]["two-days-or-48-hours"]
    assert told["kept_within_48_hours"] < told["kept_within_2_calendar_days"] - 0.03
    assert told["broken_in_hours_kept_in_days"] > 0


def test_new_staff_send_the_wrong_item_more_often(middling: Demo) -> None:
    told = middling.truth["stories"]["new-staff"]
    assert told["under 3 months"]["kept_rate"] < told["over a year"]["kept_rate"] - 0.015


def test_the_stories_are_told_in_prose_with_their_numbers(small: Demo) -> None:
    text = (small.root / "data/STORIES.md").read_text("utf-8")
    told = small.truth["promises"]["two-day-delivery"]["whole"]
    assert "invented" in text
    assert f"| two-day-delivery | {told['kept']:,} | {told['broken']:,} |" in text
    assert "11 days early" in text


def test_a_demo_built_for_another_year_still_tells_its_stories(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    demo = built(tmp_path_factory.mktemp("later"), 4_000, until="2028-02")
    assert demo.truth["stories"]["claim-tightened"]["tightened_on"] == "2027-07-01"
    assert demo.truth["promotions"]["express-everything"]["days_early"] == 11
    found = judge(demo.root, demo.truth["as_of_day"])
    assert (
        found["two-day-delivery"]["verdict"].value_counts()["kept"]
        == (demo.truth["promises"]["two-day-delivery"]["whole"]["kept"])
    )


EXPECTED = {"mattress-month": 0.15, "kitchen-clearance": 0.20, "lighting-week": 0.15, "bedroom-bonus": 0.15,
            "express-everything": 0.20, "hallway-refresh": 0.15, "big-night-in": 0.70}  # fmt: skip


def headroom(demo: Demo, name: str, day: date, beside: tuple[str, ...] = ()) -> float:
    """Return capacity on `day` ÷ (usual load of the 28 days before × (1 + all uplifts expected)) − 1."""
    orders = pd.concat(pd.read_parquet(path) for path in (demo.root / "data/orders").glob("*.parquet"))
    orders = orders.drop_duplicates("order_id")
    placed = orders["ordered_at"].dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    before = placed.between(
        pd.Timestamp(day) - pd.Timedelta(days=28), pd.Timestamp(day) - pd.Timedelta(days=1)
    )
    usual = (
        orders[before & orders["promo_code"].isna() & (orders["site"] != "supplier-direct")]["units"].sum()
        / 28
    )
    capacity = pd.read_parquet(demo.root / "data/picking_capacity.parquet").set_index("day")["units"]
    uplift = EXPECTED[name] + sum(EXPECTED[other] for other in beside)
    return float(capacity.loc[day] / (usual * (1 + uplift)) - 1)


def test_picking_headroom_is_as_planted_at_launch_and_when_ready(middling: Demo) -> None:
    at = anchors(UNTIL)
    days = {name: at[name].date() for name in ("mattress-launched", "kitchen-launched", "lighting-launched",
                                               "bedroom-launched", "express-launched")}  # fmt: skip
    both = ("mattress-month",)
    assert headroom(middling, "mattress-month", days["mattress-launched"]) >= 0.10
    assert headroom(middling, "kitchen-clearance", days["kitchen-launched"]) >= 0.10
    assert headroom(middling, "kitchen-clearance", days["kitchen-launched"], both) < 0.10
    assert headroom(middling, "kitchen-clearance", at["kitchen-ready"]) >= 0.10
    assert headroom(middling, "lighting-week", days["lighting-launched"]) >= 0.10
    assert headroom(middling, "bedroom-bonus", days["bedroom-launched"]) >= 0.10
    assert headroom(middling, "express-everything", days["express-launched"]) < 0
    assert headroom(middling, "express-everything", at["express-ready"]) >= 0.10
    assert headroom(middling, "hallway-refresh", at["data-to"]) >= 0.10
    assert headroom(middling, "big-night-in", at["data-to"]) < 0.10


def test_bedroom_stock_was_short_from_before_launch_until_the_day_it_was_ready(small: Demo) -> None:
    at = anchors(UNTIL)
    stock = pd.read_parquet(small.root / "data/stock.parquet")
    day = pd.to_datetime(stock["day"])
    cover = stock[stock["family"] == "bedroom"].set_index(day[stock["family"] == "bedroom"])["days_cover"]
    lost, back = pd.Timestamp(at["bedroom-stock-lost"]), pd.Timestamp(at["bedroom-stock-back"])
    short = cover[cover < 14].index
    assert (short.min(), short.max()) == (lost, back - pd.Timedelta(days=1))
    assert lost < pd.Timestamp(at["bedroom-launched"]) < back
    assert stock[stock["family"] != "bedroom"]["days_cover"].min() >= 14


def test_each_campaign_that_ran_brought_orders_between_launch_and_end(middling: Demo) -> None:
    for campaign in CAMPAIGNS:
        assert middling.truth["promotions"][campaign.id]["orders"] > 20, campaign.id
