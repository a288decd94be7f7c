"""Exempt items added up: by what exempts them and why, and what they would have been."""


def exempt_items(schema: str, chosen: str) -> str:
    """Return a query of exempt items a day, version, exempter and reason, of the items worth seeing for which `chosen` (SQL)
    holds, and how many would be kept, broken and still open, had they counted. Where a row holds counts, its kind tells it."""
    return f"""
        select day, version, exempt_by, reason,
            count(*) as items,
            count(case when otherwise = 'kept' then 1 end) as kept,
            count(case when otherwise = 'broken' then 1 end) as broken,
            count(case when otherwise = 'open' then 1 end) as open
        from {schema}.item where {chosen} and verdict = 'exempt' group by day, version, exempt_by, reason
        """
