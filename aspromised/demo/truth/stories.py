"""The planted stories, each with its true size."""

from typing import Any

import numpy as np
import pandas as pd

from aspromised.demo.anchors import in_words
from aspromised.demo.company.journey import MONDAY_FAILURE, PAYMENT_BUDGET, PlantedFaults
from aspromised.demo.company.orders import REGIONS
from aspromised.demo.company.world import World
from aspromised.demo.truth.claims import claims
from aspromised.demo.truth.promises import ORACLES, OracleInput, two_day_delivery
from aspromised.demo.truth.service import service_truth
from aspromised.demo.truth.verdicts import verdict_counts
from aspromised.demo.wall import ZONE, local_days

_Story = dict[str, Any]


def rate(items: pd.DataFrame) -> float | None:
    """Return kept ÷ (kept + broken)."""
    found = verdict_counts(items)["rate"]
    return round(float(found), 4) if found is not None else None


def delivered_items(world: World, judging: OracleInput) -> pd.DataFrame:
    """Return two-day-delivery's items with what the stories tell apart."""
    orders = world.tables["orders"]
    columns = ["region", "carrier", "site", "channel", "picker_tenure", "ordered_at", "payment_ok_at"]
    return two_day_delivery(judging).join(orders[columns])


def tightened(world: World, judging: OracleInput, items: pd.DataFrame) -> _Story:
    """Return what the step from 3 days to 2 did, and what 2 days would have been before it."""
    before, after = items[items["version"] == 1], items[items["version"] == 2]
    as_two, as_three = two_day_delivery(judging, days=2), two_day_delivery(judging, days=3)
    return {
        "tightened_on": in_words(world.at["delivery-tightened"]),
        "kept_at_3_days_before": rate(before),
        "kept_at_2_days_after": rate(after),
        "orders_before_at_2_days": rate(as_two.loc[before.index]),
        "orders_after_at_3_days": rate(as_three.loc[after.index]),
    }


def monday_run(world: World, judging: OracleInput, items: pd.DataFrame) -> _Story:
    """Return the carrier that fails in one region on one weekday, and what it cost."""
    orders = world.orders_if(faults=PlantedFaults(monday_run=False))
    otherwise = two_day_delivery(OracleInput({**judging.tables, "orders": orders}, judging.at, judging.as_of))
    now = items[items["version"] == 2]
    monday = now["ordered_at"].dt.tz_convert(ZONE).dt.day_of_week == 0
    cell = (now["carrier"] == "Arrowline") & (now["region"] == "north") & monday
    broken = int((now[cell]["verdict"] == "broken").sum())
    expected = int((otherwise.loc[now.index[cell]]["verdict"] == "broken").sum())
    return {
        "carrier": "Arrowline", "region": "north", "weekday": "Monday",
        "share_losing_two_days_planted": MONDAY_FAILURE,
        "since_tightened": {
            "items": int(now[cell]["verdict"].isin(["kept", "broken"]).sum()), "kept_rate": rate(now[cell]),
            "same_carrier_and_region_other_days": rate(
                now[(now["carrier"] == "Arrowline") & (now["region"] == "north") & ~monday]
            ),
            "broken": broken, "expected_broken": expected, "excess": broken - expected,
        },
    }  # fmt: skip


def slow_payment(world: World, judging: OracleInput, items: pd.DataFrame) -> _Story:
    """Return how a payment check over its budget carries on to a broken promise."""
    now = items[
        (items["version"] == 2) & items["verdict"].isin(["kept", "broken"]) & items["payment_ok_at"].notna()
    ]
    late = (now["payment_ok_at"] - now["ordered_at"]) > pd.Timedelta(microseconds=PAYMENT_BUDGET)
    orders = world.orders_if(faults=PlantedFaults(slow_payment=False))
    otherwise = two_day_delivery(OracleInput({**judging.tables, "orders": orders}, judging.at, judging.as_of))
    broken, would = now["verdict"] == "broken", otherwise.loc[now.index, "verdict"] == "broken"
    risk_late, risk_on_time = float(broken[late].mean()), float(broken[~late].mean())
    return {
        "budget": "4 hours", "late_checks": int(late.sum()), "late_and_broken": int(broken[late].sum()),
        "on_time_checks": int((~late).sum()), "on_time_and_broken": int(broken[~late].sum()),
        "risk_after_late": round(risk_late, 4), "risk_after_on_time": round(risk_on_time, 4),
        "risk_ratio": round(risk_late / risk_on_time, 3) if risk_on_time else None,
        "excess_broken_caused": int(broken.sum()) - int(would.sum()),
    }  # fmt: skip


