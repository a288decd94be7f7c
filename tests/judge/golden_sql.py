"""The judge's SQL for one promise of each shape, to be read; `python -m tests.judge.golden_sql` writes it anew.

The cases are in `golden_cases.yaml`, beside this file; no source has any row, so the SQL spans only the years needed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import yaml
from sqlglot import exp

from aspromised.declare.model import Promotion, Source
from aspromised.judge.explain.trace import traced
from aspromised.judge.incremental.delta import add_changes, can_add
from aspromised.judge.planning.plan import Plan
from aspromised.judge.remote.plans import macros_of, plan_on_spark
from aspromised.judge.run import plan_promise, promise_ids, segment_names
from aspromised.judge.verdicts.derived import derive
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.tables import ddl
from aspromised.judge.verdicts.verdict import AsOf, views
from aspromised.sql.dialects.spark import OWN
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.on_spark.rendering import spark_sql
from aspromised.sql.templates import render
from aspromised.words.moments import as_of_moment
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL
from tests.judge.world import World, make_world

GOLDEN = Path(__file__).parents[1] / "golden" / "sql"
ON_SPARK = GOLDEN.with_name("spark")
"""The same queries in Spark's words. Local days stand there as the calls of DuckDB, though they run written out in full."""
CASES: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("golden_cases.yaml").read_text(encoding="utf-8")
)["cases"]
WAS, AS_OF = "2026-03-30", "2026-03-31"
"""The moment that is added to, and the moment of judging."""

TYPES = {
    "order_id": "varchar", "customer": "varchar", "region": "varchar", "channel": "varchar", "topic": "varchar",
    "ordered_at": "timestamptz", "ordered_on": "date", "delivered_at": "timestamptz", "delivered_on": "date",
    "cancelled_at": "timestamptz", "promised_on": "date", "first_promised_on": "date", "promised_at": "timestamptz",
    "paused_at": "timestamptz", "resumed_at": "timestamptz", "held_at": "timestamptz", "released_at": "timestamptz",
    "quoted_days": "integer", "moved": "boolean", "wrong": "boolean",
    "arrived_at": "timestamptz", "changed_at": "timestamptz", "period": "date", "seen": "integer", "late": "integer",
}  # fmt: skip
"""The columns of the orders that every case is about."""
OTHERS = {
    "pauses": {"of_order": "varchar", "begun": "timestamptz", "ended": "timestamptz", "arrived_at": "timestamptz"},
    "sold": {
        "customer": "varchar", "number": "integer", "valid_from": "date", "valid_to": "date", "arrived_at": "timestamptz",
    },
}  # fmt: skip


class Recording(DuckDB):
    """A connection that remembers the statements it was asked."""

    def __init__(self, con: Any) -> None:
        super().__init__(con)
        self.asked: list[str] = []

    def execute(self, sql: Any, parameters: object = None) -> Any:
        """Run a statement and remember it."""
        self.asked.append(sql)
        return super().execute(sql, parameters)


def world_of(case: str) -> World:
    """Return the world of a case, without rows."""
    return world_said(CASES[case])


def world_said(said: Mapping[str, Any]) -> World:
    """Return the world of a declaration, without rows."""
    others: Any = {name: (types, []) for name, types in OTHERS.items()}
    small = make_world(
        said["promise"], TYPES, [], corrections=said.get("corrections"), calendars=said.get("calendars"), others=others,
        timezone=said.get("timezone", "Europe/London"),
    )  # fmt: skip
    sources = {
        name: Source.model_validate({"files": source.files, **said.get("sources", {}).get(name, {})})
        for name, source in small.workspace.sources.items()
    }
    small.con.execute("create schema earlier")
    for name, source in sources.items():
        if source.keeps_versions:
            told = f'0::bigint as "{KNOWN_FROM}", 0::bigint as "{KNOWN_UNTIL}"'
            small.con.execute(f"create table earlier.{name} as select *, {told} from source.{name}")
    promotions = {
        name: Promotion.model_validate(each) for name, each in (said.get("promotions") or {}).items()
    }
    return World(small.con, replace(small.workspace, sources=sources, promotions=promotions))


def sql_of(case: str) -> str:
    """Return what a golden file holds: the declaration, and the statements under their headings."""
    said, small = CASES[case], world_of(case)
    plan, moment = plan_promise(
        small.con, small.workspace, "p", as_of_moment(AS_OF, small.workspace.timezone)
    )
    parts = [_head(said, moment)]
    for heading, statement in _added(said, small, plan, moment) or _statements(said, small, plan, moment):
        parts.append(f"-- {heading}\n\n{_readable(statement)};\n")
    return "\n".join(parts)


def spark_sql_of(case: str) -> str:
    """Return what the golden file on Spark holds: the views, and what fills the tables where the case shows it."""
    said, small = CASES[case], world_of(case)
    plan, moment = plan_promise(
        small.con, small.workspace, "p", as_of_moment(AS_OF, small.workspace.timezone)
    )
    there = plan_on_spark(plan, small.workspace.timezone)
    called = {
        name: (parameter, exp.func(OWN + name, exp.column(parameter)))
        for name, (parameter, _) in macros_of(plan, moment.days, small.workspace).items()
    }
    queries = dict(views(there, moment))
    if "filled" in said.get("show", []):
        queries |= {f"what fills {table}": query for table, query in scans(there).items()}
    return "\n".join(
        f"-- {name}\n\n{spark_sql(query, called, pretty=True)};\n" for name, query in queries.items()
    )


