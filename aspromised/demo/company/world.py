"""The whole company as tables in memory: what was ordered, what became of it, and everything beside it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors, anchors
from aspromised.demo.company import care, claims, field, money, planning
from aspromised.demo.company.demand import DailyDemand, daily_demand
from aspromised.demo.company.journey import Journey, Luck, PlantedFaults, luck, travel
from aspromised.demo.company.ledger import keep_books
from aspromised.demo.company.orders import Placed, place_orders
from aspromised.demo.company.picking import waiting_hours
from aspromised.demo.wall import DAY, Floats, wall

DemoTables = dict[str, pd.DataFrame]
BuildProgress = Callable[[str], None]

_STEADY_ORDERS_A_DAY = 300
"""Below this volume a day's load is mostly noise, and the floor is planned by expectation."""


@dataclass(frozen=True)
class World:
    """The demo company up to the end of its last day, and what its stories are measured against."""

    until: str
    seed: int
    at: Anchors
    demand: DailyDemand
    placed: Placed
    dealt: Luck
    waiting: Floats
    as_of: int
    tables: DemoTables

    def stream(self, name: str) -> np.random.Generator:
        """Return the random stream of one part; the same name gives the same draws."""
        return stream(self.seed, name)

    def orders_if(self, waiting: Floats | None = None, faults: PlantedFaults | None = None) -> pd.DataFrame:
        """Return the orders as they would stand with other waits or without a fault, all luck being the same."""
        waits = self.waiting if waiting is None else waiting
        journey = travel(self.at, self.placed, self.dealt, waits, faults or PlantedFaults())
        return _books(self.seed, self.placed, self.dealt, journey, self.as_of)

    def waiting_without(self, code: str) -> Floats:
        """Return the waits had the promotion with this code brought no orders."""
        others = (self.placed.table["promo_code"] != code).to_numpy()
        return _waiting(self.demand, self.placed, self.tables["picking_capacity"], others)


def stream(seed: int, name: str) -> np.random.Generator:
    """Return a generator that depends on the seed and the name alone."""
    return np.random.default_rng([seed, *name.encode()])


def make_world(until: str, seed: int, orders: int, tell: BuildProgress) -> World:
    """Return the company for 24 months ending with `until`."""
    at = anchors(until)
    as_of = wall(at["data-to"]) + DAY - 1
    tell("orders")
    days = daily_demand(at, orders)
    placed = place_orders(stream(seed, "orders"), at, days, orders)
    units = float(_picked_units(placed).sum()) / orders
    capacity = planning.picking_capacity(stream(seed, "capacity"), days, units)
    dealt = luck(stream(seed, "luck"), at, placed)
    waiting = _waiting(days, placed, capacity, np.ones(orders, dtype=bool))
    table = _books(seed, placed, dealt, travel(at, placed, dealt, waiting, PlantedFaults()), as_of)
    tell("tickets, invoices, appointments")
    tables = {"orders": table, "picking_capacity": capacity} | _beside(seed, at, days, table, as_of)
    return World(until, seed, at, days, placed, dealt, waiting, as_of, tables)


def _books(seed: int, placed: Placed, dealt: Luck, journey: Journey, as_of: int) -> pd.DataFrame:
    return keep_books(stream(seed, "books"), placed, dealt, journey, as_of)


def _picked_units(placed: Placed) -> Floats:
    ours = placed.table["site"] != "supplier-direct"
    return np.where(ours, placed.table["units"], 0).astype(float)


def _waiting(days: DailyDemand, placed: Placed, capacity: pd.DataFrame, counted: np.ndarray) -> Floats:
    """Return each order's hours of waiting; at small scale the load is smoothed towards what was expected."""
    able = capacity["units"].to_numpy(dtype=float)[: len(days.days)]
    units = _picked_units(placed) * counted
    seen = np.bincount(placed.day_index, weights=units, minlength=len(days.days))
    share = np.bincount(placed.day_index, weights=counted, minlength=len(days.days)) / np.maximum(
        np.bincount(placed.day_index, minlength=len(days.days)), 1
    )
    expected = days.expected * share * units.sum() / max(counted.sum(), 1)
    trust = min(1.0, len(counted) / len(days.days) / _STEADY_ORDERS_A_DAY)
    return waiting_hours(trust * seen + (1 - trust) * expected, able, placed.day_index, placed.ordered)


def _beside(seed: int, at: Anchors, days: DailyDemand, orders: pd.DataFrame, as_of: int) -> DemoTables:
    """Return every other table of the company."""

    def draw(name: str) -> np.random.Generator:
        return stream(seed, name)

    tickets = care.tickets(draw("tickets"), at, orders, as_of)
    refunds = money.refunds(draw("refunds"), orders, as_of)
    return {
        "tickets": tickets,
        "ticket_pauses": care.ticket_pauses(draw("pauses"), tickets, as_of),
        "contacts": care.contacts(draw("contacts"), days, orders["customer_id"], len(orders), as_of),
        "complaints": care.complaints(draw("complaints"), orders, as_of),
        "invoices": money.invoices(draw("invoices"), orders, as_of),
        "refund_events": money.refund_events(draw("events"), refunds),
        "returns": money.returns(draw("returns"), refunds),
        "refunds": money.forgotten(draw("forgotten"), refunds),
        "order_holds": money.order_holds(draw("holds"), orders, as_of),
        "appointments": field.appointments(draw("appointments"), orders, as_of),
        "agent_capacity": planning.agent_capacity(draw("agents"), at, days),
        "stock": planning.stock(draw("stock"), at, days),
        "store_counts": planning.store_counts(draw("stores"), at, days),
        "sales_commitments": planning.terms(draw("terms"), at, orders),
        "internal_ratings": planning.ratings(draw("ratings"), draw("ratings by heading"), days),
        "claim_events": claims.claim_events(draw("claims"), days, len(orders), as_of),
    }
