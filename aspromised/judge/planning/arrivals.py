"""What was known at a moment: rows that had arrived by then, each in the version known then."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import Arrival, Columns, Plan
from aspromised.sql.templates import identifier, quoted, tree
from aspromised.words.names import folded
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL

INSTANTS = ("TIMESTAMP WITH TIME ZONE", "DATE")
ALWAYS_KNOWN = -(1 << 62)
"""The moment from which a row was known that does not say."""


def arrivals(workspace: Workspace, tables: Mapping[str, Columns]) -> dict[str, Arrival]:
    """Return the sources that tell when their rows became known; a column that is no moment is told when planned."""
    found = {}
    for name, source in workspace.sources.items():
        columns = {folded(column): column for column in tables.get(name, {})}
        column = columns.get(folded(source.arrived or ""))
        if column and (kind := tables[name][column]) in INSTANTS:
            found[name] = Arrival(column, kind == "DATE", source.key, source.keeps_versions)
    return found


def known_rows(plan: Plan, source: str, moment_us: int) -> exp.Expr:
    """Return what to read a source from: its table, or of it what had arrived by the moment, as it was known then.

    Of the source whose items are asked for their history: every version that had arrived, with when it was known.
    """
    arrival = plan.arrivals.get(source)
    if arrival is None:
        return exp.table_(exp.to_identifier(source, quoted=True), db="source")
    is_history = plan.is_history and source == plan.source
    return arrived_by(exp.convert(moment_us), source, arrival, plan.tables[source], is_history)


def arrived_by(
    moment: exp.Expr, source: str, arrival: Arrival, of: Iterable[str], is_history: bool = False
) -> exp.Subquery:
    """Return the rows of a source that had arrived by a moment (µs), in the version known then or in every one."""
    columns = ", ".join(map(identifier, of))
    told, ends = (", :from, :until", "") if is_history else ("", " and :until > :moment")
    now = ", coalesce(:arrived, :always) as :from, cast(null as bigint) as :until" if is_history else ""
    rows = f"select {columns}{now} from source.{identifier(source)} where coalesce(:arrived <= :moment, true)"
    if arrival.keeps_versions:
        rows += f" union all select {columns}{told} from earlier.{identifier(source)} where :from <= :moment{ends}"
    for hole, column in ((":from", KNOWN_FROM), (":until", KNOWN_UNTIL)):
        rows = rows.replace(hole, f'"{column}"')
    known = tree(rows, arrived=arrived_us(arrival), moment=moment, always=ALWAYS_KNOWN)
    assert isinstance(known, exp.Query)
    return known.subquery(exp.to_identifier(source, quoted=True))


def arrived_us(arrival: Arrival) -> exp.Expr:
    """Return when a row became known (µs, null: always): a day stands for its end."""
    if arrival.is_date:
        return tree("ap_end_of_date_us(:at)", at=quoted(arrival.column))
    return tree("ap_instant_us(:at)", at=quoted(arrival.column))
