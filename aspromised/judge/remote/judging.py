"""Judge a promise on Spark: sources loaded here are handed over, its queries asked there, and only its tables come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from sqlglot import exp, select

from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import CannotJudgeError, Plan
from aspromised.judge.remote import plans
from aspromised.judge.remote.plans import macros_of, plan_on_spark, too_many
from aspromised.judge.remote.sources import SourcesThere
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.verdict import AsOf, views
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.authored import kind_of_column
from aspromised.sql.on_spark.rendering import NotOnSparkError, spark_sql, view_of
from aspromised.sql.on_spark.session import Spark
from aspromised.sql.templates import identifier, quoted, render, tree
from aspromised.words.problems import Problem

MOST_ITEMS = 2_000_000
"""Items worth seeing that a promise may bring back: with more its tables would have to be told of a part."""


@dataclass(frozen=True)
class Returned:
    """What fills one table of a snapshot, but for `promise_id`, and the query that was asked."""

    rows: pa.Table
    sql: str


@dataclass
class OnSpark:
    """Judges promises in a session; each source loaded here is handed over once."""

    con: Engine
    workspace: Workspace
    spark: Spark
    sources: SourcesThere | None = None
    """Those that Spark has read itself."""
    handed_over: set[str] = field(default_factory=set)
    judged_by: dict[str, str] = field(default_factory=dict)
    """The query that judged each promise's items."""

    def answers(self, plan: Plan, moment: AsOf) -> dict[str, Returned]:
        """Return table → what fills it; CannotJudgeError where Spark is not to be asked, SparkError where it cannot answer."""
        with self._told(plan):
            queries, fillings = self._rendered(plan, moment)
        for name, sql in queries.items():
            self.spark.create(name, sql)
        self.judged_by[plan.promise_id] = queries["judged"]
        return {table: self._answer(plan, table, sql) for table, sql in fillings.items()}

    def reads(self, plan: Plan) -> bool:
        """Return whether the rows that a plan judges are read there."""
        return self.sources is not None and plan.source in self.sources.types

    def ask(self, query: exp.Expr) -> Any:
        """Return the one value of a query, asked where the rows lie that it reads."""
        read = {table.name for table in query.find_all(exp.Table)}
        if self.sources is not None and read & self.sources.types.keys():
            return self.sources.row(query, {})[0]
        return self.con.run(render(query))[0][0]

    def ids(self, plan: Plan, identity: str) -> tuple[int, int]:
        """Return how many items a plan has by their ids, and how many ids differ."""
        assert self.sources, "asked of rows that are there"
        with self._told(plan):
            only = plan_on_spark(plan, self.workspace.timezone).only
            counts = [tree(each, a=quoted(identity)) for each in ("count(:a)", "count(distinct :a)")]
            named = [each.as_(f"n{n}") for n, each in enumerate(counts)]
            query = select(*named).from_(exp.table_(exp.to_identifier(plan.source, quoted=True), db="source"))
            rows, ids = self.sources.row(query if only is None else query.where(only), {})
            return rows, ids

    def years(self, plan: Plan) -> list[int]:
        """Return the first and the last year of every column of moments of the rows that a plan judges."""
        assert self.sources, "asked of rows that are there"
        return self.sources.years(plan.source, plan.instants)

    @contextmanager
    def _told(self, plan: Plan) -> Iterator[None]:
        """Raise CannotJudgeError with the place of what has no rendering there."""
        try:
            yield
        except NotOnSparkError as error:
            raise CannotJudgeError([self._problem(plan, str(error))]) from error

    def _rendered(self, plan: Plan, moment: AsOf) -> tuple[dict[str, str], dict[str, str]]:
        """Return the views and what fills the tables, in Spark's words; what they read is there."""
        there = plan_on_spark(plan, self.workspace.timezone)
        macros = macros_of(plan, moment.days, self.workspace)
        asked = (views(there, moment), scans(there))
        for queries in asked:
            for query in queries.values():
                self._hand_over(query)
        judged, filled = ({name: spark_sql(query, macros) for name, query in each.items()} for each in asked)
        return judged, filled

    def _hand_over(self, query: exp.Expr) -> None:
        """Let Spark read every source and every calendar that a query names; NotOnSparkError where one has too many rows."""
        steps = {step.alias for step in query.find_all(exp.CTE)} | {"judged", "known"}
        for table in query.find_all(exp.Table):
            place = f"{identifier(table.db)}.{identifier(table.name)}" if table.db else identifier(table.name)
            if place in self.handed_over or (not table.db and table.name in steps):
                continue
            if table.db and self.sources and table.name in self.sources.types:
                continue
            self._refuse_too_many(table.name, place)
            name = view_of(table.db, table.name) if table.db else table.name
            self.spark.register(name, self.con.arrow(f"select {self._known(place)} from {place}"))
            self.handed_over.add(place)

    def _refuse_too_many(self, name: str, place: str) -> None:
        rows = self.con.run(f"select count(*) from {place}")[0][0]
        if rows > plans.MOST_ROWS:
            raise NotOnSparkError(too_many(name, rows))

    def _known(self, table: str) -> str:
        """Return the columns that a promise may read on Spark: those of a kind that means the same there."""
        columns = [name for name, held in self.con.columns(table).items() if kind_of_column(held)]
        return ", ".join(map(identifier, columns)) or "null as nothing"

    def _answer(self, plan: Plan, table: str, sql: str) -> Returned:
        rows = self.spark.rows(f"select * from ({sql}) limit {MOST_ITEMS + 1}" if table == "item" else sql)
        if rows.num_rows > MOST_ITEMS:
            message = (
                f"more than {MOST_ITEMS:,} of its items are broken, open, exempt or unknown: as many come back from spark,"
                " and no table is told of a part. Judge fewer with `only`"
            )
            raise CannotJudgeError([self._problem(plan, message)])
        return Returned(rows, sql)

    def _problem(self, plan: Plan, message: str) -> Problem:
        return self.workspace.problem("engine", message, ("promises", plan.promise_id, "measure"))
