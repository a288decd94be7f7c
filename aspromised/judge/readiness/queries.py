"""Gates on a query: one number a day, asked for as of that day.

What the query sees of later days is its author's to leave out, by `:day`: a record of what stock was held carries its
day, and only the author knows which column that is.
"""

from collections.abc import Mapping
from datetime import date, datetime

from sqlglot import exp

from aspromised.declare.model import Gate
from aspromised.judge.planning.arrivals import arrived_by
from aspromised.judge.planning.plan import Arrival, Columns
from aspromised.judge.readiness.state import TINY, State, cannot_tell, on_every_day
from aspromised.sql.authored.guard import guard_query, rendered
from aspromised.sql.authored.parse import ExpressionError, parse_again
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import too_long, too_much
from aspromised.sql.templates import render, tree
from aspromised.words.figures import day as in_words
from aspromised.words.moments import microseconds

_DAY = '"#days"."#day"'
"""The column that stands for `:day`: a name no source has."""

Answer = float | None | str
"""A number, none, or why there is none."""


def query_states(
    con: Engine,
    tables: Mapping[str, Columns],
    gate: Gate,
    days: list[date],
    known: dict[str, dict[date, Answer]],
    arrivals: Mapping[str, Arrival] | None = None,
    as_of: datetime | None = None,
) -> dict[date, State]:
    """Return the state of a gate on a query, by day; `known` keeps the answers for gates that ask the same."""
    try:
        query = guard_query(gate.sql or "", tables, ["day"])
        asks_equal = all(isinstance(hole.parent, exp.EQ) for hole in query.find_all(exp.Placeholder))
        sql, is_blind = _with_day(query, tables, arrivals or {}, as_of)
    except ExpressionError as error:
        return on_every_day(days, cannot_tell(f"its query is refused: {error}", _bound(gate)))
    answers = known.setdefault(sql, {})
    missing = [day for day in days if day not in answers]
    if missing:
        answers |= _answers(con, sql, missing, asks_equal and not is_blind)
    return {day: _state(gate, answers[day], day) for day in days}


def _with_day(
    query: exp.Query, tables: Mapping[str, Columns], arrivals: Mapping[str, Arrival], as_of: datetime | None
) -> tuple[str, bool]:
    """Return the SQL of a guarded query with a column in place of `:day`, and whether it leaves out what arrived after it.

    Of a day that is not over at the moment, also what arrived after the moment.
    """
    for hole in list(query.find_all(exp.Placeholder)):
        hole.replace(_day_column())
    sql = rendered(query)
    if not arrivals:
        return sql, False
    known, is_blind = parse_again(sql), False
    evening = tree("ap_instant_us(cast(:day + 1 as timestamptz)) - 1", day=_day_column())
    if as_of:
        evening = tree("least(:evening, :moment)", evening=evening, moment=microseconds(as_of))
    for table in list(known.find_all(exp.Table)):
        if table.db == "source" and (arrival := arrivals.get(table.name)):
            rows = arrived_by(evening, table.name, arrival, tables[table.name])
            rows.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name, quoted=True)))
            table.replace(rows)
            is_blind = True
    return (rendered(parse_again(render(known, pretty=False))), True) if is_blind else (sql, False)


def _day_column() -> exp.Expr:
    return exp.column("#day", table="#days", quoted=True)


def _answers(con: Engine, sql: str, days: list[date], at_once: bool) -> dict[date, Answer]:
    """Return the query's number for each day: in one query where a day only selects its own rows, else day by day."""
    if at_once:
        try:
            rows = con.run(
                f'select "#day", cast(({sql}) as double) from (select unnest(cast($days as date[])) as "#day") as "#days"',
                {"days": days},
            )
            return dict(rows)
        except EngineError as error:  # one day's fault spoils all: asked day by day, each tells its own
            if reason := too_much(error):
                return dict.fromkeys(days, f"its query failed: {reason}")
    answers: dict[date, Answer] = {}
    for day in days:
        try:
            answers[day] = _answer(con, sql.replace(_DAY, f"cast('{day.isoformat()}' as date)"))
        except EngineError as error:
            if reason := too_much(error):  # no other day is asked: each would take as long again
                return answers | dict.fromkeys(set(days) - set(answers), f"its query failed: {reason}")
            answers[day] = f"its query failed: {too_long(error) or str(error).strip().splitlines()[0]}"
    return answers


def _answer(con: Engine, sql: str) -> Answer:
    rows = con.run(f"select * from ({sql}) limit 2")
    if not rows:
        return None
    if len(rows) > 1 or len(rows[0]) > 1:
        return "its query does not give one number"
    try:
        return None if rows[0][0] is None else float(rows[0][0])
    except (TypeError, ValueError):
        return f"its query gives '{rows[0][0]}', which is no number"


def _state(gate: Gate, answer: Answer, day: date) -> State:
    needed = _bound(gate)
    if isinstance(answer, str):
        return cannot_tell(answer, needed)
    if answer is None or answer != answer:
        return cannot_tell(f"there is no value for {in_words(day)}", needed)
    low = gate.at_least is None or answer >= gate.at_least - TINY
    high = gate.at_most is None or answer <= gate.at_most + TINY
    return State(low and high, f"{_number(answer)}; needs {gate.needed_in_words}", answer, needed)


def _bound(gate: Gate) -> float | None:
    return gate.at_least if gate.at_least is not None else gate.at_most


def _number(value: float) -> str:
    """Return a number as it is said.

    >>> _number(25.3), _number(1240.0)
    ('25.3', '1,240')
    """
    return (
        f"{value:,.0f}"
        if value == round(value)
        else f"{value:,.4g}"
        if abs(value) < 1000
        else f"{value:,.1f}"
    )