def simpson(items: pd.DataFrame) -> _Story:
    """Return the carrier that is better in every region and worse overall."""
    now = items[items["version"] == 2]
    regions: dict[str, dict[str, float | None]] = {
        region: {
            c: rate(now[(now["region"] == region) & (now["carrier"] == c)]) for c in ("Kestrel", "Parcelway")
        }
        for region in REGIONS
    }
    overall = {carrier: rate(now[now["carrier"] == carrier]) for carrier in ("Kestrel", "Parcelway")}
    return {"by_region": regions, "overall": overall}


def contradiction(judging: OracleInput) -> _Story:
    """Return two claims about one thing: 2 days on the homepage, 48 hours in the app."""
    started = ORACLES["app-48-hours"](judging)
    same = two_day_delivery(judging).loc[started.index]
    now = same.index[same["version"] == 2]
    return {
        "subject": "delivery-time",
        "promises": ["two-day-delivery", "app-48-hours"],
        "app_orders_since_tightened": len(now),
        "kept_within_2_calendar_days": rate(same.loc[now]),
        "kept_within_48_hours": rate(started.loc[now]),
        "broken_in_hours_kept_in_days": int(
            ((started.loc[now, "verdict"] == "broken") & (same.loc[now, "verdict"] == "kept")).sum()
        ),
    }


def new_staff(judging: OracleInput) -> _Story:
    """Return the share of right items by how long the picker has been with the company."""
    items = ORACLES["order-accuracy"](judging).join(judging.tables["orders"]["picker_tenure"])
    share = items["picker_tenure"].value_counts(normalize=True)
    return {
        str(tenure): {"kept_rate": rate(part), "share_of_items": round(float(share[tenure]), 4)}
        for tenure, part in items.groupby("picker_tenure", observed=True)
    }


def warehouse_system(world: World, items: pd.DataFrame) -> _Story:
    """Return two-day delivery in the north hub and the others, 60 days before and since the new system."""
    day, when = local_days(items["ordered_at"]), pd.Timestamp(world.at["new-wms"])
    near = items[(items["version"] == 2) & (day >= when - pd.Timedelta(days=60))]
    since, north = local_days(near["ordered_at"]) >= when, near["site"] == "north"
    cells = {
        "north_before": rate(near[north & ~since]),
        "north_since": rate(near[north & since]),
        "others_before": rate(near[~north & ~since]),
        "others_since": rate(near[~north & since]),
    }
    complete = all(value is not None for value in cells.values())
    gain = _gain(cells) if complete else None
    return {"on": in_words(world.at["new-wms"]), **cells, "difference_in_differences": gain}


def _gain(cells: dict[str, Any]) -> float:
    north = cells["north_since"] - cells["north_before"]
    return round(float(north - (cells["others_since"] - cells["others_before"])), 4)


def complaints_truth(judging: OracleInput) -> _Story:
    """Return how much likelier a complaint is after a late order."""
    orders = judging.tables["orders"]
    arrived = orders[orders["delivered_at"].notna()]
    late = (local_days(arrived["delivered_at"]) > arrived["originally_promised_at"]).to_numpy()
    told = arrived["order_id"].isin(judging.tables["complaints"]["order_id"]).to_numpy()
    risks = [float(told[late].mean()) if late.any() else np.nan, float(told[~late].mean())]
    return {
        "late_orders": int(late.sum()),
        "complained_when_late": round(risks[0], 4),
        "complained_otherwise": round(risks[1], 4),
        "risk_ratio": round(risks[0] / risks[1], 2) if risks[1] else None,
        "late_and_silent": int((late & ~told).sum()),
    }


def oversold(judging: OracleInput) -> _Story:
    """Return the response times sold to business customers, by the team that sold them."""
    sold = judging.tables["sales_commitments"]
    short = sold["response_hours"].le(2).groupby(sold["seller_team"])
    return {
        str(team): {"customers": int(part.size), "sold_two_hours": int(part.sum())} for team, part in short
    }


def stories(world: World, judging: OracleInput) -> dict[str, _Story]:
    """Return every planted story with its size."""
    items = delivered_items(world, judging)
    return {
        "claim-tightened": tightened(world, judging, items),
        "monday-run-north": monday_run(world, judging, items),
        "slow-payment-check": slow_payment(world, judging, items),
        "simpson-carriers": simpson(items),
        "two-days-or-48-hours": contradiction(judging),
        "new-staff": new_staff(judging),
        "new-warehouse-system": warehouse_system(world, items),
        "complaints-follow-lateness": complaints_truth(judging),
        "response-times-sold": oversold(judging),
        "internal-service": service_truth(judging, world.until),
        "claims": claims(judging),
    }
