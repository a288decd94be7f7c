"""Judge a promise on Spark: its sources are handed over, its queries asked there, and only its tables come back."""

from dataclasses import dataclass, field

import pyarrow as pa
from sqlglot import exp

from aspromised.declare.workspace import Workspace
from aspromised.judge.planning.plan import CannotJudgeError, Plan
from aspromised.judge.remote.plans import macros_of, plan_on_spark
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.verdict import AsOf, views
from aspromised.sql.engine import Engine
from aspromised.sql.on_spark.authored import kind_of_column
from aspromised.sql.on_spark.rendering import NotOnSparkError, spark_sql, view_of
from aspromised.sql.on_spark.session import Spark
from aspromised.sql.templates import identifier
from aspromised.words.problems import Problem

MOST_ITEMS = 2_000_000
"""Items worth seeing that a promise may bring back: with more its tables would have to be told of a part."""

MOST_ROWS = 5_000_000
"""Rows of a source that are handed over: Spark reads none itself yet."""


@dataclass(frozen=True)
class Returned:
    """What fills one table of a snapshot, but for `promise_id`, and the query that was asked."""

    rows: pa.Table
    sql: str


@dataclass
class OnSpark:
    """Judges promises in a session; each source is handed over once."""

    con: Engine
    workspace: Workspace
    spark: Spark
    handed_over: set[str] = field(default_factory=set)

    def answers(self, plan: Plan, moment: AsOf) -> dict[str, Returned]:
        """Return table → what fills it; CannotJudgeError where Spark is not to be asked, SparkError where it cannot answer."""
        try:
            queries, fillings = self._rendered(plan, moment)
        except NotOnSparkError as error:
            raise CannotJudgeError([self._problem(plan, str(error))]) from error
        for name, sql in queries.items():
            self.spark.create(name, sql)
        return {table: self._answer(plan, table, sql) for table, sql in fillings.items()}

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
            self._refuse_too_many(table.name, place)
            name = view_of(table.db, table.name) if table.db else table.name
            self.spark.register(name, self.con.arrow(f"select {self._known(place)} from {place}"))
            self.handed_over.add(place)

    def _refuse_too_many(self, name: str, place: str) -> None:
        rows = self.con.run(f"select count(*) from {place}")[0][0]
        if rows > MOST_ROWS:
            raise NotOnSparkError(
                f"'{name}' has {rows:,} rows: spark reads no source itself yet, and at most {MOST_ROWS:,} are handed over"
            )

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
