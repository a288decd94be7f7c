"""How early or late items were done, in buckets: a query over the view `judged`."""

from sqlglot import exp, select

from aspromised.sql.templates import tree
from aspromised.words.vocabulary import WHOLE

LOG_BUCKET = 0.04879016416943200306
"""Width of a lateness bucket: the natural logarithm of 1.05."""

IN_TIME = -9999
"""The bucket of all that was kept in a segment: by how much it was early is told of the whole only."""


def lateness_buckets() -> exp.Select:
    """Return done items a day, version and bucket of lateness, and those of them kept, in one scan of `judged`.

    In bucket 0 some may be kept and some a moment late; done in time but cancelled before, an item is not kept. Broken for
    being cancelled, with nothing due, it is neither early nor late and in no bucket. The bucket is signed and logarithmic
    (LOG_BUCKET), negative before due.
    """
    keys = [exp.column(name) for name in ("day", "version", "bucket")]
    bucketed = (
        select("day", "version", "verdict", bucket("late_us / 1e6").as_("bucket"))
        .from_("judged")
        .where(_IS_TIMED)
    )
    return (
        select(*keys, exp.convert(WHOLE).as_("segment"), exp.convert(WHOLE).as_("value"))
        .select(
            tree("count(*)").as_("items"), tree("count(case when verdict = 'kept' then 1 end)").as_("kept")
        )
        .from_(bucketed.subquery("judged"))
        .group_by(*keys)
    )


def bucket(seconds: str) -> exp.Expr:
    """Return the bucket of a lateness in seconds, an expression."""
    log = tree(f"cast(floor(ln(abs({seconds})) / :width) as integer)", width=LOG_BUCKET)
    return tree(
        f"case when abs({seconds}) < 1 then 0 when {seconds} < 0 then -1 - :log else 1 + :log end", log=log
    )


_IS_TIMED = tree("verdict in ('kept', 'broken') and not done is null and not due is null")
