"""Counts already added up: so many of so many kept."""

from collections.abc import Mapping

from sqlglot import exp

from aspromised.judge.kinds.kind import AtOneMoment, Rule
from aspromised.sql.templates import tree

_COUNTED = "counted"
"""Stands in the verdict column for a row of counts, some kept and some broken; not a verdict of one item."""


class CountsKind(AtOneMoment):
    """Counts: a row is a day or a period, and has no items."""

    counted_by = ("kept_count", "total_count")
    worth = ("kept_count", "total_count - kept_count")

    def columns(self) -> list[exp.Expr]:
        """Return how many were kept, and out of how many: as told, and as counts, null where a number is none."""
        told = {key: tree("cast(:n as double)", n=self.plan.own[key]) for key in ("kept", "total")}
        return [
            *(number.as_(f"{key}_told") for key, number in told.items()),
            *(tree(_COUNT, n=number, most=_MOST).as_(f"{key}_count") for key, number in told.items()),
        ]

    def unknown(self) -> Mapping[str | exp.Expr, exp.Expr]:
        """Return what leaves a row without a meaning."""
        told = ("kept_told", "total_told")
        return {
            "no time": tree("started is null"),
            "no counts": tree("kept_told is null or total_told is null"),
            "more kept than there are, or less than none": tree("kept_told < 0 or kept_told > total_told"),
            "more than can be counted": tree("total_told > :most", most=_MOST),
            "not a whole number": tree(" or ".join(f"abs({n} - round({n})) > {_WHOLE}" for n in told)),
        }

    def outcome(self, moment: exp.Expr) -> list[Rule]:
        """Return one rule: the row's counts are added up by the rollup."""
        return [(exp.true(), _COUNTED, exp.null())]

    def turns(self) -> list[exp.Expr]:
        """Return when it happened."""
        return [exp.column("started")]

    def judged_columns(self, as_of: int) -> list[exp.Expr]:
        """Return the counts of the row."""
        return [exp.column(name) for name in self.counted_by]

    def count_of(self, column: str, verdict: str) -> exp.Expr:
        """Return what the rows' counts add up to: a row that tells no total is one, whatever becomes of it."""
        return tree(f"cast(sum({_SUMS[column]}) as bigint)")

    def stands_for(self) -> exp.Expr:
        """Return the total of an exempt or unknown row, as it is added up."""
        return tree(f"case verdict when 'exempt' then {_TOTAL} else {_AT_LEAST_ONE} end")

    def tables(self) -> Mapping[str, exp.Expr]:
        """Return exempt items a day, version, exempter and reason: the counts of the exempt rows added up."""
        return {"exempt_daily": tree(_EXEMPT)}

    def story_columns(self) -> list[exp.Expr]:
        """Return the counts of the row."""
        return [exp.column(name) for name in self.counted_by]


_MOST = 10**15
"""The largest count of a row: as many as a number with decimals tells exactly."""
_WHOLE = "0.000001"
"""How far a count that was computed, a share of a total, may be from the whole number it means."""
_COUNT = (
    f"case when :n between 0 and :most and abs(:n - round(:n)) <= {_WHOLE} then cast(round(:n) as bigint) end"
)

_TOTAL = "coalesce(total_count, 1)"
"""What a row is counted as of which nothing need be known; one that tells no total is one."""
_AT_LEAST_ONE = "coalesce(greatest(total_count, 1), 1)"
"""What a row is counted as that nobody can judge: never nothing."""

_SUMS = {
    "kept": "case when verdict = 'counted' then kept_count else 0 end",
    "broken": "case when verdict = 'counted' then total_count - kept_count else 0 end",
    "open": "0",
    "exempt": f"case when verdict = 'exempt' then {_TOTAL} else 0 end",
    "unknown": f"case when verdict = 'unknown' then {_AT_LEAST_ONE} else 0 end",
    "not_promised": f"case when verdict = 'not promised' then {_TOTAL} else 0 end",
}

_EXEMPT = f"""
select day, version, exempt_by, reason,
    cast(sum({_TOTAL}) as bigint) as items,
    cast(sum(case when otherwise = 'counted' then kept_count else 0 end) as bigint) as kept,
    cast(sum(case when otherwise = 'counted' then total_count - kept_count else 0 end) as bigint) as broken,
    cast(0 as bigint) as open
from judged where verdict = 'exempt' group by day, version, exempt_by, reason
"""
