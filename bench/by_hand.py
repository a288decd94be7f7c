"""The query an engineer would write for one promise: counts a day and combination of segments."""

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


def query(out: str, days: int = 2, only: str = "true") -> str:
    """Return the query into the table `out`, of a promise within so many calendar days."""
    return _SQL.format(out=out, days=days, only=only, as_of=AS_OF)
