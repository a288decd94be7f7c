"""Items to judge, made once and kept: orders with a start, an end, and three things to compare them by."""

from pathlib import Path

import duckdb

CACHE = Path(__file__).parent / "cache"


def parquet(items: int) -> Path:
    """Return a file of so many items over two years, made where it is not there yet."""
    path = CACHE / f"orders_{items}.parquet"
    if path.exists():
        return path
    CACHE.mkdir(exist_ok=True)
    with duckdb.connect() as con:
        con.execute("select setseed(0.42)")
        con.execute(
            f"""
            copy (
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
                        timestamptz '2024-10-01 00:00:00+00' + to_seconds(cast(i * (2 * 365 * 86400.0 / {items}) as bigint)) as ordered_at,
                        0.000001 + (hash(i * 11) % 999983) / 1000000.0 as u,
                        (hash(i * 13) % 999979) / 1000000.0 as v
                    from range({items}) r(i)
                )
            ) to '{path}' (format parquet)
            """
        )
    return path
