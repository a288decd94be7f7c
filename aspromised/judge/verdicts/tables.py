"""The tables the judge fills in a snapshot; their names and columns are a contract for notebooks."""

from collections.abc import Iterable

from aspromised.judge.verdicts.rollup import COUNTS
from aspromised.judge.verdicts.verdict import segment_column
from aspromised.sql.templates import identifier

_COUNTS = ", ".join(f"{column} bigint" for column in COUNTS)

FILLED = (
    "verdict_cell",
    "verdict_daily",
    "lateness_daily",
    "item",
    "exempt_daily",
    "basis_daily",
    "launch_cell",
    "known_daily",
)
"""The tables that judging a promise fills, each by promise and the day its items are counted on
(`launch_cell`: the day they started)."""

READINESS: dict[str, dict[str, str]] = {
    "gate_daily": {
        "promotion_id": "varchar", "position": "integer", "day": "date", "value": "double", "needed": "double",
        "met": "boolean", "evidence": "varchar",
    },
    "readiness": {
        "promotion_id": "varchar", "verdict": "varchar", "ready_on": "date", "days_early": "integer",
        "launched_day": "date", "ends_day": "date", "ready_since": "date", "judged_on": "date",
        "missing": "varchar[]", "why": "varchar",
    },
    "load_daily": {
        "capacity": "varchar", "day": "date", "available": "double", "load": "double", "usual": "double",
        "promoted": "double", "expected_uplift": "double", "headroom": "double",
    },
}  # fmt: skip
"""The tables of readiness, with their columns' types: made afresh by each refresh."""


def ddl(schema: str, segments: Iterable[str]) -> list[str]:
    """Return the statements that create the judge's tables in `schema`, one text column a segment name.

    In the schema `temp` they are temporary tables, which a connection may make that cannot change anything.
    """
    kind = "temp table" if schema == "temp" else "table"
    columns = "".join(f", {identifier(segment_column(name))} varchar" for name in segments)
    tables = {
        "promise": "promise_id varchar, claim varchar, about varchar, made_by varchar, kept_by varchar,"
        ' said_in varchar[], subject varchar, target double, "window" varchar, counted varchar, at_least integer,'
        " kind varchar, source varchar, chain varchar, budget_policy varchar, review_by date, segments varchar[],"
        " spread_of varchar, across varchar, at_most double, problem varchar",
        "promise_version": "promise_id varchar, version integer, from_day date, to_day date, claim varchar,"
        " target double, length varchar",
        "verdict_cell": f"promise_id varchar, day date, version integer{columns}, {_COUNTS}",
        "verdict_daily": f"promise_id varchar, day date, version integer, segment varchar, value varchar, {_COUNTS}",
        "lateness_daily": "promise_id varchar, day date, version integer, segment varchar, value varchar,"
        " bucket integer, items bigint, kept bigint",
        "item": "promise_id varchar, item_id varchar, day date, version integer, started timestamp, due timestamp,"
        " done timestamp, verdict varchar, reason varchar, exempt_by varchar, otherwise varchar, late_seconds double,"
        f" clock_left_seconds double{columns}",
        "exempt_daily": "promise_id varchar, day date, version integer, exempt_by varchar, reason varchar,"
        " items bigint, kept bigint, broken bigint",
        "basis_daily": "promise_id varchar, day date, version integer, started_day date, due_day date, done_day date,"
        " verdict varchar, on_limit boolean, original_day date, original_verdict varchar, moved boolean, items bigint",
        "launch_cell": f"promise_id varchar, day date, brought varchar{columns}, {_COUNTS}",
        "known_daily": "promise_id varchar, day date, known_from date, known_until date, kept bigint, broken bigint,"
        " open bigint",
        "usual_daily": "promise_id varchar, day date, version integer, brought varchar, outside boolean, quiet boolean,"
        " items bigint, broken bigint, open bigint, expected double, spread double",
        "launch_harm": "promotion_id varchar, first date, until date, position integer, promise_id varchar,"
        " claim varchar, source varchar, leaned_on boolean, who varchar, items bigint, broken bigint,"
        " expected double, excess double, low double, high double, p double, reference_days integer,"
        " reference_first date, reference_last date, placebos integer, placebo_rank integer, placebo_days integer,"
        " undecided_days integer, control_items bigint, control_did double, control_low double,"
        " control_high double, standing varchar",
        "demand_daily": "source varchar, day date, brought varchar, items bigint",
        "answering": "capacity varchar, agents integer, handling_seconds double, within_seconds double,"
        " kept_at_least double, open_seconds double",
        "correction": "promise_id varchar, correction_id varchar, from_day date, to_day date, reason varchar,"
        " approved_by varchar",
        "promotion": "promotion_id varchar, says varchar, run_by varchar, announced timestamp, launched timestamp,"
        " ends timestamp, cancelled boolean, leans_on varchar[], expects_demand double, basis varchar,"
        " problem varchar",
        "gate": "promotion_id varchar, position integer, gate varchar, kind varchar, needed varchar, optional boolean,"
        " asks_of varchar, at_least double, at_most double, judged_on date, value double, met boolean,"
        " evidence varchar, first_met date, lost_on date, met_on date, lost_again date, not_known varchar[]",
        **{
            name: ", ".join(f"{column} {kind}" for column, kind in READINESS[name].items())
            for name in READINESS
        },
        "change": 'change_id varchar, "on" date, what varchar, touches varchar',
        "declaration_problem": "code varchar, severity varchar, message varchar, path varchar, line integer,"
        ' "column" integer, frame varchar',
        "judging": "promise_id varchar, table_name varchar, sql varchar, rows bigint, seconds double",
    }
    return [f"create {kind} {schema}.{name} ({body})" for name, body in tables.items()]
