"""Late minutes with an owner: the lateness of each late item, shared among the stages of its chain, to the microsecond.

A stage's overrun is what it took of the promise's clock less what it might have taken. What it might have is its length in the
plan: the budgets laid one after the other from where the promise's clock began, each from where the one before it ends. So what
closing hours and days counted whole add, they add once, as they do to the promise. Of a stage that was under way when the clock
began: what was left of its budget; of one without a budget, an equal part of what the others' leave of the promise, since a stage
that declares none would else never be late; of one still running when the clock stopped, no more than it took, since it recovered
nothing yet. A stage that the item did not come to, or had left before the clock began, takes no part. Time before the chain began
and after its last end is nobody's stage: it stands in a row of its own (OUTSIDE), without a budget. What the plan ends after what
was promised (UNFUNDED) is late by plan.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aspromised.judge.chains.cases import with_budget
from aspromised.judge.chains.plan import ChainPlan
from aspromised.judge.chains.rollup import CASES, STRETCHES
from aspromised.schema.chains import OUTSIDE, UNFUNDED
from aspromised.stats.shapley import MOST_PLAYERS, lateness_shared
from aspromised.words.vocabulary import CANCELLED

MOST_STAGES = MOST_PLAYERS - 1
LATE = "chain_late_item"
"""The relation of the late items of one promise."""
LATE_CASES = "chain_late_case"
"""The relation of their cases, of a chain read from columns."""


def late_items(schema: str, moment: int) -> str:
    """Return the query of a promise's late items: what its clock had run when it was done, or by the moment."""
    return (
        "select item_id, epoch_us(started) as begins,"
        f" coalesce(epoch_us(done), {moment}) as ends, epoch_us(due) as due_us"
        f" from {schema}.item where promise_id = $promise and verdict = 'broken' and not item_id is null"
        f" and not started is null and not due is null and coalesce(epoch_us(done), {moment}) > epoch_us(due)"
        f" and epoch_us(due) >= epoch_us(started) and reason is distinct from '{CANCELLED}'"
    )


def late_columns(plan: ChainPlan) -> str:
    """Return what of a case is asked of late ones."""
    return ", ".join(["case_id", *(f"{name}_{s.position}" for s in plan.stages for name in "ftnb")])


_WITHIN = "greatest(0, least({to}, ends) - greatest({begin}, begins))"
"""How much of a stretch lies within the promise's clock."""
_TAKES_PART = "{begin} <= ends and ({to} > begins or {begin} >= begins)"
"""Whether any of a stretch does, were it of no length: what ended when the clock began is over."""


def spent_of_columns(plan: ChainPlan) -> str:
    """Return the query of LATE with `spent_i`, `budget_i` and `running_i` of each stage within the promise's clock; null where it
    took no part. Each stage of LATE_CASES has one stretch."""
    parts = []
    for stage in plan.stages:
        i = stage.position
        end = f"(f_{i} + t_{i})"
        takes_part = _TAKES_PART.format(begin=f"f_{i}", to=end)
        parts += [
            f"case when {takes_part} then {_WITHIN.format(begin=f'f_{i}', to=end)} end as spent_{i}",
            f"f_{i}, b_{i}",
            f"coalesce({takes_part} and (n_{i} = 0 or {end} > ends), false) as running_{i}",
        ]
    return _laid(
        plan,
        f"select item_id, begins, ends, due_us, {', '.join(parts)}"
        f" from {LATE} as late left join {LATE_CASES} as c on c.case_id = late.item_id",
    )


def spent_of_log(plan: ChainPlan) -> str:
    """Return the same of cases from a log, with the stretches of STRETCHES added up."""
    parts = []
    for stage in plan.stages:
        i = stage.position
        own = f"filter (where position = {i} and {_TAKES_PART.format(begin='from_us', to='to_us')})"
        parts += [
            f"cast(sum({_WITHIN.format(begin='from_us', to='to_us')}) {own} as bigint) as spent_{i}",
            f"any_value(f_{i}) as f_{i}, any_value(b_{i}) as b_{i}",
            f"coalesce(bool_or(is_running or to_us > ends) {own}, false) as running_{i}",
        ]
    of_case = ", ".join(f"f_{s.position}, b_{s.position}" for s in plan.stages)
    return _laid(
        plan,
        f"select item_id, begins, ends, due_us, {', '.join(parts)} from ("
        f"select late.*, position, from_us, to_us, is_running, {of_case} from {LATE} as late"
        f" left join {CASES} as c on c.case_id = late.item_id left join {STRETCHES} as t on t.case_id = late.item_id)"
        f" group by item_id, begins, ends, due_us",
    )


