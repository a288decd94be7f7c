"""With how much time left items began and ended, and how they stood on past evenings: what chances of breaking are read off.

One scan of `judged` a clock promise, of the items due in the last seven months and later. Time is what was left on the
promise's own ground; ended is what was done or cancelled, or fell due.
"""

from datetime import UTC, date, datetime, timedelta

from sqlglot import exp, select

from aspromised.declare.model import ClockMeasure
from aspromised.judge.clocks.due import by_version
from aspromised.judge.clocks.elapsed import on_ground
from aspromised.judge.clocks.lateness import bucket
from aspromised.judge.clocks.local_days import DAY_US, LocalDays
from aspromised.judge.planning.plan import Plan
from aspromised.schema.snapshot import segment_column
from aspromised.sql.engine import Engine
from aspromised.sql.templates import first_match, quoted, tree
from aspromised.words.vocabulary import CANCELLED, WHOLE

LEARNT_DAYS = 220
"""How far back the due moments lie that are learnt from: seven whole months."""
EVENINGS = 7
"""The evenings before the day an item falls due that are looked back to."""
NO_START = 9999
"""The bucket of items whose start is not known: they were there from the beginning."""

RECENT, CALLED_OFF = "#recent", "#called_off"
"""Columns of `judged` that only this reads."""


def ending_columns(plan: Plan, moment_us: int) -> list[exp.Expr]:
    """Return the columns of `judged` that this needs: whether it was due recently, and when it was cancelled."""
    span = LEARNT_DAYS * DAY_US
    recent = tree(f"due > :moment - {span}", moment=moment_us).as_(RECENT, quoted=True)
    return [recent, *([exp.column("cancelled").as_(CALLED_OFF, quoted=True)] if _is_cancelled(plan) else [])]


def _is_cancelled(plan: Plan) -> bool:
    return bool(getattr(plan.measure, "cancelled", None))


def time_left(plan: Plan) -> exp.Select:
    """Return items a month due, part of the promise, what they did, and the bucket of what was then left.

    `started`, `done`, `cancelled`, `broken` and `open` tell how each began and ended: every item has one row of the first and
    one of the others. Of those that a cancelling broke, what was left then; of others broken, nothing. `evening …` tells what
    became of those that waited at the end of a local day of the month they fell due in. Where clocks stop, no evening is told: by
    how long they would stop later was not known then.
    """
    names = list(plan.segments)
    own = [quoted(segment_column(name)) for name in names]
    month = tree("ap_first_of_month(ap_date(ap_local_day(due)))")
    of_left = bucket('"#left" / 1e6')
    steps = tree('case when "#at" is null then :never else :bucket end', never=NO_START, bucket=of_left)
    looked = select(month.as_("#day", quoted=True), steps.as_("#bucket", quoted=True), quoted("#what"), *own)
    looked = looked.from_(_placed(plan, own).subquery("placed"))
    parts = " union all ".join(f'select {n} as "#part"' for n in range(len(names) + 1))
    each = (
        select(
            quoted("#day").as_("day"),
            _by_part([exp.convert(WHOLE), *map(exp.convert, names)]).as_("segment"),
            _by_part([exp.convert(WHOLE), *own]).as_("value"),
            quoted("#what").as_("what"),
            quoted("#bucket").as_("bucket"),
        )
        .from_(looked.subquery("looked"))
        .join(tree(parts).subquery("part"), join_type="cross")  # type: ignore[attr-defined]
    )
    keys = ("day", "segment", "value", "what", "bucket")
    places = (exp.convert(number) for number in range(1, len(keys) + 1))
    counted = tree("count(*)").as_("items")
    return select(*keys, counted).from_(each.subquery("each")).group_by(*places)


def _by_part(values: list[exp.Expr]) -> exp.Expr:
    last = len(values) - 1
    return first_match([(tree(f'"#part" = {n}'), each) for n, each in enumerate(values[:-1])], values[last])


