"""Binding: does every name and expression an author wrote fit the data's columns?"""

from collections.abc import Iterator

from sqlglot import exp

from aspromised.declare.rules.notyet import why_not_judged
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.planning.authored import Authored, authored
from aspromised.judge.planning.plan import CannotJudgeError, Columns, Judgeable
from aspromised.judge.planning.planner import make_plan
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.guard import guard, guard_query, rendered
from aspromised.sql.limits import too_much
from aspromised.sql.parse import ExpressionError, parse_text
from aspromised.sql.templates import identifier
from aspromised.words.problems import Problem


def bind(con: Engine, workspace: Workspace) -> list[Problem]:
    """Return what does not fit the columns of the sources loaded in `con`.

    Of a source that is not loaded no columns are known: its expressions are only asked whether they may stand there.
    """
    tables = source_columns(con)
    found = [
        *_by_place(workspace),
        *_plans(workspace, tables),
        *_expressions(con, workspace, tables),
        *_queries(workspace, tables),
    ]
    return list(dict.fromkeys(found))


def _plans(workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """Yield columns that are missing or of the wrong type, of the promises that are judged."""
    for promise_id, promise in workspace.promises.items():
        measure = promise.measure
        if isinstance(measure, Judgeable) and measure.items in tables and not why_not_judged(promise):
            try:
                make_plan(workspace, promise_id, tables)
            except CannotJudgeError as error:
                yield from (p for p in error.problems if p.code in ("column", "length"))


def _expressions(con: Engine, workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    for each in authored(workspace):
        if message := _misfit(con, each, tables.get(each.source)):
            yield workspace.problem("expression", f"{message} (in the source '{each.source}')", each.at)


def _misfit(con: Engine, each: Authored, columns: Columns | None) -> str | None:
    """Return why the expression cannot be evaluated over the columns, or None where it can."""
    try:
        sql = rendered(guard(each.text, columns))
    except ExpressionError as error:
        return str(error)
    if columns is None:
        return None
    try:
        kind = con.run(f"describe select ({sql}) as it from source.{identifier(each.source)}")[0][1]
    except EngineError as error:
        return f"'{each.text}' does not fit the data: {too_much(error) or _plain(error)}"
    if each.is_condition and kind not in ("BOOLEAN", '"NULL"'):
        return f"'{each.text}' is {kind.lower()}, not true or false"
    return None


def _plain(error: EngineError) -> str:
    """Return the first line of what the database says, without its own heading."""
    return str(error).strip().splitlines()[0].partition("Error: ")[2] or str(error)


def _by_place(workspace: Workspace) -> Iterator[Problem]:
    """Yield authors' unions of `select *`, which match columns by their place: that changes with what the files hold."""
    texts: dict[KeyPath, str | None] = {
        ("sources", n, "sql"): each.sql for n, each in workspace.sources.items()
    }
    for name, promotion in workspace.promotions.items():
        for number, gate in enumerate(promotion.ready_when):
            texts["promotions", name, "ready_when", number, "sql"] = gate.sql
    for at, text in texts.items():
        if text and _matches_by_place(text):
            message = (
                "'select *' beside union, except or intersect goes by the place of columns, which may change from load to load:"
                " write 'union all by name', or name the columns"
            )
            yield workspace.problem("by-place", message, at, severity="warning")


def _matches_by_place(text: str) -> bool:
    try:
        query = parse_text(text)
    except ExpressionError:
        return False  # the guard tells
    operations = (each for each in query.find_all(exp.SetOperation) if not each.args.get("by_name"))
    return any(side.is_star for each in operations for side in (each.left, each.right))


def _queries(workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """Yield gates' queries that are refused."""
    for name, promotion in workspace.promotions.items():
        for number, gate in enumerate(promotion.ready_when):
            if gate.sql is None:
                continue
            try:
                guard_query(gate.sql, {**dict.fromkeys(workspace.sources, ()), **tables}, ["day"])
            except ExpressionError as error:
                yield workspace.problem(
                    "expression", str(error), ("promotions", name, "ready_when", number, "sql")
                )
