"""From order to door: payment check, picking, dispatch, transit. The same luck can be run again with another wait."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.orders import Placed
from aspromised.demo.wall import DAY, HOUR, MINUTE, Bools, Floats, Ints, hour_of, wall, weekday

_NEXT_DAY = {
    "london": 0.925,
    "south-east": 0.915,
    "midlands": 0.895,
    "north": 0.83,
    "wales": 0.72,
    "scotland": 0.68,
}
_CARRIER_EDGE = {"Parcelway": 0.0, "Arrowline": 0.01, "Kestrel": 0.055}
PAYMENT_BUDGET = 4 * HOUR
SUNDAY_LOSS = 0.18
"""Share of standard parcels due on a Sunday that carriers bring on Monday instead."""
MONDAY_FAILURE = 0.45
"""Share of Arrowline's Monday orders to the north that lose two days."""


@dataclass(frozen=True)
class Luck:
    """What chance dealt each order; independent of how long it waited to be picked."""

    confirm: Ints
    pay: Ints
    queue: Ints
    pick: Ints
    transit: Floats
    mishap: Floats
    arrival: Ints
    wrong: Floats
    repick: Bools


@dataclass(frozen=True)
class Journey:
    """When each order's stages were done, in wall moments."""

    confirmed: Ints
    paid: Ints
    pick_started: Ints
    picked: Ints
    dispatched: Ints
    delivered: Ints
    wrong: Bools


def lognormal(rng: np.random.Generator, median: float, sigma: float, n: int, unit: int) -> Ints:
    """Return `n` lengths in microseconds: lognormal with a median of `median` units, whole seconds."""
    seconds = np.exp(rng.normal(np.log(median), sigma, n)) * unit / 1_000_000
    return np.maximum(seconds, 1).astype(np.int64) * 1_000_000


def luck(rng: np.random.Generator, at: Anchors, placed: Placed) -> Luck:
    """Return the draws of every order."""
    table, n = placed.table, len(placed.ordered)
    repick = rng.random(n) < np.where(table["picker_tenure"] == "under 3 months", 0.06, 0.025)
    slow = np.where(table["picker_tenure"] == "under 3 months", 1.5, 1.0)
    pick = lognormal(rng, 1.6, 0.5, n, HOUR) * slow * np.where(repick, 2.2, 1.0)
    late = lognormal(rng, 25, 0.7, n, MINUTE)
    confirm = np.where(rng.random(n) < 0.006, late, lognormal(rng, 1.2, 0.8, n, MINUTE))
    return Luck(
        confirm=confirm,
        pay=_payment(rng, at, placed),
        queue=lognormal(rng, 0.8, 0.6, n, HOUR),
        pick=pick.astype(np.int64),
        transit=rng.random(n),
        mishap=rng.random(n),
        arrival=(9 + 10 * rng.beta(2, 2.4, n) * HOUR / HOUR).astype(np.int64) * HOUR
        + rng.integers(0, 3600, n) * 1_000_000,
        wrong=rng.random(n),
        repick=repick,
    )


def _payment(rng: np.random.Generator, at: Anchors, placed: Placed) -> Ints:
    """Return how long the payment check took: mostly minutes; by hand, hours."""
    n, table = len(placed.ordered), placed.table
    by_hand = np.where(placed.ordered >= wall(at["fraud-rules"]), 0.10, 0.06)
    by_hand = by_hand + np.where(table["channel"] == "phone", 0.08, 0.0)
    quick, slow = lognormal(rng, 3, 0.6, n, MINUTE), lognormal(rng, 5, 0.9, n, HOUR)
    return np.where(rng.random(n) < by_hand, slow, quick)


@dataclass(frozen=True)
class PlantedFaults:
    """What goes wrong in this world; switched off one by one to measure what each did."""

    monday_run: bool = True
    storm: bool = True
    bedroom_shortage: bool = True
    slow_payment: bool = True


