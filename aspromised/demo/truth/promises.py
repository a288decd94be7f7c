"""The promises judged today, once more: what each covers, when it is due, what excuses it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.world import DemoTables
from aspromised.demo.truth.verdicts import (
    Rules,
    check_verdicts,
    clock_verdicts,
    last_moment,
    within_calendar_days,
)
from aspromised.demo.wall import Bools, local_days


@dataclass(frozen=True)
class OracleInput:
    """What a promise is judged on: the tables, the dates that promises change, and the moment."""

    tables: DemoTables
    at: Anchors
    as_of: pd.Timestamp

    def since(self, started: pd.Series, anchor: str) -> Bools:
        """Return whether each start lies on or after an anchor's day."""
        return np.asarray(local_days(started) >= pd.Timestamp(self.at[anchor]))

    def storm(self, table: pd.DataFrame, day: pd.Series) -> Bools:
        """Return the items the winter storm's correction covers."""
        inside = day.between(pd.Timestamp(self.at["storm-from"]), pd.Timestamp(self.at["storm-to"]))
        return np.asarray(inside & (table["region"] == "north"))


Judge = Callable[[OracleInput], pd.DataFrame]


def _items(
    table: pd.DataFrame, key: str, verdict: np.ndarray, day: pd.Series, version: object = 1
) -> pd.DataFrame:
    told = {"id": table[key], "day": day, "version": version, "verdict": verdict}
    return pd.DataFrame(told, index=table.index)


def _counted_on(due: pd.Series, started: pd.Series, promised: Bools) -> pd.Series:
    """Return the local day each item is counted on: when due, or when started where nothing fell due."""
    return local_days(due.where(promised).fillna(started))


def _delivery(
    j: OracleInput, table: pd.DataFrame, due: pd.Series, *,
    excused: bool = True, storm: bool = False, promised: Bools | None = None, version: object = 1,
) -> pd.DataFrame:  # fmt: skip
    """Return the items of a promise about orders delivered, counted on the day due."""
    every = np.ones(len(table), dtype=bool) if promised is None else promised
    day = _counted_on(due, table["ordered_at"], every)
    exempt = table["customer_moved_slot"].to_numpy() if excused else np.zeros(len(table), dtype=bool)
    if storm:
        exempt = exempt | j.storm(table, day)
    verdict = clock_verdicts(
        table["ordered_at"], table["delivered_at"], Rules(due), j.as_of,
        exempt=exempt, promised=every, cancelled=table["cancelled_at"],
    )  # fmt: skip
    return _items(table, "order_id", verdict, day, version)


def two_day_delivery(j: OracleInput, days: int | None = None) -> pd.DataFrame:
    """Return the items of two-day-delivery; with `days`, as if that had been promised all along."""
    table = j.tables["orders"].query("shipping == 'standard'")
    tightened = j.since(table["ordered_at"], "delivery-tightened")
    allowed = pd.Series(np.where(tightened, 2, 3) if days is None else days, index=table.index)
    due = within_calendar_days(table["ordered_at"], allowed)
    promised = j.since(table["ordered_at"], "delivery-promised")
    version = np.where(promised, np.where(tightened, 2, 1), 0)
    return _delivery(j, table, due, storm=True, promised=promised, version=version)


