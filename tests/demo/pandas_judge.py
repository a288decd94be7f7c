"""A second judge, in pandas: reads a demo workspace's own files and YAML and returns every item's verdict.

It shares no code with the package. Lengths, columns, versions and corrections come from the YAML; only the authors'
SQL expressions are written again here, as Python. Anything the product says of an item can be held against it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from python_calamine import CalamineWorkbook

ZONE = "Europe/London"
Mask = Callable[[pd.DataFrame], pd.Series]

ONLY: dict[str, Mask] = {
    "shipping = 'standard'": lambda t: t["shipping"] == "standard",
    "shipping = 'standard' and channel = 'app'": lambda t: (
        (t["shipping"] == "standard") & (t["channel"] == "app")
    ),
    "shipping = 'express'": lambda t: t["shipping"] == "express",
    "shipping in ('standard', 'express')": lambda t: t["shipping"].isin(["standard", "express"]),
    "shipping = 'white-glove'": lambda t: t["shipping"] == "white-glove",
    "shipping = 'made-to-measure'": lambda t: t["shipping"] == "made-to-measure",
    "category = 'sofas'": lambda t: t["category"] == "sofas",
    "dispatched_at is not null": lambda t: t["dispatched_at"].notna(),
    "channel = 'chat'": lambda t: t["channel"] == "chat",
    "region = 'north'": lambda t: t["region"] == "north",
}
EXEMPT: dict[str, Mask] = {
    "customer_moved_slot": lambda t: t["customer_moved_slot"].astype("boolean").fillna(False),
    "spam": lambda t: t["spam"].astype("boolean").fillna(False),
    "customer_cancelled": lambda t: t["customer_cancelled"].astype("boolean").fillna(False),
}
KEPT_WHEN: dict[str, Mask] = {
    "not wrong_item": lambda t: ~t["wrong_item"].astype("boolean"),
    "re_asks = 0 and transfers <= 1": lambda t: (
        t["re_asks"].eq(0).astype("boolean").mask(t["re_asks"].isna())
        & t["transfers"].le(1).astype("boolean")
    ),
    "not corrected": lambda t: ~t["corrected"].astype("boolean"),
}
NOT_JUDGED_HERE = ("business", "terms")


def moment_of(day: str) -> pd.Timestamp:
    """Return the last microsecond of a local day."""
    return (pd.Timestamp(day) + pd.Timedelta(days=1)).tz_localize(ZONE) - pd.Timedelta(microseconds=1)


def judge(root: Path, as_of: str, on: str | None = None) -> dict[str, pd.DataFrame]:
    """Return item_id, day, version and verdict of each promise of kind check, or clock in exact or calendar time.

    `as_of` is the last local day known. Items not promised have the verdict 'not_promised' and version 0.
    `on` is the day they are counted on, `due` or `started`, whatever is declared.
    """
    declared = [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted((root / "promises").glob("*.yaml"))
    ]
    promises = {name: p for file in declared for name, p in (file.get("promises") or {}).items()}
    corrections = [c for file in declared for c in (file.get("corrections") or {}).values()]
    sources = {name: read(root / "data") for name, read in READERS.items()}
    return {
        name: _judge_one(
            {**promise, "counted": on or promise.get("counted")},
            sources,
            [c for c in corrections if name in c["promises"]],
            moment_of(as_of),
        )
        for name, promise in promises.items()
        if _judged_here(promise["measure"])
    }


def _judged_here(measure: dict[str, Any]) -> bool:
    if "kept_when" in measure:
        return True
    return (
        "done" in measure
        and "cut_off" not in measure
        and not any(word in str(measure.get("within")) for word in NOT_JUDGED_HERE)
    )


def _judge_one(
    promise: dict[str, Any],
    sources: dict[str, pd.DataFrame],
    corrections: list[dict[str, Any]],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    measure = promise["measure"]
    table = sources[measure["items"]]
    if "only" in measure:
        table = table[ONLY[measure["only"]](table)]
    start = table[measure.get("started") or measure["at"]]
    table, start = table[~(start > as_of)], start[~(start > as_of)]
    version, limits = _versions(promise, measure, start)
    out = pd.DataFrame({"item_id": table[measure["id"]], "version": version})
    due = _due(table, start, version, limits) if "done" in measure else start
    out["day"] = _day(start if promise.get("counted") == "started" else due.fillna(start))
    out["verdict"] = (
        _clock(measure, table, start, due, as_of) if "done" in measure else _check(measure, table)
    )
    excused = pd.Series(False, index=table.index)
    for rule in measure.get("exempt", []):
        excused |= EXEMPT[rule["when"]](table).astype(bool)
    for one in corrections:
        inside = out["day"].between(pd.Timestamp(one["from"]), pd.Timestamp(one["to"]))
        excused |= inside & (ONLY[one["only"]](table) if "only" in one else True)
    out.loc[excused, "verdict"] = "exempt"
    out.loc[version == 0, "verdict"] = "not_promised"
    return out.reset_index(drop=True)


def _day(moments: pd.Series) -> pd.Series:
    return moments.dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()


def _versions(
    promise: dict[str, Any], measure: dict[str, Any], start: pd.Series
) -> tuple[pd.Series, dict[int, dict[str, Any]]]:
    """Return the number of the version in force when each item started (0: none), and each version's limit."""
    limit = {key: measure[key] for key in ("within", "less_than", "by") if key in measure}
    versions = sorted(promise.get("versions", []), key=lambda v: str(v["from"]))
    if not versions:
        return pd.Series(1, index=start.index), {1: limit}
    number, limits = pd.Series(0, index=start.index), {}
    for count, version in enumerate(versions, start=1):
        number[(_day(start) >= pd.Timestamp(version["from"])) | start.isna()] = count
        own = {key: version[key] for key in ("within", "less_than", "by") if key in version}
        limits[count] = own or limit
    return number, limits