def travel(at: Anchors, placed: Placed, dealt: Luck, waiting: Floats, faults: PlantedFaults) -> Journey:
    """Return each order's journey, given the hours it waits to be picked."""
    table, ordered = placed.table, placed.ordered
    express = (table["shipping"] == "express").to_numpy()
    direct = (table["site"] == "supplier-direct").to_numpy()
    wait = np.where(direct, 0, np.where(express, 0.6, 1.0) * waiting * HOUR).astype(np.int64)
    paid = ordered + (dealt.pay if faults.slow_payment else np.minimum(dealt.pay, PAYMENT_BUDGET))
    queue = np.where(express, dealt.queue // 3, dealt.queue)
    start = _day_shift(paid + queue + wait, express, table, at)
    picked = start + np.where(express, dealt.pick * 2 // 3, dealt.pick)
    dispatched = _next_collection(picked)
    delivered = (
        dispatched // DAY + _transit_days(at, placed, dealt, express, dispatched, faults)
    ) * DAY + dealt.arrival
    risk = np.where(table["picker_tenure"] == "under 3 months", 0.041, 0.0145) + 0.015 * (wait > 10 * HOUR)
    return Journey(ordered + dealt.confirm, paid, start, picked, dispatched, delivered, dealt.wrong < risk)


def _day_shift(ready: Ints, express: Bools, table: pd.DataFrame, at: Anchors) -> Ints:
    """Return when picking starts: standard orders wait for the morning; the north hub's new system picks till 22."""
    north = (table["site"] == "north").to_numpy() & (ready >= wall(at["new-wms"]))
    hour, closes = hour_of(ready), np.where(north, 22, 19)
    morning = np.where(hour >= closes, ready // DAY + 1, ready // DAY) * DAY + 6 * HOUR + ready % HOUR // 2
    return np.where(~express & ((hour >= closes) | (hour < 6)), morning, ready)


def _next_collection(picked: Ints) -> Ints:
    """Return the next time carriers collect: 06:00, 14:00 or 22:00."""
    day, into = picked // DAY, picked % DAY
    slot = np.where(into <= 6 * HOUR, 6, np.where(into <= 14 * HOUR, 14, np.where(into <= 22 * HOUR, 22, 30)))
    return np.asarray(day * DAY + slot * HOUR)


def _transit_days(
    at: Anchors, placed: Placed, dealt: Luck, express: Bools, dispatched: Ints, faults: PlantedFaults
) -> Ints:
    table = placed.table
    first = table["region"].map(_NEXT_DAY).astype(float) + table["carrier"].map(_CARRIER_EDGE).astype(float)
    quick = np.minimum(first.to_numpy(), 0.985)
    north_hub = (table["site"] == "north").to_numpy() & (placed.ordered >= wall(at["new-wms"]))
    quick = np.where(express, 0.972, np.where(north_hub, quick + 0.05, quick))
    rest = 1 - quick
    days = (
        1
        + (dealt.transit > quick)
        + (dealt.transit > quick + 0.82 * rest)
        + (dealt.transit > quick + 0.95 * rest)
    )
    days = days - (express & (hour_of(dispatched) == 6))
    sunday = (weekday(dispatched // DAY + days) == 6) & ~express & (dealt.transit * 1000 % 1 < SUNDAY_LOSS)
    return np.asarray(days + sunday + _lost_days(at, placed, dealt, faults), dtype=np.int64)


def _lost_days(at: Anchors, placed: Placed, dealt: Luck, faults: PlantedFaults) -> Ints:
    """Return the days lost to the Monday run north, the storm, special goods and the stock that ran out."""
    table, ordered = placed.table, placed.ordered
    north = (table["region"] == "north").to_numpy()
    monday = weekday(ordered // DAY) == 0
    run = north & monday & (table["carrier"] == "Arrowline").to_numpy() & (dealt.mishap < MONDAY_FAILURE)
    storm = (
        north
        & (ordered >= wall(at["storm-from"]) - DAY)
        & (ordered < wall(at["storm-to"]))
        & (dealt.mishap > 0.3)
    )
    glove = (table["shipping"] == "white-glove").to_numpy() * (2 + (dealt.mishap * 4.2).astype(np.int64))
    made = np.where(table["shipping"] == "made-to-measure", 15 + (dealt.mishap * 24).astype(np.int64), 0)
    waits = (
        (table["promo_code"] == "BEDROOM").to_numpy()
        & (ordered < wall(at["bedroom-stock-back"]))
        & (dealt.mishap < 0.22)
    )
    lost = 2 * (run & faults.monday_run) + 2 * (storm & faults.storm) + 2 * (waits & faults.bedroom_shortage)
    return np.asarray(lost + glove + made, dtype=np.int64)
