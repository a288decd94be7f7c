"""A refresh in miniature, run as a process of its own so that a test can kill it."""

from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from aspromised.judge import expression
from aspromised.store.snapshot import publish
from aspromised.store.sources import load_sources
from aspromised.store.warehouse import writing
from tests.store.shop import Shop


def refresh(shop: Shop) -> Path:
    """Load everything again and publish it."""

    def fill(con: duckdb.DuckDBPyConnection, schema: str) -> None:
        con.execute(f"create table {schema}.orders as select * from source.orders")
        con.execute(
            f"create table {schema}.meta as select 'rows' as key, count(*)::varchar as value from source.orders"
        )

    with writing(shop.workspace) as con:
        load_sources(con, shop.workspace, guards=expression, force=True)
        return publish(con, shop.workspace, fill)


def orders(root: Path) -> Shop:
    """Return a shop whose one source is `orders`."""
    shop = Shop(root)
    shop.source("orders", files="orders.csv", key="id", must=["n >= 0"])
    return shop


def refresh_for_ever(root: Path, ready: Event) -> None:
    """Refresh again and again until killed."""
    ready.set()
    while True:
        refresh(orders(root))
