"""One item as the judge's own SQL sees it: its row with every step's result, its pauses, its calendar's doors, its terms.

Nothing is computed a second time: the queries end where the verdict's query passes through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlglot import exp, select

from aspromised.judge.clocks.business_clock import NamedQuery, begins_in_time, offered
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Ground, Plan
from aspromised.judge.verdicts.verdict import AsOf, corrected, segment_told, verdict_steps
from aspromised.sql.engine import Engine
from aspromised.sql.templates import first_match, identifier, quoted, render, tree

_ALWAYS = (
    "item_id", "version", "started", "due", "done", "cancelled", "late_us",
    "verdict", "reason", "exempt_by", "otherwise",
)  # fmt: skip
TraceRow = dict[str, Any]


@dataclass(frozen=True)
class PauseSeen:
    """A pause of an item, overlapping ones as one; instants in µs UTC, `covered_us` on the clock's own ground."""

    from_us: int
    to_us: int
    covered_us: int
    parts: int
    counts: bool
    """Whether it began before the clock had run out."""


def traced(plan: Plan, as_of: AsOf) -> exp.Select:
    """Return a query of one row an item: what was judged of it and, of a clock, how far it had run (`own_clock.run_steps`)."""
    kind = kind_of(plan)
    steps = [*verdict_steps(plan, as_of), *kind.story_steps(as_of.moment_us)]
    last = steps[-1][0]
    held = [(corrected(number, rule), number) for number, rule in enumerate(plan.corrections)]
    others = [
        tree("ap_date(day)").as_("day"),
        first_match(held, tree("cast(null as integer)")).as_("correction"),
        *(segment_told(name).as_(f"segment {n}", quoted=True) for n, name in enumerate(plan.segments)),
    ]
    return _with(steps, select(*_ALWAYS, *kind.story_columns(), *others).from_(last))


def trace(con: Engine, plan: Plan, as_of: AsOf, item_id: str) -> TraceRow | None:
    """Return the row of one item of `traced`, or None where it has none."""
    rows = _rows(con, _of_item(traced(plan, as_of), plan, item_id))
    return rows[0] if rows else None


def count_rows(con: Engine, plan: Plan, as_of: AsOf, day: date) -> list[TraceRow]:
    """Return the rows of counts of a day, most first."""
    query = traced(plan, as_of).where(tree("ap_date(day) = cast(:day as date)", day=day.isoformat()))
    return _rows(con, query.order_by("total_count desc nulls last"))


def counted_day(con: Engine, plan: Plan, as_of: AsOf, near: date = date.max) -> date | None:
    """Return the day with counts that is nearest to `near`, else the newest; None where there are none."""
    query = traced(plan, as_of).select(tree("ap_date(day)").as_("day"), append=False).distinct()
    days = [row["day"] for row in _rows(con, query.where(tree("day is not null")))]
    return min(days, key=lambda each: abs(each - near), default=None)


def matter_of(con: Engine, plan: Plan, row: TraceRow) -> tuple[TraceRow, str | None]:
    """Return what makes an item the matter it is, and the id of the item that brought it up again, if one did."""
    kind, item_id = kind_of(plan), str(row["item_id"])
    matter = _values(con, plan, item_id, kind.matter)
    if row["again_at"] is None:
        return matter, None
    alike = [tree("cast(:c as varchar) = :v", c=quoted(name), v=value) for name, value in matter.items()]
    query = (
        select(tree("cast(:id as varchar)", id=quoted(kind.identity or "")).as_("id"))
        .from_(f"source.{identifier(plan.source)}")
        .where(*alike, tree(":at = :again", at=kind.started(), again=row["again_at"]))
        .where(tree("not :same", same=exp.paren(_is_item(plan, item_id))), *([plan.only.copy()] if plan.only is not None else []))
        .order_by("id").limit(1)
    )  # fmt: skip
    found = _rows(con, query)
    return matter, found[0]["id"] if found else None


