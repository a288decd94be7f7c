"""Items to judge, made once from a seed and kept: orders of two years, with a start, an end, and three segments."""

from pathlib import Path

import duckdb

CACHE = Path(__file__).parent / "cache"
DAYS = 730

_SQL = """
select
    i as order_id,
    ordered_at,
    case when hash(i) % 50 > 0 then ordered_at + to_seconds(cast(3600 * 24 * exp(0.7 * sqrt(-2 * ln(u)) * cos(6.2831853 * v)) as bigint)) end as delivered_at,
    ['north', 'south', 'east', 'west', 'middle', null][cast(1 + hash(i * 3) % 6 as bigint)] as region,
    ['web', 'app', 'phone', 'shop'][cast(1 + hash(i * 5) % 4 as bigint)] as channel,
    ['Swift', 'Kestrel', 'Arrow', 'Own van'][cast(1 + hash(i * 7) % 4 as bigint)] as carrier
from (
    select
        i,
        timestamptz '2024-10-01 00:00:00+00' + to_seconds(cast(i * ({days} * 86400.0 / {items}) as bigint)) as ordered_at,
        0.000001 + (hash(i * 11) % 999983) / 1000000.0 as u,
        (hash(i * 13) % 999979) / 1000000.0 as v
    from range({first}, {last}) r(i)
)
"""


def rows(items: int, first: int = 0, last: int | None = None) -> str:
    """Return SQL of the items numbered from `first` up to `last`, of so many over two years."""
    return _SQL.format(items=items, days=DAYS, first=first, last=items if last is None else last)


def parquet(items: int) -> Path:
    """Return a file of so many items over two years, made where it is not there yet."""
    path = CACHE / f"orders_{items}.parquet"
    if not path.exists():
        CACHE.mkdir(exist_ok=True)
        _write(rows(items), path)
    return path


def folder(items: int) -> Path:
    """Return a folder of the same items, a file a month, but for the last day, which stands beside it in a file of its own."""
    path, per_day = CACHE / f"orders_{items}", items // DAYS
    if not (path / "last-day.parquet").exists():
        (path / "orders").mkdir(parents=True, exist_ok=True)
        known = items - per_day
        for month in range(24):
            first, last = month * known // 24, (month + 1) * known // 24
            _write(rows(items, first, last), path / f"orders/{month:02}.parquet")
        _write(rows(items, known, items), path / "last-day.parquet")
    return path


def warehouse(items: int) -> Path:
    """Return a database with the items loaded as a source is."""
    path = CACHE / f"warehouse_{items}.duckdb"
    if not path.exists():
        rows, unfinished = parquet(items), path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with duckdb.connect(str(unfinished)) as con:
            con.execute("create schema source")
            con.execute(f"create table source.orders as select * from '{rows}' order by order_id")
        unfinished.rename(path)
    return path


def _write(sql: str, path: Path) -> None:
    unfinished = path.with_suffix(".unfinished")
    with duckdb.connect() as con:
        con.execute(f"copy ({sql}) to '{unfinished}' (format parquet)")
    unfinished.rename(path)
