"""Binding: does every name and expression an author wrote fit the data's columns?"""

from collections.abc import Iterator

from sqlglot import exp

from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.planning.authored import Authored, authored
from aspromised.judge.planning.chains import activities_unheard_of, chains_misnamed
from aspromised.judge.planning.plan import Columns
from aspromised.judge.planning.planner import misnamed
from aspromised.judge.remote.plans import not_on_spark, too_large
from aspromised.sql.authored.guard import guard, guard_query, guard_together, rendered
from aspromised.sql.authored.parse import ExpressionError, parse_text
from aspromised.sql.columns import source_columns
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.in_words import said_of
from aspromised.sql.limits import too_much
from aspromised.sql.templates import identifier, tree
from aspromised.words.names import folded
from aspromised.words.problems import Problem, did_you_mean

_LISTED = 12


def bind(con: Engine, workspace: Workspace) -> list[Problem]:
    """Return what does not fit the columns of the sources loaded in `con`.

    Of a source that is not loaded no columns are known: its expressions are only asked whether they may stand there.
    """
    tables = source_columns(con)
    found = [
        *_by_place(workspace),
        *_named(workspace, tables),
        *chains_misnamed(workspace, tables),
        *activities_unheard_of(con, workspace, tables),
        *(problem for name in workspace.promises for problem in misnamed(workspace, name, tables)),
        *_expressions(con, workspace, tables),
        *_together(workspace),
        *_queries(con, workspace, tables),
        *(not_on_spark(workspace, tables) if workspace.engine else ()),
        *(too_large(con, workspace, tables) if workspace.engine else ()),
    ]
    return list(dict.fromkeys(found))