def on_spark_too(case: str) -> bool:
    """Return whether a case is of judging whole: what is judged on Spark is not judged in parts."""
    return "added" not in CASES[case].get("show", [])


def _head(said: Mapping[str, Any], moment: AsOf) -> str:
    about = f"{said['about']}\n\n"
    declared = {key: said[key] for key in ("promise", "calendars", "sources", "corrections", "promotions") if key in said}  # fmt: skip
    words = yaml.dump(declared, sort_keys=False, width=110, Dumper=_Plain)
    days = moment.days
    words += (
        f"\nJudged as of {AS_OF}, with the days of {days.zone} from {days.first_year} to {days.last_year}.\n"
    )
    return indent(about + words, "-- ", lambda _: True).replace("-- \n", "--\n")


class _Plain(yaml.SafeDumper):
    """Writes what is said twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        """Return that no alias is wanted."""
        return True


def _statements(said: Mapping[str, Any], small: World, plan: Plan, moment: AsOf) -> Iterator[tuple[str, str]]:
    show = said.get("show", [])
    for macro in moment.days.macros():
        small.con.execute(macro)
        if "days" in show:
            yield "local days", macro
    for macro in _macros_abroad(small, plan, moment) if "days" in show else []:
        yield "local days of a calendar", macro
    for name, view in views(plan, moment).items():
        statement = f"create or replace temp view {name} as {render(view)}"
        small.con.execute(statement)
        yield name, statement
    for table, query in scans(plan).items() if "filled" in show else ():
        small.con.execute(render(query))
        yield f"what fills {table}", render(query)
    if "derived" in show:
        yield from (("derived", statement) for statement in _derived(small, plan))
    if "traced" in show:
        story = traced(plan, moment)
        small.con.execute(render(story))
        yield f"the story of one item, after the steps of judged{_but(story, plan, moment)}", render(story)


def _but(query: exp.Select, plan: Plan, moment: AsOf) -> str:
    """Leave out of a query the steps that stand in `judged` word for word; return " but …", those that do not."""
    known = {step.alias: step.sql() for step in views(plan, moment)["judged"].ctes}
    own = [step for step in query.ctes if known.pop(step.alias, "") != step.sql()]
    query.args["with_"].set("expressions", own)
    if not own:
        query.set("with_", None)
    return f" but {', '.join(known)}" if known else ""


def _macros_abroad(small: World, plan: Plan, moment: AsOf) -> list[str]:
    """Return the macros of calendars in zones of their own, as the plan made them."""
    recorded = Recording(small.con)
    plan_promise(recorded, small.workspace, "p", as_of_moment(AS_OF, small.workspace.timezone))
    return [each for each in recorded.asked if each.startswith("create or replace temp macro")]


def _derived(small: World, plan: Plan) -> list[str]:
    _make_tables(small)
    recorded = Recording(small.con)
    derive(recorded, "snapshot", plan)
    return recorded.asked


def _make_tables(small: World) -> None:
    assert promise_ids(small.workspace) == ["p"]
    small.con.execute("create schema snapshot")
    for statement in ddl("snapshot", segment_names(small.workspace)).values():
        small.con.execute(statement)


def _added(said: Mapping[str, Any], small: World, plan: Plan, now: AsOf) -> list[tuple[str, str]]:
    """Return the statements that bring the promise's tables to a later moment; none where they are not asked for."""
    if "added" not in said.get("show", []):
        return []
    changed: list[str] = said["changed"]
    assert can_add(plan, plan.measure.id, changed)  # type: ignore[union-attr]
    _make_tables(small)
    for source in changed:
        for side in ("come", "gone"):
            small.con.execute(f'create temp table "{side} {source}" as from source.{source} limit 0')
    was = replace(now, moment_us=now.moment_us - 86_400_000_000)
    recorded = Recording(small.con)
    assert add_changes(recorded, "snapshot", plan, was, now, changed), "few enough are touched"
    told = [each for each in recorded.asked if "temp macro" not in each and not each.startswith("describe")]
    return [("asked in this order" if told[0] is each else "then", each) for each in told]


def _readable(statement: str) -> str:
    """Return a statement with its lines broken where it is long; its words are as they are."""
    if "\n" in statement:
        return dedent(statement).strip() if statement.startswith("\n") else statement.strip()
    if len(statement) < 120 or "temp macro" in statement:
        return statement
    return re.sub(
        r" (?=(?:from|where|union all|group by|order by|having|insert|left join|join)\b)", "\n", statement
    )


if __name__ == "__main__":
    written = {GOLDEN / f"{name}.sql": sql_of(name) for name in CASES}
    written |= {ON_SPARK / f"{name}.sql": spark_sql_of(name) for name in CASES if on_spark_too(name)}
    for old in (*GOLDEN.glob("*.sql"), *ON_SPARK.glob("*.sql")):
        old.unlink()
    for path, words in written.items():
        path.write_text(words, encoding="utf-8")
