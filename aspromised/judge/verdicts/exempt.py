"""Exempt items added up: by what exempts them and why, and what they would have been."""

from sqlglot import exp

from aspromised.sql.templates import tree


def exempt_counts() -> exp.Expr:
    """Return exempt items a day, version, exempter and reason, over `judged` of rows that hold counts."""
    return tree(
        """
        select day, version, exempt_by, reason,
            cast(sum(coalesce(total_count, 1)) as bigint) as items,
            cast(sum(case when otherwise = 'counted' then kept_count else 0 end) as bigint) as kept,
            cast(sum(case when otherwise = 'counted' then total_count - kept_count else 0 end) as bigint) as broken
        from judged where verdict = 'exempt' group by day, version, exempt_by, reason
        """
    )


def exempt_items(schema: str, chosen: str) -> str:
    """Return the same of the items worth seeing for which `chosen` (SQL) holds: kept and broken, had they counted."""
    return f"""
        select day, version, exempt_by, reason,
            count(*) as items,
            count(case when otherwise = 'kept' then 1 end) as kept,
            count(case when otherwise = 'broken' then 1 end) as broken
        from {schema}.item where {chosen} and verdict = 'exempt' group by day, version, exempt_by, reason
        """
