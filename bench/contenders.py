"""Who is measured: each prepares, and gives back what to run and time; running returns kept, broken and open."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from aspromised.sql.duckdb import DuckDB
from bench import by_hand
from bench.items import CACHE, parquet, warehouse

Run = Callable[[], tuple[int, ...]]

PROMISES = [(days, only) for days in (1, 2, 3, 4) for only in ("true", *(f"channel = '{c}'" for c in ("web", "app", "phone", "shop")))]  # fmt: skip
"""Twenty promises of one source: four lengths, of all orders and of each channel."""


def connected(items: int) -> DuckDB:
    """Return a connection that reads the items and writes elsewhere, with two threads and the memory of a small machine."""
    limits = {"threads": 2, "memory_limit": "1200MB", "temp_directory": str(CACHE / "spill")}
    con = DuckDB(duckdb.connect(config={**limits, "preserve_insertion_order": False}))
    con.execute(f"attach '{warehouse(items)}' as loaded (read_only)")
    con.execute("set global TimeZone = 'Europe/London'; create schema source")
    con.execute("create view source.orders as select * from loaded.source.orders")
    return con


def _workspace(promises: dict[str, Any]) -> Any:
    from aspromised.declare.model import Company, Promise, Source
    from aspromised.declare.workspace import Workspace

    return Workspace(
        Path("bench"),
        Company(name="Bench", timezone="Europe/London"),
        promises={name: Promise.model_validate(promise) for name, promise in promises.items()},
        sources={"orders": Source(files="orders.parquet", key="order_id")},
    )


def promise(days: int = 2, only: str = "true") -> dict[str, Any]:
    """Return the declaration of one promise."""
    measure = {
        "items": "orders", "id": "order_id", "started": "ordered_at", "done": "delivered_at",
        "within": f"{days} calendar days", "segments": ["region", "channel", "carrier"],
    } | ({} if only == "true" else {"only": only})  # fmt: skip
    return {"claim": "c", "made_by": "m", "kept_by": "k", "target": "95%", "measure": measure}


def _judge(items: int, promises: dict[str, Any], con: DuckDB) -> Run:
    from aspromised.judge.run import judge_into

    workspace, moment = _workspace(promises), datetime.fromisoformat(by_hand.AS_OF)

    def run() -> tuple[int, ...]:
        con.execute("drop schema if exists out cascade; create schema out")
        outcome = judge_into(con, workspace, moment, "out")
        assert all(one.problem is None for one in outcome), outcome
        return _sums(con, "out.verdict_cell")

    return run


def _count(items: int, promises: dict[str, Any], con: DuckDB) -> Run:
    """What the query by hand does and no more: the cube, and its sums by segment."""
    from unittest.mock import patch

    from aspromised.judge.verdicts.rollup import cells
    from aspromised.sql.templates import render

    run = _judge(items, promises, con)

    def counted() -> tuple[int, ...]:
        with patch("aspromised.judge.run.scans_written", lambda plan: {"verdict_cell": render(cells(plan))}):
            return run()

    return counted


def everything(items: int) -> Run:
    """AsPromised: all that a refresh writes of one promise."""
    return _judge(items, {"p": promise()}, connected(items))


def rollup(items: int) -> Run:
    """AsPromised: judging and rollup."""
    return _count(items, {"p": promise()}, connected(items))


def best(items: int) -> Run:
    """The best query by hand: integer microseconds, the zone's changes written out."""
    return _asked(items, by_hand.best)


def hand(items: int) -> Run:
    """The usual query by hand: the database's time-zone functions."""
    return _asked(items, by_hand.query)


def floor(items: int) -> Run:
    """The plain sum of the same columns: the floor of any query that reads them."""
    con = connected(items)
    counted = best(items)()

    def run() -> tuple[int, ...]:
        con.execute(by_hand.floor()).fetchall()
        return counted

    return run


def _asked(items: int, query: Callable[[str], str]) -> Run:
    con = connected(items)

    def run() -> tuple[int, ...]:
        con.execute(query("cells"))
        return _sums(con, "cells")

    return run


