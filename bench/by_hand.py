"""The queries an engineer would write for one promise: counts a day and combination of segments.

`query` is the usual one, by the database's own time-zone functions; `best` the fastest we know: instants are integer
microseconds, the local day a short case over the zone's changes. `floor` only adds up the columns that both read.
"""

AS_OF = "2026-10-01 00:00:00+00"

_SQL = """
create or replace table {out} as
with judged as (
    select
        (timezone('Europe/London', ordered_at)::date + {days}) as day,
        coalesce(region, '(none)') as region,
        channel,
        carrier,
        timezone('Europe/London', (timezone('Europe/London', ordered_at)::date + {days} + 1)::timestamp) as due,
        case when delivered_at <= timestamptz '{as_of}' then delivered_at end as done
    from source.orders
    where ordered_at <= timestamptz '{as_of}' and {only}
)
select
    day, region, channel, carrier,
    count(*) filter (where done < due) as kept,
    count(*) filter (where done >= due or (done is null and due <= timestamptz '{as_of}')) as broken,
    count(*) filter (where done is null and due > timestamptz '{as_of}') as open
from judged
group by all
"""

_BEST = """
create or replace table {out} as
with days as (
    select
        cast((us + case
            when us < 1729990800000000 then 3600000000 -- 27 October 2024
            when us < 1743296400000000 then 0 -- 30 March 2025
            when us < 1761440400000000 then 3600000000 -- 26 October 2025
            when us < 1774746000000000 then 0 -- 29 March 2026
            else 3600000000 end
        ) // 86400000000 as integer) + {days} as day,
        coalesce(region, '(none)') as region, channel, carrier, done
    from (
        select epoch_us(ordered_at) as us, region, channel, carrier,
            case when epoch_us(delivered_at) <= {as_of_us} then epoch_us(delivered_at) end as done
        from source.orders where ordered_at <= timestamptz '{as_of}' and {only}
    )
),
due as (
    select *, (day + 1) * 86400000000 - case -- the day after it begins: 27 October 2024 is day 20023
            when day + 1 < 20024 then 3600000000
            when day + 1 < 20178 then 0
            when day + 1 < 20388 then 3600000000
            when day + 1 < 20542 then 0
            else 3600000000 end as due
    from days
)
select
    date '1970-01-01' + day as day, region, channel, carrier,
    count(case when done < due then 1 end) as kept,
    count(case when due <= {as_of_us} and coalesce(done >= due, true) then 1 end) as broken,
    count(case when due > {as_of_us} and coalesce(done >= due, true) then 1 end) as open
from due
group by day, region, channel, carrier
"""

_FLOOR = """
select sum(epoch_us(ordered_at)), sum(epoch_us(delivered_at)), sum(length(region)), sum(length(channel)), sum(length(carrier))
from source.orders
"""


def query(out: str, days: int = 2, only: str = "true") -> str:
    """Return the usual query into the table `out`, of a promise within so many calendar days."""
    return _SQL.format(out=out, days=days, only=only, as_of=AS_OF)


def best(out: str, days: int = 2, only: str = "true") -> str:
    """Return the fastest query into the table `out`."""
    return _BEST.format(out=out, days=days, only=only, as_of=AS_OF, as_of_us=1790812800000000)


def floor() -> str:
    """Return the sum of the columns."""
    return _FLOOR
