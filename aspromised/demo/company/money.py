"""Invoices, returns, refunds and the refunds' event log."""

import numpy as np
import pandas as pd

from aspromised.demo.company.journey import lognormal
from aspromised.demo.company.orders import choose
from aspromised.demo.wall import DAY, HOUR, MINUTE, NEVER, Ints, instants, wall_of, weekday


def invoices(rng: np.random.Generator, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return the invoices sent; phone orders are typed in by hand and corrected most often."""
    sent = orders["dispatched_at"].notna().to_numpy()
    billed = sent & ((orders["customer_type"] == "business").to_numpy() | (rng.random(len(orders)) < 0.2))
    about = orders[billed].reset_index(drop=True)
    n = len(about)
    issued = wall_of(about["dispatched_at"]) + lognormal(rng, 3, 0.8, n, HOUR)
    risk = about["channel"].map({"web": 0.013, "app": 0.012, "store": 0.02, "phone": 0.058}).astype(float)
    risk = risk * np.where(about["customer_type"] == "business", 1.6, 1.0)
    corrected = pd.Series(rng.random(n) < risk.to_numpy(), dtype="boolean").mask(rng.random(n) < 0.003)
    delivered = issued + lognormal(rng, 4, 1.1, n, HOUR)
    table = pd.DataFrame({
        "order_id": about["order_id"], "customer_type": about["customer_type"], "channel": about["channel"].astype(str),
        "region": about["region"].astype(str), "amount_gbp": about["value_gbp"], "issued_at": instants(issued),
        "sent_at": instants(np.where(delivered <= as_of, delivered, NEVER)), "corrected": corrected,
    })  # fmt: skip
    table = table[issued <= as_of].sort_values("issued_at", kind="stable").reset_index(drop=True)
    table.insert(0, "invoice_id", [f"I{number:06d}" for number in range(1, len(table) + 1)])
    return table


def refunds(rng: np.random.Generator, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return refunds asked for after delivery, with each stage's moment."""
    returned = orders["delivered_at"].notna().to_numpy() & (rng.random(len(orders)) < 0.085)
    about = orders[returned].reset_index(drop=True)
    n = len(about)
    asked = (
        wall_of(about["delivered_at"])
        + (rng.exponential(6, n) * DAY / 1_000_000).astype(np.int64) * 1_000_000
        + 30 * MINUTE
    )
    received = asked + lognormal(rng, 40, 0.42, n, HOUR)
    approved = _office(received + lognormal(rng, 7, 0.9, n, HOUR))
    paid = approved + lognormal(rng, 5, 0.7, n, HOUR)
    keep = asked <= as_of
    steps = {"received_at": received, "approved_at": approved, "paid_at": paid}
    table = pd.DataFrame({
        "order_id": about["order_id"], "customer_id": about["customer_id"], "region": about["region"].astype(str),
        "method": np.asarray(choose(rng, ("card", "bank transfer", "store credit"), (0.6, 0.25, 0.15), n)),
        "reason": np.asarray(choose(rng, ("changed mind", "damaged", "wrong item", "too late"), (5, 2, 1, 2), n)),
        "amount_gbp": about["value_gbp"], "requested_at": instants(asked),
        **{name: instants(np.where(moment <= as_of, moment, NEVER)) for name, moment in steps.items()},
    })  # fmt: skip
    table = table[keep].sort_values("requested_at", kind="stable").reset_index(drop=True)
    table.insert(0, "case_id", [f"R{number:06d}" for number in range(1, len(table) + 1)])
    return table


def _office(moments: Ints) -> Ints:
    """Return the moments with those at weekends moved to Monday morning."""
    day = weekday(moments // DAY)
    return np.where(day >= 5, (moments // DAY + 7 - day) * DAY + 9 * HOUR + moments % HOUR, moments)


def forgotten(rng: np.random.Generator, refunds: pd.DataFrame, share: float = 0.0008) -> pd.DataFrame:
    """Return the refunds with some of whose requests and payments the moment was never recorded."""
    lost = rng.random(len(refunds)) < share
    return refunds.assign(**{name: refunds[name].mask(lost) for name in ("requested_at", "paid_at")})


def refund_events(rng: np.random.Generator, refunds: pd.DataFrame) -> pd.DataFrame:
    """Return the refunds as an event log; some approvals were first sent back for more information."""
    steps = (("REQUESTED", "requested_at", "customer-care"), ("GOODS RECEIVED", "received_at", "fulfilment"),
             ("APPROVED by FINANCE", "approved_at", "finance"), ("PAID", "paid_at", "finance"))  # fmt: skip
    logs = [_log(refunds, activity, refunds[column], team) for activity, column, team in steps]
    back = rng.random(len(refunds)) < 0.08
    between = refunds["received_at"] + (refunds["approved_at"] - refunds["received_at"]) / 2
    logs.append(_log(refunds[back], "SENT BACK by FINANCE", between[back].dt.floor("s"), "finance"))
    log = pd.concat(logs).dropna(subset="happened_at")
    return log.sort_values(["happened_at", "case_id"], kind="stable").reset_index(drop=True)


def _log(refunds: pd.DataFrame, activity: str, moments: pd.Series, team: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"case_id": refunds["case_id"], "activity": activity, "happened_at": moments, "team": team}
    )


def order_holds(rng: np.random.Generator, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return spells in which an order was held, for the address or at the customer's wish."""
    held = orders[(rng.random(len(orders)) < np.where(orders["address_ok"], 0.02, 0.6))]
    start = wall_of(held["ordered_at"]) + rng.integers(20, 300, len(held)) * MINUTE
    stop = start + lognormal(rng, 4, 0.9, len(held), HOUR)
    inside = start <= as_of
    return pd.DataFrame(
        {
            "order_id": held["order_id"].to_numpy()[inside],
            "held_at": instants(start[inside]),
            "released_at": instants(np.where(stop <= as_of, stop, NEVER)[inside]),
            "reason": np.where(held["address_ok"], "customer asked", "address unclear")[inside],
        }
    )


def returns(rng: np.random.Generator, refunds: pd.DataFrame) -> pd.DataFrame:
    """Return the goods sent back, one row a refund that arrived."""
    back = refunds[refunds["received_at"].notna()]
    return pd.DataFrame({
        "return_id": back["case_id"].str.replace("R", "B"), "order_id": back["order_id"], "reason": back["reason"],
        "received_at": back["received_at"], "resaleable": rng.random(len(back)) < 0.7,
    }).reset_index(drop=True)  # fmt: skip
