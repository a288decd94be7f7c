"""Writes the company's tables under data/, each as its system would export it, with its dirty rows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aspromised.demo.company.ledger import with_late_copies
from aspromised.demo.company.world import BuildProgress, World
from aspromised.demo.export import dirt
from aspromised.demo.export.files import write_csv, write_jsonl, write_monthly, write_parquet
from aspromised.demo.export.xlsx import write_xlsx

MINUTES = "%d/%m/%Y %H:%M"
_TICKET_TIMES = ("opened_at", "first_reply_at", "resolved_at", "merged_at")


@dataclass(frozen=True)
class Written:
    """What was written: the files, dirty rows by source and reason, and orders told twice."""

    paths: list[Path]
    dirty: dict[str, dict[str, int]]
    duplicates: dict[str, int]


def write_records(world: World, data: Path, tell: BuildProgress) -> Written:
    """Write every source's files under `data`."""
    data.mkdir(parents=True, exist_ok=True)
    written = Written([], {}, {})
    _orders(world, data, written)
    _tickets(world, data, written)
    for name, write in _PLAIN.items():
        tell(f"writing {name}")
        table, reasons = _dirtied(world, name)
        written.paths.append(write(table, data))
        if reasons:
            written.dirty[name] = reasons
    return written


def _orders(world: World, data: Path, written: Written) -> None:
    rng, clean = world.stream("orders.dirt"), world.tables["orders"]
    told, copies = with_late_copies(rng, clean)
    done = told["delivered_at"].notna()
    kinds: tuple[tuple[str, int, pd.Series, dirt.Spoil], ...] = (
        (
            "delivered_at is null or delivered_at >= ordered_at",
            24,
            done,
            dirt.backwards("ordered_at", "delivered_at"),
        ),
        ("lines > 0", 11, done, dirt.setting(lines=0)),
        ("ordered_at is not null", 5, ~done & told["cancelled_at"].isna(), dirt.setting(ordered_at=None)),
    )
    rows = [
        dirt.spoiled(rng, told, "order_id", among, n, f"X{i}", spoil)
        for i, (_, n, among, spoil) in enumerate(kinds)
    ]
    whole = dirt.mixed_in(rng, told, rows)
    month = whole["ordered_at"].fillna(whole["updated_at"]).dt.strftime("%Y-%m")
    latest = (
        whole.duplicated("order_id", keep=False)
        & whole["delivered_at"].notna()
        & (rng.random(len(whole)) < 0.35)
    )
    month = month.where(~latest, whole["updated_at"].dt.strftime("%Y-%m"))
    days = ("promised_at", "originally_promised_at")
    written.paths.extend(write_monthly(whole, month, data / "orders", days))
    written.dirty["orders"] = {reason: count for reason, count, _, _ in kinds}
    written.duplicates["orders"] = copies


def _tickets(world: World, data: Path, written: Written) -> None:
    rng, table = world.stream("tickets.dirt"), world.tables["tickets"]
    every = pd.Series(True, index=table.index)
    signs, days = dirt.few(12, len(table) // 2), dirt.few(9, len(table) // 2)
    negative = dirt.spoiled(rng, table, "ticket_id", every, signs, "XN", dirt.setting(transfers=-1))
    garbled = dirt.spoiled(rng, table, "ticket_id", every, days, "XD", lambda rows: rows)
    times = dict.fromkeys(_TICKET_TIMES, MINUTES)
    path = write_csv(dirt.mixed_in(rng, table, [negative]), data / "tickets.csv", times, missing="NA")
    extra = write_csv(garbled, data / "tickets.part", times, missing="NA")
    lines = [_with_impossible_day(line) for line in extra.read_text("utf-8").splitlines()[1:]]
    extra.unlink()
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write("".join(f"{line}\n" for line in lines))
    written.paths.append(path)
    written.dirty["tickets"] = {"transfers >= 0": signs, "opened_at is not a timestamp": days}


def _with_impossible_day(line: str) -> str:
    """Return the CSV line with the 31st of February as the day it was opened (the eighth field)."""
    fields = line.split(",")
    fields[7] = "31/02/" + fields[7][6:]
    return ",".join(fields)


def _dirtied(world: World, name: str) -> tuple[pd.DataFrame, dict[str, int]]:
    table = world.tables[name]
    if name not in _DIRT:
        return table, {}
    key, most, reason, spoil = _DIRT[name]
    count = dirt.few(most, len(table))
    rng = world.stream(f"{name}.dirt")
    rows = dirt.spoiled(rng, table, key, pd.Series(True, index=table.index), count, "X", spoil)
    return dirt.mixed_in(rng, table, [rows]), ({reason: count} if count else {})


_DIRT: dict[str, tuple[str, int, str, dirt.Spoil]] = {
    "invoices": ("invoice_id", 8, "amount_gbp >= 0", dirt.setting(amount_gbp=-1.0)),
    "appointments": (
        "appointment_id",
        6,
        "slot_ends_at > slot_starts_at",
        dirt.backwards("slot_starts_at", "slot_ends_at"),
    ),
    "contacts": ("contact_id", 7, "customer_id is not null", dirt.setting(customer_id=None)),
    "complaints": ("complaint_id", 4, "received_at is not null", dirt.setting(received_at=None)),
    "refunds": ("case_id", 5, "amount_gbp > 0", dirt.setting(amount_gbp=0.0)),
    "returns": ("return_id", 3, "order_id is not null", dirt.setting(order_id=None)),
}


def _utc_without_zone(table: pd.DataFrame) -> pd.DataFrame:
    naive = {
        c: table[c].dt.tz_localize(None) for c in table if isinstance(table[c].dtype, pd.DatetimeTZDtype)
    }
    return table.assign(**naive)


def _stores(table: pd.DataFrame, data: Path) -> Path:
    return write_csv(table, data / "store_counts.csv", {"period": "%Y-%m-%d"}, missing="?")


def _ratings(table: pd.DataFrame, data: Path) -> Path:
    return write_csv(table, data / "internal_ratings.csv", {"rated_on": "%Y-%m-%d"})


def _terms(table: pd.DataFrame, data: Path) -> Path:
    return write_csv(
        table,
        data / "sales_commitments.csv",
        dict.fromkeys(("signed_at", "valid_from", "valid_to"), "%Y-%m-%d"),
    )


def _parquet(name: str, *dates: str) -> Callable[[pd.DataFrame, Path], Path]:
    return lambda table, data: write_parquet(table, data / f"{name}.parquet", dates)


_PLAIN: dict[str, Callable[[pd.DataFrame, Path], Path]] = {
    "ticket_pauses": _parquet("ticket_pauses"),
    "contacts": _parquet("contacts"),
    "complaints": lambda table, data: write_jsonl(table, data / "complaints.jsonl"),
    "invoices": lambda table, data: write_parquet(_utc_without_zone(table), data / "invoices.parquet"),
    "refunds": _parquet("refunds"),
    "refund_events": _parquet("refund_events"),
    "claim_events": _parquet("claim_events"),
    "returns": _parquet("returns"),
    "order_holds": _parquet("order_holds"),
    "appointments": lambda table, data: write_xlsx(table, data / "appointments.xlsx"),
    "picking_capacity": _parquet("picking_capacity", "day"),
    "agent_capacity": _parquet("agent_capacity", "day"),
    "stock": _parquet("stock", "day"),
    "store_counts": _stores,
    "sales_commitments": _terms,
    "internal_ratings": _ratings,
}


def last_day(world: World) -> str:
    """Return the last day covered, as ISO text."""
    return str(np.datetime64(world.as_of, "us").astype("datetime64[D]"))