def _placed(plan: Plan, own: list[exp.Column]) -> exp.Select:
    """Add what was left on the promise's own ground at each moment looked at."""

    def left(measure: ClockMeasure) -> exp.Expr:
        ground = plan.ground_of(measure)
        return tree(":due - :at", due=on_ground(ground, "due"), at=on_ground(ground, '"#at"'))

    placed = by_version(plan, left).as_("#left", quoted=True)
    return select("due", quoted("#at"), quoted("#what"), *own, placed).from_(
        _looked_at(plan, own).subquery("looked_at")
    )


def _looked_at(plan: Plan, own: list[exp.Column]) -> exp.Select:
    """Return each item at its start, its end and on the evenings between; `#what` is what it did or was to do."""
    turns = range(2 if plan.runs_and_stops and plan.paused else EVENINGS + 2)
    numbers = " union all ".join(f'select {n} as "#turn"' for n in turns)
    evening = 'ap_day_start(ap_local_day(due) + 2 - "#turn")'
    at = tree(f'case "#turn" when 0 then started when 1 then "#ended" else {evening} end')
    what = tree("""case "#turn" when 0 then 'started' when 1 then "#how" else 'evening ' || "#how" end""")
    turned = (
        select("version", "due", "started", quoted("#how"), quoted("#ended"), quoted("#turn"), *own)
        .select(at.as_("#at", quoted=True), what.as_("#what", quoted=True))
        .from_(_ended(plan, own).subquery("ended"))
        .join(tree(numbers).subquery("turn"), join_type="cross")  # type: ignore[attr-defined]
    )
    was_open = tree(
        """
        "#turn" < 2 or (
            "#how" <> 'open' and started < "#at" and "#ended" >= "#at"
            and ap_first_of_month(ap_date(ap_local_day("#at" - 1))) = ap_first_of_month(ap_date(ap_local_day(due)))
        )
        """
    )
    return (
        select("version", "due", quoted("#at"), quoted("#what"), *own)
        .from_(turned.subquery("turned"))
        .where(was_open)
    )


def _ended(plan: Plan, own: list[exp.Column]) -> exp.Select:
    """Return the items that count, and those cancelled: how each ended and when, at the latest when it fell due."""
    done: list[tuple[exp.Expr, exp.Expr]] = [
        (tree("verdict = 'open'"), tree("due + late_us")),
        (tree("verdict = 'kept'"), exp.column("done")),
    ]
    how: list[tuple[exp.Expr, exp.Expr]] = [
        (tree("verdict = 'open'"), exp.convert("open")),
        (tree("verdict = 'kept'"), exp.convert("done")),
    ]
    counts = "verdict in ('kept', 'broken', 'open')"
    if _is_cancelled(plan):
        counts = f"({counts} or exempt_by = 'cancelled')"
        of = quoted(CALLED_OFF)
        by_it = tree("exempt_by = 'cancelled' or reason is not distinct from :cancelled", cancelled=CANCELLED)
        done.append((by_it, tree("least(:of, due)", of=of)))
        how.append((tree("exempt_by = 'cancelled' and :of <= due", of=of), exp.convert("cancelled")))
    return (
        select("version", "due", "started", *own)
        .select(first_match(how, exp.convert("broken")).as_("#how", quoted=True))
        .select(first_match(done, exp.column("due")).as_("#ended", quoted=True))
        .from_("judged")
        .where(tree(f'not due is null and "{RECENT}" and {counts}'))
    )


def forget_what_is_old(con: Engine, schema: str, plan: Plan, moment_us: int, days: LocalDays) -> None:
    """Leave in `left_monthly` the months of which all items are known, and those to come."""
    oldest = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment_us, days=-LEARNT_DAYS)
    day = oldest.astimezone(days.zone).date()
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    con.run(f"delete from {schema}.left_monthly where promise_id = ? and day < ?", [plan.promise_id, first])
