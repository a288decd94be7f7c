"""What each promotion did: broken items against the same world without the wait or shortage it caused."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from aspromised.demo.anchors import in_words
from aspromised.demo.company.campaigns import CAMPAIGNS, Campaign
from aspromised.demo.company.journey import PlantedFaults
from aspromised.demo.company.world import World
from aspromised.demo.truth.promises import ORACLES, OracleInput
from aspromised.demo.wall import ZONE

HARMED = ("next-day-delivery", "two-day-delivery", "date-we-gave-you", "order-accuracy")


@dataclass(frozen=True)
class _ReadinessTruth:
    """When a promotion that ran was really ready: None is never judged (no gates), and why."""

    verdict: str
    ready: str | None
    because: str


_READINESS = {
    "mattress-month": _ReadinessTruth("ready", None, "every gate held at launch"),
    "kitchen-clearance": _ReadinessTruth(
        "launched_before_ready",
        "kitchen-ready",
        "picking had headroom for it alone, but not on top of mattress-month, which was still running",
    ),
    "lighting-week": _ReadinessTruth("ready", None, "every gate held at launch"),
    "bedroom-bonus": _ReadinessTruth(
        "launched_before_ready",
        "bedroom-stock-back",
        "the stock gate was met when announced, lost before launch, met again later",
    ),
    "loyalty-thank-you": _ReadinessTruth("cannot_tell", None, "it has no gates"),
    "express-everything": _ReadinessTruth(
        "launched_before_ready",
        "express-ready",
        "picking headroom came 11 days after launch, trained agents 8 days after",
    ),
    "flash-rugs": _ReadinessTruth(
        "launched_before_ready", "flash-trained", "the sign-off came after it had ended"
    ),
}


def _local(moment: date | datetime) -> pd.Timestamp:
    """Return a local date or date-time as an instant."""
    return pd.Timestamp(moment).tz_localize(ZONE).tz_convert("UTC")


def launches_truth(world: World, judging: OracleInput) -> dict[str, dict[str, Any]]:
    """Return each promotion that ran: when it was ready, how early it launched, and the harm measured."""
    actual = {name: ORACLES[name](judging) for name in HARMED}
    return {campaign.id: _launch(world, judging, campaign, actual) for campaign in CAMPAIGNS}


def _days_early(verdict: str, launched: date, ready_on: date | None) -> int | None:
    """Return how long after its launch a promotion was ready; None where it cannot be told."""
    if verdict == "cannot_tell":
        return None
    return (ready_on - date(launched.year, launched.month, launched.day)).days if ready_on else 0


def _launch(
    world: World, judging: OracleInput, campaign: Campaign, actual: dict[str, pd.DataFrame]
) -> dict[str, Any]:
    ready = _READINESS[campaign.id]
    launched, ends = world.at[campaign.launched], world.at[campaign.ends]
    ready_on = world.at[ready.ready] if ready.ready else None
    last = _local(ends + timedelta(days=1))
    early = min(_local(ready_on), last) if ready_on else last
    return {
        "launched": in_words(launched),
        "ends": in_words(ends),
        "verdict": ready.verdict,
        "because": ready.because,
        "ready_on": in_words(ready_on) if ready_on else None,
        "days_early": _days_early(ready.verdict, launched, ready_on),
        "orders": int((world.tables["orders"]["promo_code"] == campaign.code).sum()),
        "extra_demand_planted": campaign.uplift,
        "harm_window": [in_words(launched), "ready_on" if ready_on and early < last else "ends"],
        "harm": _harm(world, judging, campaign, actual, (_local(launched), early)),
    }


def _harm(
    world: World,
    judging: OracleInput,
    campaign: Campaign,
    actual: dict[str, pd.DataFrame],
    window: tuple[pd.Timestamp, pd.Timestamp],
) -> dict[str, dict[str, dict[str, int]]]:
    """Return items, broken, expected broken and excess of each promise, of buyers and of everyone else."""
    shortage = campaign.id != "bedroom-bonus"
    orders = world.orders_if(world.waiting_without(campaign.code), PlantedFaults(bedroom_shortage=shortage))
    orders = orders[orders["ordered_at"].between(*window, inclusive="left")]
    otherwise = OracleInput({**judging.tables, "orders": orders}, judging.at, judging.as_of)
    buyers = orders["promo_code"] == campaign.code
    groups = {"buyers": orders.index[buyers], "others": orders.index[~buyers]}
    harm: dict[str, dict[str, dict[str, int]]] = {}
    for name in HARMED:
        expected = ORACLES[name](otherwise)
        harm[name] = {group: _excess(actual[name], expected, rows) for group, rows in groups.items()}
    return harm


def _excess(actual: pd.DataFrame, expected: pd.DataFrame, rows: pd.Index) -> dict[str, int]:
    seen, otherwise = (items.loc[items.index.intersection(rows), "verdict"] for items in (actual, expected))
    broken, would = int((seen == "broken").sum()), int((otherwise == "broken").sum())
    items = int(seen.isin(["kept", "broken"]).sum())
    return {"items": items, "broken": broken, "expected_broken": would, "excess": broken - would}


def planned_truth(world: World) -> dict[str, dict[str, Any]]:
    """Return the promotions that did not run: planned ones and the one called off."""

    def told(start: str, verdict: str, because: str) -> dict[str, Any]:
        return {"launched": in_words(world.at[start]), "verdict": verdict, "because": because}

    return {
        "garden-preview": told("garden-launched", "cancelled", "called off; its only gate was never signed"),
        "hallway-refresh": told("hallway-launched", "planned_ready", "every gate holds on the last day"),
        "big-night-in": told(
            "night-in-launched",
            "planned_not_ready",
            "two-day delivery is below 97%, picking lacks headroom for +70%, nobody signed for the agents",
        ),
    }
