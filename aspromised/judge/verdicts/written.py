"""What a promise is asked, in DuckDB's words: written once a plan, for what it is known by and for the tables it fills.

A plan never changes, so what is remembered of one stays true.
"""

from collections.abc import Mapping
from functools import lru_cache

from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.verdict import AsOf, views
from aspromised.sql.templates import render

_PLANS = 8
"""Plans of which texts are remembered: one is judged at a time."""


@lru_cache(maxsize=_PLANS)
def views_written(plan: Plan, as_of: AsOf) -> Mapping[str, str]:
    """Return the queries of `judge.verdicts.verdict.views` as SQL."""
    return {name: render(query) for name, query in views(plan, as_of).items()}


@lru_cache(maxsize=_PLANS)
def scans_written(plan: Plan) -> Mapping[str, str]:
    """Return the queries of `judge.verdicts.rollup.scans` as SQL."""
    return {table: render(query) for table, query in scans(plan).items()}