def app_48_hours(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"].query("shipping == 'standard' and channel == 'app'")
    return _delivery(j, table, table["ordered_at"] + pd.Timedelta(hours=48), storm=True)


def next_day_delivery(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"].query("shipping == 'express'")
    return _delivery(j, table, within_calendar_days(table["ordered_at"], 1))


def date_we_gave_you(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"].query("shipping in ('standard', 'express')")
    return _delivery(j, table, last_moment(table["promised_at"]))


def two_person_delivery(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"].query("shipping == 'white-glove'")
    return _delivery(j, table, within_calendar_days(table["ordered_at"], 7), excused=False)


def made_for_you(j: OracleInput) -> pd.DataFrame:
    """Return the items of made-for-you: each within the days quoted for it, of 24 hours."""
    table = j.tables["orders"].query("shipping == 'made-to-measure'")
    quoted = pd.to_timedelta(table["quoted_days"].astype(float), unit="D").astype("timedelta64[us]")
    return _delivery(j, table, table["ordered_at"] + quoted, excused=False)


def order_confirmed(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"]
    due = table["ordered_at"] + pd.Timedelta(minutes=15)
    return _plain(j, table, "order_id", "ordered_at", "confirmed_at", Rules(due, strict=True))


def old_sofa_collected(j: OracleInput) -> pd.DataFrame:
    """Return the items of old-sofa-collected: not promised before its first version."""
    table = j.tables["orders"].query("category == 'sofas'")
    due = within_calendar_days(table["ordered_at"], 5)
    promised = j.since(table["ordered_at"], "recycling-from")
    return _plain(j, table, "order_id", "ordered_at", "old_item_collected_at", Rules(due), promised=promised)


def order_accuracy(j: OracleInput) -> pd.DataFrame:
    table = j.tables["orders"].query("dispatched_at.notna()")
    verdict = check_verdicts(~table["wrong_item"], np.zeros(len(table), dtype=bool))
    return _items(table, "order_id", verdict, local_days(table["dispatched_at"]))


def _ticket_clock(j: OracleInput, table: pd.DataFrame, done: str, length: pd.Timedelta) -> pd.DataFrame:
    rules = Rules(table["opened_at"] + length)
    return _plain(
        j,
        table,
        "ticket_id",
        "opened_at",
        done,
        rules,
        exempt=table["spam"].to_numpy(),
        cancelled="merged_at",
    )


def chat_in_minutes(j: OracleInput) -> pd.DataFrame:
    table = j.tables["tickets"].query("channel == 'chat'")
    return _ticket_clock(j, table, "first_reply_at", pd.Timedelta(minutes=5))


def solved_in_three_days(j: OracleInput) -> pd.DataFrame:
    return _ticket_clock(j, j.tables["tickets"], "resolved_at", pd.Timedelta(days=3))


def tell_us_once(j: OracleInput) -> pd.DataFrame:
    table = j.tables["tickets"]
    kept = (table["re_asks"] == 0) & (table["transfers"] <= 1).astype("boolean")
    return _items(
        table, "ticket_id", check_verdicts(kept, table["spam"].to_numpy()), local_days(table["opened_at"])
    )


def complaint_answered(j: OracleInput) -> pd.DataFrame:
    table = j.tables["complaints"]
    due = within_calendar_days(table["received_at"], 14)
    return _plain(j, table, "complaint_id", "received_at", "answered_at", Rules(due))


def refund_in_five_days(j: OracleInput) -> pd.DataFrame:
    """Return the items of refund-in-five-days, counted on the day asked for; five days since it was tightened."""
    table = j.tables["refunds"]
    tightened = j.since(table["requested_at"], "refund-tightened")
    due = within_calendar_days(table["requested_at"], pd.Series(np.where(tightened, 5, 7), index=table.index))
    items = _plain(j, table, "case_id", "requested_at", "paid_at", Rules(due))
    return items.assign(day=local_days(table["requested_at"]), version=np.where(tightened, 2, 1))


def correct_invoice(j: OracleInput) -> pd.DataFrame:
    table = j.tables["invoices"]
    verdict = check_verdicts(~table["corrected"], np.zeros(len(table), dtype=bool))
    return _items(table, "invoice_id", verdict, local_days(table["issued_at"]))


def two_hour_slot(j: OracleInput) -> pd.DataFrame:
    """Return the items of two-hour-slot: a visit we called off is a broken one."""
    table = j.tables["appointments"]
    return _plain(
        j, table, "appointment_id", "booked_at", "arrived_at", Rules(table["slot_ends_at"]),
        exempt=table["customer_cancelled"].to_numpy(), cancelled="cancelled_by_us_at", cancelled_is="broken",
    )  # fmt: skip


def _plain(
    j: OracleInput, table: pd.DataFrame, key: str, start: str, done: str, rules: Rules, *,
    exempt: Bools | None = None, promised: Bools | None = None,
    cancelled: str | None = None, cancelled_is: str = "exempt",
) -> pd.DataFrame:  # fmt: skip
    """Return the items of a clock promise counted on the day due."""
    nothing = np.zeros(len(table), dtype=bool)
    every = ~nothing if promised is None else promised
    verdict = clock_verdicts(
        table[start], table[done], rules, j.as_of,
        exempt=nothing if exempt is None else exempt, promised=every,
        cancelled=table[cancelled] if cancelled else None, cancelled_is=cancelled_is,
    )  # fmt: skip
    return _items(table, key, verdict, _counted_on(rules.due, table[start], every))


ORACLES: dict[str, Judge] = {
    judge.__name__.replace("_", "-"): judge
    for judge in (
        two_day_delivery, app_48_hours, next_day_delivery, date_we_gave_you, order_confirmed, two_person_delivery,
        made_for_you, old_sofa_collected, order_accuracy, chat_in_minutes, solved_in_three_days,
        tell_us_once, complaint_answered, refund_in_five_days, correct_invoice, two_hour_slot,
    )
}  # fmt: skip
"""What tells the items of each promise, by its id: the function is called as the promise is."""