def pauses(con: Engine, plan: Plan, as_of: AsOf, item_id: str, ground: Ground) -> list[PauseSeen]:
    """Return an item's pauses from its clock's start on, in order."""
    if not plan.paused:
        return []
    k = ground.number
    found = tree(
        f"""
        select paused_from as from_us, paused_to as to_us, ended - begun as covered_us, parts,
            coalesce({begins_in_time(ground)}, false) as counts
        from ordered_{k} join verdicts using (item_id) join piled using (item_id, paused_from)
        order by paused_from
        """
    )
    piled = tree(
        "select item_id, min(paused_from) as paused_from, count(*) as parts from islands group by item_id, island"
    )
    assert isinstance(found, exp.Select)
    query = _with([*verdict_steps(plan, as_of), ("piled", piled)], found)
    return [PauseSeen(**row) for row in _rows(con, _of_item(query, plan, item_id))]


def opening_moments(con: Engine, ground: Ground, from_us: int, until_us: int) -> list[tuple[int, bool]]:
    """Return when the calendar opens (true) and closes (false), after `from_us` and before `until_us`, in µs UTC."""
    width = ground.slot_us
    found: list[tuple[int, bool]] = con.run(
        f"""
        select slot * {width}, is_open
        from (
            select slot, is_open, lag(is_open) over (order by slot) as before
            from {ground.table("slots")}
            where slot between ? // {width} - 1 and ? // {width} + 1
        )
        where is_open <> before and slot * {width} > ? and slot * {width} < ?
        order by slot
        """,
        [from_us, until_us, from_us, until_us],
    )
    return found


def is_open_day(con: Engine, ground: Ground, instant_us: int) -> bool:
    """Return whether the calendar opens at all on the instant's day, in the calendar's own zone."""
    sql = f"select is_open from {ground.table('days')} where day = local_day{ground.suffix}(?)"
    return bool(con.run(sql, [instant_us]) == [(True,)])


def sold(con: Engine, plan: Plan, as_of: AsOf, item_id: str) -> TraceRow | None:
    """Return the terms an item is judged by: number, sold_from, sold_until (µs), sold_by, sold_on; None without any."""
    if plan.terms is None:
        return None
    has = plan.tables[plan.terms.terms]
    extra = {
        name: quoted(column) if column and column in has else exp.null()
        for name, column in (("sold_by", plan.terms.sold_by), ("sold_on", plan.terms.sold_on))
    }
    steps = [
        (name, offered(plan, plan.terms, as_of.moment_us, extra) if name == "offered" else step)
        for name, step in verdict_steps(plan, as_of)
    ]
    found = tree(
        """
        select sold as number, sold_from, sold_until, cast(offered.sold_by as varchar) as sold_by, cast(offered.sold_on as varchar) as sold_on
        from verdicts join offered on sold_to = bought_by and sold_from <= started
        where coalesce(started < sold_until, true) and sold = sold_length
        order by sold_from desc limit 1
        """
    )
    assert isinstance(found, exp.Select)
    rows = _rows(con, _of_item(_with(steps, found), plan, item_id))
    return rows[0] if rows else None


def values_of(con: Engine, plan: Plan, item_id: str, read: exp.Expr) -> TraceRow:
    """Return the item's values of the columns that an expression reads, as text."""
    names = dict.fromkeys(column.name for column in read.find_all(exp.Column) if column.name in plan.columns)
    return _values(con, plan, item_id, list(names))


def _values(con: Engine, plan: Plan, item_id: str, names: Sequence[str]) -> TraceRow:
    if not names:
        return {}
    query = select(*(tree("cast(:a as varchar)", a=quoted(name)).as_(name, quoted=True) for name in names))
    rows = _rows(con, query.from_(f"source.{identifier(plan.source)}").where(_is_item(plan, item_id)))
    return rows[0] if rows else {}


def _of_item(query: exp.Select, plan: Plan, item_id: str) -> exp.Select:
    """Restrict a query to one item: at its first step, unless other items decide about it too."""
    if not kind_of(plan).stands_alone:
        return query.where(tree("cast(item_id as varchar) = :id", id=item_id))
    first = next(step for step in query.ctes if step.alias == "item")
    first.set("this", first.this.where(_is_item(plan, item_id)))
    return query


def _is_item(plan: Plan, item_id: str) -> exp.Expr:
    return tree("cast(:column as varchar) = :id", column=quoted(getattr(plan.measure, "id", "")), id=item_id)


def _with(steps: list[NamedQuery], query: exp.Select) -> exp.Select:
    for name, step in steps:
        query = query.with_(name, step)
    return query


def _rows(con: Engine, query: exp.Select) -> list[TraceRow]:
    return con.records(render(query, pretty=False))