def _laid(plan: ChainPlan, spent: str) -> str:
    """Return the query of `spent` with `budget_i`: how long each stage may take by the plan, null where it takes no part or has no
    budget. `plan_i` is where the plan stands after a stage: the next begins there, on its own calendar."""
    query = f"select *, begins as plan_0 from ({spent}) as spent"
    for stage in plan.stages:
        i = stage.position
        before = f"plan_{i - 1}"
        length = (
            f"case when spent_{i} is null or b_{i} is null then null"
            f" when f_{i} < begins then greatest(0, f_{i} + b_{i} - begins) else coalesce(length_{i}, b_{i}) end"
        )
        placed = with_budget(stage, query, before, f"length_{i}")
        budgeted = f"select *, cast({length} as bigint) as budget_{i} from ({placed}) as placed_{i}"
        query = f"select *, {before} + coalesce(budget_{i}, 0) as plan_{i} from ({budgeted}) as budgeted_{i}"
    told = ", ".join(f"spent_{s.position}, budget_{s.position}, running_{s.position}" for s in plan.stages)
    return f"select item_id, begins, ends, due_us, {told} from ({query}) as laid"


def shared(items: pd.DataFrame, places: Sequence[int]) -> pd.DataFrame:
    """Return a row an item and place: item_id, position, spent_us, budget_us, late_us, adding up to each item's lateness."""
    spent = np.column_stack([_whole(items[f"spent_{i}"]) for i in places])
    takes_part = np.column_stack([items[f"spent_{i}"].notna() for i in places])
    has_budget = np.column_stack([items[f"budget_{i}"].notna() for i in places]) & takes_part
    running = np.column_stack([items[f"running_{i}"].to_numpy(bool) for i in places])
    begins, ends, due = (items[name].to_numpy(np.int64) for name in ("begins", "ends", "due_us"))
    promised, elapsed = due - begins, ends - begins
    budget = np.where(has_budget, np.column_stack([_whole(items[f"budget_{i}"]) for i in places]), 0)
    budget += _what_is_left(promised - budget.sum(axis=1), takes_part & ~has_budget)
    budget = np.where(running, np.minimum(budget, spent), budget)
    outside = elapsed - spent.sum(axis=1)
    slack = promised - budget.sum(axis=1)
    own = lateness_shared(np.column_stack([outside, spent - budget]), slack)
    unfunded = np.maximum(0, -slack)
    n = len(items)
    rows = [
        pd.DataFrame({"item_id": items["item_id"], "position": OUTSIDE, "spent_us": outside,
                      "budget_us": np.zeros(n, np.int64), "late_us": own[:, 0], "told": outside > 0}),
        pd.DataFrame({"item_id": items["item_id"], "position": UNFUNDED, "spent_us": np.zeros(n, np.int64),
                      "budget_us": np.zeros(n, np.int64), "late_us": unfunded, "told": unfunded > 0}),
        *(
            pd.DataFrame({"item_id": items["item_id"], "position": i, "spent_us": spent[:, k], "budget_us": budget[:, k],
                          "late_us": own[:, k + 1], "told": takes_part[:, k]})
            for k, i in enumerate(places)
        ),
    ]  # fmt: skip
    every = pd.concat(rows, ignore_index=True)
    return every[every["told"]].drop(columns="told")


def _whole(values: pd.Series) -> np.ndarray:
    """Return whole numbers, nothing as 0, without a way through floating point."""
    whole: np.ndarray = values.astype("Int64").fillna(0).to_numpy(np.int64)
    return whole


def _what_is_left(left: np.ndarray, without: np.ndarray) -> np.ndarray:
    """Return what the budgets leave of the promise, in equal parts for the stages without one; the first take what is over."""
    count = np.maximum(without.sum(axis=1), 1)
    share, over = np.divmod(np.maximum(left, 0), count)
    turn = np.cumsum(without, axis=1)
    parts: np.ndarray = np.where(without, share[:, None] + (turn <= over[:, None]), 0)
    return parts