def twenty(items: int) -> Run:
    """AsPromised: judging and rollup of twenty promises."""
    promises = {f"p{n}": promise(days, only) for n, (days, only) in enumerate(PROMISES)}
    return _count(items, promises, connected(items))


def twenty_whole(items: int) -> Run:
    """AsPromised: all that a refresh writes of twenty promises."""
    return _judge(
        items, {f"p{n}": promise(days, only) for n, (days, only) in enumerate(PROMISES)}, connected(items)
    )


def twenty_best(items: int) -> Run:
    """Twenty best queries by hand, one after another."""
    con = connected(items)

    def run() -> tuple[int, ...]:
        found = []
        for n, (days, only) in enumerate(PROMISES):
            con.execute(by_hand.best(f"cells_{n}", days, only))
            found.append(_sums(con, f"cells_{n}"))
        return tuple(map(sum, zip(*found, strict=True)))

    return run


def pandas(items: int) -> Run:
    """The same counts by pandas."""
    import pandas as pd

    frame = pd.read_parquet(parquet(items))
    for column in ("ordered_at", "delivered_at"):
        frame[column] = frame[column].dt.tz_convert("Europe/London")
    moment = pd.Timestamp(by_hand.AS_OF)

    def run() -> tuple[int, ...]:
        scope = frame[frame["ordered_at"] <= moment]
        day = scope["ordered_at"].dt.tz_localize(None).dt.normalize()
        due = (day + pd.Timedelta(days=3)).dt.tz_localize("Europe/London")
        done = scope["delivered_at"].where(scope["delivered_at"] <= moment)
        verdict = pd.DataFrame({
            "day": day + pd.Timedelta(days=2), "region": scope["region"].fillna("(none)"), "channel": scope["channel"],
            "carrier": scope["carrier"], "kept": done < due, "open": done.isna() & (due > moment),
        })  # fmt: skip
        verdict["broken"] = ~verdict["kept"] & ~verdict["open"]
        keys = ["day", "region", "channel", "carrier"]
        cells = verdict.groupby(keys, observed=True)[["kept", "broken", "open"]].sum()
        return tuple(int(cells[name].sum()) for name in ("kept", "broken", "open"))

    return run


def polars(items: int) -> Run:
    """The same counts by polars, with two threads."""
    import polars as pl

    frame = pl.read_parquet(parquet(items)).with_columns(
        pl.col("ordered_at", "delivered_at").dt.convert_time_zone("Europe/London")
    )
    moment = pl.lit(datetime.fromisoformat(by_hand.AS_OF)).dt.convert_time_zone("Europe/London")

    def run() -> tuple[int, ...]:
        day = pl.col("ordered_at").dt.replace_time_zone(None).dt.truncate("1d")
        cells = (
            frame.lazy()
            .filter(pl.col("ordered_at") <= moment)
            .with_columns(
                day=day.dt.offset_by("2d"),
                due=day.dt.offset_by("3d").dt.replace_time_zone("Europe/London"),
                done=pl.when(pl.col("delivered_at") <= moment).then(pl.col("delivered_at")),
                region=pl.col("region").fill_null("(none)"),
            )
            .with_columns(
                kept=(pl.col("done") < pl.col("due")).fill_null(False),
                open=pl.col("done").is_null() & (pl.col("due") > moment),
            )
            .group_by("day", "region", "channel", "carrier")
            .agg(
                pl.col("kept").sum(),
                (~pl.col("kept") & ~pl.col("open")).sum().alias("broken"),
                pl.col("open").sum(),
            )
            .collect()
        )
        return tuple(int(cells[name].sum()) for name in ("kept", "broken", "open"))

    return run


def _sums(con: DuckDB, table: str) -> tuple[int, ...]:
    row = con.execute(f"select sum(kept), sum(broken), sum(open) from {table}").fetchall()[0]
    return tuple(map(int, row))
