"""Tables that follow from a promise's cells and items, for all its days or for those that changed."""

from collections.abc import Iterator

from aspromised.judge.clocks.lateness import IN_TIME, bucket
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.exempt import exempt_items
from aspromised.judge.verdicts.rollup import VERDICT_OF_COUNT
from aspromised.schema.snapshot import segment_column
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, render, text
from aspromised.words.vocabulary import WHOLE

_SUMS = ", ".join(f"cast(sum({column}) as bigint) as {column}" for column in VERDICT_OF_COUNT)


def derive(con: Engine, schema: str, plan: Plan, days: str = "true") -> None:
    """Fill `verdict_daily`, `exempt_daily` and the segments' rows of `lateness_daily` on the days for which `days` (SQL) holds."""
    for statement in derivations(schema, plan, days):
        con.run(statement, {"promise": plan.promise_id})


def derivations(schema: str, plan: Plan, days: str = "true") -> list[str]:
    """Return the statements of `derive`; each takes `promise`."""
    chosen = f"promise_id = $promise and {days}"
    filled = [
        ("verdict_daily", " union all ".join(_daily(schema, plan, chosen)), "segment, day"),
        ("lateness_daily", " union all ".join(_late_in_segments(schema, plan, chosen)), "segment, day"),
        ("exempt_daily", exempt_items(schema, chosen) if kind_of(plan).has_items else "", "day"),
    ]
    return [
        f"insert into {schema}.{table} by name select $promise as promise_id, * from ({query}) order by {order}"
        for table, query, order in filled
        if query
    ]


def _daily(schema: str, plan: Plan, chosen: str) -> Iterator[str]:
    """Yield the whole and then each segment by its values: sums of the cube."""
    parts = [(text(WHOLE), text(WHOLE), "")]
    parts += [(text(name), column, f", {column}") for name, column in _columns(plan)]
    for segment, value, key in parts:
        yield (
            f"select day, version, {segment} as segment, {value} as value, {_SUMS}"
            f" from {schema}.verdict_cell where {chosen} group by day, version{key}"
        )


def _late_in_segments(schema: str, plan: Plan, chosen: str) -> Iterator[str]:
    """Yield what was kept (IN_TIME) and what was done late, by segment; the whole is counted in one scan of its own."""
    if not kind_of(plan).is_timed:
        return
    late = render(bucket("late_seconds"), pretty=False)
    for name, column in _columns(plan):
        keys = f"select day, version, {text(name)} as segment, {column} as value"
        yield (
            f"{keys}, {IN_TIME} as bucket, cast(sum(kept) as bigint) as items, cast(sum(kept) as bigint) as kept"
            f" from {schema}.verdict_cell where {chosen} group by day, version, {column} having sum(kept) > 0"
        )
        yield (
            f"{keys}, {late} as bucket, count(*) as items, 0 as kept from {schema}.item"
            f" where {chosen} and verdict = 'broken' and not done is null and not due is null group by all"
        )


def _columns(plan: Plan) -> list[tuple[str, str]]:
    return [(name, identifier(segment_column(name))) for name in plan.segments]
