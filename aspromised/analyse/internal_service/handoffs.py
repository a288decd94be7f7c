"""What chains say of one internal supplier and one internal customer: what passes between them, how it went, which items were late."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window

_EXAMPLES = 5


@dataclass(frozen=True)
class Passing:
    """One stage that a supplier does for a customer, over a window, and what the customer needs to go on."""

    chain_id: str
    stage: str
    budget: str
    delivers: tuple[str, ...]
    needs: tuple[str, ...]
    """The inputs of the stage that comes next, where the customer does it."""
    review_by: date | None
    """When the handoff, or else its chain, is to be looked at again."""
    done: int
    late: int
    """Those of them over the budget."""
    accepted: int
    refused: int
    inputs_met: int
    inputs_unmet: int


@dataclass(frozen=True)
class LateShare:
    """What a supplier's stages for a customer had of the lateness of a promise's late items, in seconds."""

    promise_id: str
    claim: str
    items: int
    seconds: float
    examples: tuple[str, ...]
    """The ids of the items with the largest share, largest first."""


def passings(snapshot: Queryable, supplier: str, customer: str, window: Window) -> tuple[Passing, ...]:
    """Return the stages that a supplier does for a customer, of cases that began in the window; none where no chain has one."""
    rows = snapshot.query(
        """
        with pair as (
            select s.chain_id, s.position, s.stage, s.budget, s.delivers, coalesce(s.review_by, c.review_by) as review_by,
                coalesce(n.requires, []) as needs, n.position as next_position
            from chain_stage s join chain c using (chain_id)
            left join chain_stage n on n.chain_id = s.chain_id and n.position = s.position + 1 and n.supplier = $customer
            where s.supplier = $supplier and s.customer = $customer
        ), cells as (
            select chain_id, position, sum(done) as done, sum(late_done) as late, sum(accepted) as accepted, sum(refused) as refused
            from stage_cell where day between $first and $last group by all
        ), inputs as (
            select chain_id, position, sum(met) as met, sum(unmet) as unmet
            from input_daily where day between $first and $last group by all
        )
        select p.*, coalesce(c.done, 0)::bigint as done, coalesce(c.late, 0)::bigint as late,
            coalesce(c.accepted, 0)::bigint as accepted, coalesce(c.refused, 0)::bigint as refused,
            coalesce(i.met, 0)::bigint as met, coalesce(i.unmet, 0)::bigint as unmet
        from pair p left join cells c using (chain_id, position)
        left join inputs i on i.chain_id = p.chain_id and i.position = p.next_position
        order by p.chain_id, p.position
        """,
        {"supplier": supplier, "customer": customer, **window.parameters},
    )
    return tuple(
        Passing(
            row.chain_id, row.stage, row.budget if isinstance(row.budget, str) else "", tuple(row.delivers), tuple(row.needs),
            None if pd.isna(row.review_by) else pd.Timestamp(row.review_by).date(), int(row.done), int(row.late),
            int(row.accepted), int(row.refused), int(row.met), int(row.unmet),
        )
        for row in rows.itertuples()
    )  # fmt: skip


def late_shares(snapshot: Queryable, supplier: str, customer: str, window: Window) -> tuple[LateShare, ...]:
    """Return what a supplier's stages for a customer had of the lateness of late items, by promise, the most first."""
    rows = snapshot.query(
        """
        with own as (
            select promise_id, item_id, sum(late_us) as late_us from late_stage
            where (chain_id, position) in (
                select (chain_id, position) from chain_stage where supplier = $supplier and customer = $customer
            ) and day between $first and $last group by all
        )
        select promise_id, claim, count(*)::bigint as items, sum(late_us)::double / 1e6 as seconds,
            coalesce(arg_max(item_id, (late_us, item_id), $most) filter (where late_us > 0), []) as examples
        from own join promise using (promise_id) group by all order by seconds desc, promise_id
        """,
        {"supplier": supplier, "customer": customer, "most": _EXAMPLES, **window.parameters},
    )
    return tuple(
        LateShare(
            row.promise_id, row.claim, int(row.items), float(row.seconds), tuple(map(str, row.examples))
        )
        for row in rows.itertuples()
    )


def unfunded(snapshot: Queryable, window: Window) -> pd.DataFrame:
    """Return the promises whose chain's budgets exceed them, with who makes them: promise_id, claim, made_by, chain_id."""
    return snapshot.query(
        """
        select distinct promise_id, claim, made_by, l.chain_id
        from late_stage l join promise using (promise_id)
        where position = -1 and late_us > 0 and day between $first and $last
        order by promise_id
        """,
        dict(window.parameters),
    )