def _named(workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """Yield the columns that sources, capacities and ratings name, and the data do not have."""
    for source, column, at in _names(workspace):
        columns = tables.get(source, {})
        if columns and folded(column) not in {folded(name) for name in columns}:
            near = did_you_mean(column, columns) or f" It has {', '.join(list(columns)[:_LISTED])}."
            message = f"the source '{source}' has no column '{column}'.{near}"
            yield workspace.problem_at_key("column", message, at)


def _names(workspace: Workspace) -> Iterator[tuple[str, str, KeyPath]]:
    """Yield each column that a source, a capacity or the ratings name: of which source, and where; of one source each once."""
    for name, source in workspace.sources.items():
        named: dict[KeyPath, str] = {("columns", column): column for column in source.columns}
        named |= {
            (key,): column for key in ("key", "latest_by", "arrived") if (column := getattr(source, key))
        }
        where = {folded(column): (column, at) for at, column in reversed(named.items())}
        yield from ((name, column, ("sources", name, *at)) for column, at in where.values())
    for name, capacity in workspace.capacity.items():
        yield capacity.source, capacity.day, ("capacity", name, "day")
        if capacity.load:
            yield capacity.load.source, capacity.load.at, ("capacity", name, "load", "at")
    if ratings := workspace.ratings:
        for key in ("at", "supplier", "customer", "score", "dimension", "direction"):
            if column := getattr(ratings, key):
                yield ratings.source, column, ("ratings", key)


def _expressions(con: Engine, workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    for each in authored(workspace):
        if message := _misfit(con, each, tables.get(each.source), workspace.is_typed(each.source)):
            yield workspace.problem("expression", f"{message} (in the source '{each.source}')", each.at)


def _together(workspace: Workspace) -> Iterator[Problem]:
    """Yield the promises and chains whose expressions, each allowed, cost too much in one statement."""
    found = list(authored(workspace))
    for name, promise in workspace.promises.items():
        source = getattr(promise.measure, "items", None)
        rules = {key for key, rule in workspace.corrections.items() if name in rule.promises}
        of_it = [
            each.text
            for each in found
            if each.source == source
            and (each.at[:2] == ("promises", name) or each.at[0] == "promotions" or each.at[1] in rules)
        ]
        try:
            guard_together(of_it)
        except ExpressionError as error:
            yield workspace.problem("too-much", str(error), ("promises", name, "measure"))
    for name in workspace.chains:
        try:
            guard_together([each.text for each in found if each.at[:2] == ("chains", name)])
        except ExpressionError as error:
            yield workspace.problem("too-much", str(error), ("chains", name, "stages"))


def _misfit(con: Engine, each: Authored, columns: Columns | None, is_typed: bool) -> str | None:
    """Return why the expression cannot be evaluated over the columns, or None where it can."""
    try:
        authors = guard(each.text, columns)
        sql = rendered(authors)
    except ExpressionError as error:
        return str(error)
    if columns is None or not is_typed:
        return None
    try:
        kind = con.run(f"describe select ({sql}) as it from source.{identifier(each.source)}")[0][1]
        every = ", ".join([f"({sql})", *(f"({part.sql(dialect='duckdb')})" for part in _parts(authors))])
        con.run(f"with o as materialized ({_empty_row(each.source)}) select {every} from o")
    except EngineError as error:
        return f"'{each.text}' does not fit the data: {too_much(error) or said_of(error)}"
    if each.is_condition and kind not in _EITHER:
        return f"'{each.text}' is {kind.lower()}, not true or false"
    return next(_no_conditions(each.text, columns), None)


_EITHER = ("BOOLEAN", '"NULL"')


def _no_conditions(text: str, columns: Columns) -> Iterator[str]:
    """Yield the columns that stand beside 'and', 'or' or 'not' and are neither true nor false: a text is read as one row by row."""
    types = {folded(name): kind for name, kind in columns.items()}
    for node in parse_text(text).find_all(exp.And, exp.Or, exp.Not):
        for side in (node.this, node.expression):
            kind = types.get(folded(side.name)) if isinstance(side, exp.Column) else None
            if kind and kind not in _EITHER:
                yield f"'{side.name}' is {kind.lower()}, not true or false, in '{text}'"


_CHOOSES = (exp.Connector, exp.Not, exp.Paren, exp.Case, exp.If, exp.Coalesce)
"""What may answer without having read all that stands in it."""


def _parts(authors: exp.Expr) -> Iterator[exp.Expr]:
    """Yield what a choice may never come to, each by itself: no part is in more of them than choices stand around it."""
    if not isinstance(authors, _CHOOSES):
        if not isinstance(authors, exp.Column | exp.Literal | exp.DataType):
            yield authors
        inner = authors.walk(prune=lambda node: isinstance(node, _CHOOSES))
        choices = [node for node in inner if isinstance(node, _CHOOSES)]
    else:
        choices = list(authors.iter_expressions())
    for choice in choices:
        yield from _parts(choice)


def _empty_row(source: str) -> str:
    """Return the query of one row of a source without any value: what fails over it fails whatever the rows hold.

    Kept apart (`materialized`), so that nothing is known of it in advance and every value an author wrote is read.
    """
    return f"select o.* from (select 1) as one left join (select * from source.{identifier(source)} limit 0) as o on true"


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


def _queries(con: Engine, workspace: Workspace, tables: dict[str, dict[str, str]]) -> Iterator[Problem]:
    """Yield gates' queries that are refused, or do not fit the data."""
    for name, promotion in workspace.promotions.items():
        for number, gate in enumerate(promotion.ready_when):
            if gate.sql and (message := _unanswerable(con, workspace, tables, gate.sql)):
                at = ("promotions", name, "ready_when", number, "sql")
                yield workspace.problem("expression", message, at)


def _unanswerable(
    con: Engine, workspace: Workspace, tables: dict[str, dict[str, str]], text: str
) -> str | None:
    """Return why a gate's query cannot be asked, or None where it can; over sources that are not loaded nothing is known."""
    try:
        query = guard_query(text, {**dict.fromkeys(workspace.sources, ()), **tables}, ["day"])
        for hole in list(query.find_all(exp.Placeholder)):
            hole.replace(tree("cast('2026-01-01' as date)"))
        sql = rendered(query)
    except ExpressionError as error:
        return str(error)
    read = {table.name for table in query.find_all(exp.Table) if table.db == "source"}
    if not all(name in tables and workspace.is_typed(name) for name in read):
        return None
    try:
        con.run(f"describe {sql}")
        con.run(_over_empty_rows(query, read))
    except EngineError as error:
        return f"the query does not fit the data: {too_much(error) or said_of(error)}"
    return None


def _over_empty_rows(query: exp.Query, sources: set[str]) -> str:
    """Return a query as it is asked of one empty row of each source."""
    asked = query.copy().transform(_read_wholly)
    names = {name: f"{name} without a value" for name in sources}
    for table in list(asked.find_all(exp.Table)):
        if table.db == "source":
            table.replace(exp.table_(names[table.name], quoted=True, alias=table.alias_or_name))
    rows = ", ".join(
        f"{identifier(names[name])} as materialized ({_empty_row(name)})" for name in sorted(sources)
    )
    return (
        f"with {rows} select * from ({asked.sql(dialect='duckdb')})" if rows else asked.sql(dialect="duckdb")
    )


def _read_wholly(node: exp.Expr) -> exp.Expr:
    """Return what reads both sides of 'and' and 'or', of which the second is left where the first decides."""
    if not isinstance(node, exp.And | exp.Or):
        return node
    return exp.func("least" if isinstance(node, exp.And) else "greatest", node.this, node.expression)
