"""The demo company made again with another seed, held against what its generator planted."""

from datetime import date, datetime
from typing import Any

import pandas as pd

from aspromised.analyse.launches.effect.baseline import usual_days
from aspromised.analyse.launches.effect.excess import Usual, excess_rows
from aspromised.demo.company.campaigns import CAMPAIGNS
from aspromised.demo.company.world import make_world
from aspromised.demo.truth.harm import launches_truth
from aspromised.demo.truth.promises import ORACLES, OracleInput
from aspromised.demo.truth.tell import judging_of
from aspromised.demo.wall import local_days

SEGMENTS = {
    "next-day-delivery": ["region", "channel", "carrier", "site"],
    "two-day-delivery": ["region", "channel", "carrier", "site", "picker_tenure"],
    "date-we-gave-you": ["region", "channel", "shipping", "carrier"],
    "order-accuracy": ["site", "picker_tenure", "category"],
}
LEANS = {
    "mattress-month": ["date-we-gave-you"],
    "kitchen-clearance": ["date-we-gave-you"],
    "lighting-week": ["date-we-gave-you", "order-accuracy"],
    "bedroom-bonus": ["date-we-gave-you"],
    "loyalty-thank-you": ["two-day-delivery"],
    "express-everything": ["next-day-delivery", "order-accuracy"],
    "flash-rugs": ["two-day-delivery"],
}
HARMFUL = ("bedroom-bonus", "express-everything")
FOUND = ("seed", "promotion", "promise", "who", "items", "planted", "excess", "low", "high")


def compare(seed: int) -> pd.DataFrame:
    """Return what was planted and what was found, a row a promotion, promise it leans on, and who: FOUND."""
    world = make_world("2026-10", seed, 250_000, lambda _: None)
    judging, at = judging_of(world), world.at
    planted = launches_truth(world, judging)
    ran = pd.DataFrame(
        {
            "first": [_day(at[c.launched]) for c in CAMPAIGNS],
            "last": [_day(at[c.ends]) for c in CAMPAIGNS],
            "leans": True,
        }
    )
    usual = {
        name: Usual.of(usual_days(_cells(judging, name), SEGMENTS[name], _versions(name, at), ran))
        for name in SEGMENTS
    }
    rows = []
    for promotion, promises in LEANS.items():
        told = planted[promotion]
        until = _until(told)
        for promise in promises:
            found = excess_rows(
                usual[promise], promotion, date.fromisoformat(told["launched"][:10]), until
            ).set_index("who")
            for who in ("buyers", "others"):
                row = found.loc[who]
                harm = told["harm"][promise][who]
                rows.append(
                    (
                        seed,
                        promotion,
                        promise,
                        who,
                        harm["items"],
                        harm["excess"],
                        row["excess"],
                        row["low"],
                        row["high"],
                    )
                )
    return pd.DataFrame(rows, columns=list(FOUND))


def _until(told: dict[str, Any]) -> date:
    if told["harm_window"][1] == "ready_on":
        return date.fromisoformat(told["ready_on"][:10])
    return (pd.Timestamp(told["ends"][:10]) + pd.Timedelta(days=1)).date()


def _day(moment: date | datetime) -> date:
    return date(moment.year, moment.month, moment.day)


def _versions(promise: str, at: Any) -> pd.DataFrame:
    if promise != "two-day-delivery":
        return pd.DataFrame({"version": [1], "from_day": [None]})
    return pd.DataFrame({"version": [1, 2], "from_day": [None, _day(at["delivery-tightened"])]})


def _cells(judging: OracleInput, promise: str) -> pd.DataFrame:
    """The shape of `launch_cell`, counted in pandas from the orders."""
    items = ORACLES[promise](judging)
    names = SEGMENTS[promise]
    orders = judging.tables["orders"].loc[items.index]
    codes = {campaign.code: campaign.id for campaign in CAMPAIGNS}
    table = (
        orders[names]
        .astype("object")
        .assign(
            day=local_days(orders["ordered_at"]),
            brought=orders["promo_code"].astype("object").map(codes),
            verdict=items["verdict"],
        )
    )
    for verdict in ("kept", "broken", "open"):
        table[verdict] = (table["verdict"] == verdict).astype(int)
    cells = (
        table.groupby(["day", "brought", *names], dropna=False)[["kept", "broken", "open"]]
        .sum()
        .reset_index()
    )
    return cells[cells[["kept", "broken", "open"]].sum(axis=1) > 0].reset_index(drop=True)