def _due(
    table: pd.DataFrame, start: pd.Series, version: pd.Series, limits: dict[int, dict[str, Any]]
) -> pd.Series:
    due = start.where(start.isna())
    for number, limit in limits.items():
        rows = version == number
        due[rows] = _due_of(table[rows], start[rows], limit)
    return due


def _due_of(table: pd.DataFrame, start: pd.Series, limit: dict[str, Any]) -> pd.Series:
    if "by" in limit:
        given = table[limit["by"]]
        return given if given.dt.tz is not None else _end_of(given)
    if isinstance(limit.get("within"), dict):
        return start + pd.to_timedelta(table[limit["within"]["column"]].astype("Float64"), unit="D").astype(
            "timedelta64[us]"
        )
    amount, unit = str(limit.get("within") or limit["less_than"]).split(" ", 1)
    if unit.rstrip("s") == "calendar day":
        return _end_of(_day(start) + pd.Timedelta(days=int(amount)))
    due = start + pd.Timedelta(float(amount), unit=unit.rstrip("s"))
    return due - pd.Timedelta(microseconds=1) if "less_than" in limit else due


def _end_of(days: pd.Series) -> pd.Series:
    return (days + pd.Timedelta(days=1)).dt.tz_localize(ZONE) - pd.Timedelta(microseconds=1)


def _clock(
    measure: dict[str, Any], table: pd.DataFrame, start: pd.Series, due: pd.Series, as_of: pd.Timestamp
) -> pd.Series:
    """Return clock verdicts, the weakest claim first and each stronger one written over it."""
    done = table[measure["done"]]
    done = done.mask(done > as_of)
    verdict = pd.Series("open", index=table.index)
    verdict[due <= as_of] = "broken"
    verdict[done.notna()] = "broken"
    verdict[done <= due] = "kept"
    verdict[start.isna() | due.isna() | (done < start)] = "unknown"
    if "cancelled" in measure:
        called_off = table[measure["cancelled"]]
        called_off = called_off.mask(called_off > as_of)
        verdict[called_off.notna() & (done.isna() | (done > called_off))] = measure.get(
            "if_cancelled", "exempt"
        )
    return verdict


def _check(measure: dict[str, Any], table: pd.DataFrame) -> pd.Series:
    kept = KEPT_WHEN[measure["kept_when"]](table)
    return kept.map({True: "kept", False: "broken"}).astype(object).where(kept.notna(), "unknown")


def _orders(data: Path) -> pd.DataFrame:
    whole = pd.concat([pd.read_parquet(path) for path in sorted((data / "orders").glob("*.parquet"))])
    for column in ("promised_at", "originally_promised_at"):
        whole[column] = pd.to_datetime(whole[column])
    backwards = whole["delivered_at"] < whole["ordered_at"]
    sound = whole[whole["ordered_at"].notna() & ~backwards & (whole["lines"] > 0)]
    return sound.sort_values("updated_at").drop_duplicates("order_id", keep="last").reset_index(drop=True)


def _tickets(data: Path) -> pd.DataFrame:
    text = pd.read_csv(data / "tickets.csv", dtype=str, keep_default_na=False, na_values=["NA"])
    readable = pd.Series(True, index=text.index)
    for column in ("opened_at", "first_reply_at", "resolved_at", "merged_at"):
        moment = pd.to_datetime(text[column], format="%d/%m/%Y %H:%M", errors="coerce").dt.tz_localize(ZONE)
        readable &= moment.notna() | text[column].isna()
        text[column] = moment
    for column in ("transfers", "re_asks"):
        text[column] = pd.to_numeric(text[column]).astype("Int64")
    text["spam"] = text["spam"] == "True"
    return text[readable & (text["transfers"] >= 0)].reset_index(drop=True)


def _complaints(data: Path) -> pd.DataFrame:
    rows = [json.loads(line) for line in (data / "complaints.jsonl").read_text("utf-8").splitlines()]
    table = pd.DataFrame(rows)
    for column in ("received_at", "reviewed_at", "answered_at"):
        table[column] = pd.to_datetime(table[column], utc=True).dt.tz_convert(ZONE)
    return table[table["received_at"].notna()].reset_index(drop=True)


def _invoices(data: Path) -> pd.DataFrame:
    table = pd.read_parquet(data / "invoices.parquet")
    table["issued_at"] = table["issued_at"].dt.tz_localize("UTC")
    return table[table["amount_gbp"] >= 0].reset_index(drop=True)


def _refunds(data: Path) -> pd.DataFrame:
    table = pd.read_parquet(data / "refunds.parquet")
    return table[table["amount_gbp"] > 0].reset_index(drop=True)


def _appointments(data: Path) -> pd.DataFrame:
    head, *rows = (
        CalamineWorkbook.from_path(str(data / "appointments.xlsx")).get_sheet_by_index(0).to_python()
    )
    table = pd.DataFrame(rows, columns=[str(name) for name in head])
    for column in ("booked_at", "slot_starts_at", "slot_ends_at", "arrived_at", "cancelled_by_us_at"):
        moments = pd.to_datetime(table[column].replace("", None), errors="raise").astype("datetime64[us]")
        table[column] = moments.dt.tz_localize(ZONE)
    return table[table["slot_ends_at"] > table["slot_starts_at"]].reset_index(drop=True)


READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "orders": _orders,
    "tickets": _tickets,
    "complaints": _complaints,
    "invoices": _invoices,
    "refunds": _refunds,
    "appointments": _appointments,
}
