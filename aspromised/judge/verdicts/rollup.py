"""From verdicts of items to the additive tables that pages read: queries over the view `judged`."""

from sqlglot import exp, select

from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.launch_cells import known_counts, launch_cells
from aspromised.judge.verdicts.verdict import NOT_PROMISED, possible_words
from aspromised.schema.snapshot import segment_column
from aspromised.sql.templates import quoted, tree
from aspromised.words.vocabulary import VERDICTS

VERDICT_OF_COUNT: dict[str, str] = {
    **{verdict: verdict for verdict in VERDICTS},
    "not_promised": NOT_PROMISED,
}
"""Count columns, and the verdict each one counts."""


def scans(plan: Plan) -> dict[str, exp.Expr]:
    """Return table → the query over `judged` that fills it, but for `promise_id`; the rest is derived from these."""
    found: dict[str, exp.Expr] = {"verdict_cell": cells(plan), "item": items_worth_seeing(plan)}
    found |= kind_of(plan).tables()
    if plan.is_told_by_start:
        found["launch_cell"] = launch_cells(plan, _counts(plan))
    if plan.is_gated:
        found["known_daily"] = known_counts(plan)
    return found


def _counts(plan: Plan) -> list[exp.Expr]:
    """Return how many items have each verdict; of those that no rule comes to, none are looked for."""
    kind, none = kind_of(plan), tree("cast(0 as bigint)")
    possible = possible_words(plan) if kind.has_items else set(VERDICT_OF_COUNT.values())
    return [
        (kind.count_of(column, verdict) if verdict in possible else none.copy()).as_(column)
        for column, verdict in VERDICT_OF_COUNT.items()
    ]


def cells(plan: Plan) -> exp.Select:
    """Return counts a day, version and combination of segment values, in one scan of `judged`: the sparse cube."""
    keys: list[exp.Expr] = [
        exp.column("day"),
        exp.column("version"),
        *(quoted(segment_column(name)) for name in plan.segments),
    ]
    return select(*keys, *_counts(plan)).from_("judged", copy=False).group_by(*keys, copy=False)


def items_worth_seeing(plan: Plan) -> exp.Select:
    """Return the items a person may want to look at: all but the kept ones and those not promised."""
    left_out = [
        tree("verdict <> :word", word=word)
        for word in sorted({"kept", "counted", NOT_PROMISED} & possible_words(plan))
    ]
    instants = [tree("ap_utc(:a)", a=exp.column(name)).as_(name) for name in ("started", "due", "done")]
    return (
        select(
            tree("cast(item_id as varchar)").as_("item_id"),
            "day", "version", *instants, "verdict", "reason", "exempt_by", "otherwise",
            tree("late_us / 1000000.0").as_("late_seconds"),
            tree(":left / 1000000.0", left=kind_of(plan).left()).as_("clock_left_seconds"),
            kind_of(plan).stands_for().as_("items"),
            *(quoted(segment_column(name)) for name in plan.segments),
        )
        .from_("judged")
        .where(*left_out)
    )  # fmt: skip
