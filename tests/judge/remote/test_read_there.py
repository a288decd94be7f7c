"""A source that Spark reads itself holds, row for row, what it would if it were loaded here, and so does all that follows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
import yaml

from aspromised.declare.load import load
from aspromised.judge.remote.sources import SourcesThere
from aspromised.sql.engine import EngineError
from aspromised.sql.on_spark.session import Spark
from aspromised.store.warehouse import writing
from tests.cli.run import run
from tests.judge.remote.test_equal import rows
from tests.judge.remote.test_refreshed_there import UNLIKE, company_of
from tests.refreshing.company import Company
from tests.refreshing.test_adding import tables
from tests.store.shop import Rows, Shop

ROWS = """
select
    case when random() < .02 then null else cast(i // 2 as {id}) end as id,
    timestamp '{night}' + to_minutes(cast(random() * 600 as int)) + to_microseconds(cast(random() * 9 as int)) as wall,
    timestamptz '{night}+00' + to_minutes(cast(random() * 600 as int)) as "At Once",
    case when random() < .9 then date '2026-03-01' + cast(random() * 40 as int) end as day,
    case when random() < .1 then 'nan'::double when random() < .8 then random() * 10 - 3 end as x,
    random()::float as f,
    cast(random() * 100 as decimal(10, 2)) as price,
    cast(random() * 5 as int) as n,
    case when random() < .8 then random() < .5 end as moved,
    [null, '', 'none', 'north', 'O''Neil \\ ${{x}} `y` "z" é', ' x ', repeat('é', 60000)][1 + cast(random() * 6.02 as int)] as "the region",
    null::varchar as nothing,
    [i] as list,
    timestamp '2026-03-25' + to_hours(cast(i // 9 as int)) as seen
from range(400) t(i)
"""

SHAPES: Mapping[str, tuple[dict[str, Any], dict[str, str]]] = {
    "as it stands": ({}, {}),
    "other nulls": ({"nulls": ["none", "O'Neil \\ ${x} `y` \"z\" é"]}, {}),
    "typed": ({"columns": {"n": "integer", "f": "number", "price": "number", "day": "timestamp", "wall": "date", "id": "integer"}}, {}),
    "rules": ({"must": ["wall is null or hour(wall) <> 5", "n > 0", "\"the region\" <> 'north' or x > 0"]}, {}),
    "a key": ({"key": "ID"}, {}),
    "a key of texts": ({"key": "the region", "latest_by": "moved", "must": ["n < 4"]}, {}),
    "the latest": ({"key": "id", "latest_by": "wall", "must": ["n < 4"]}, {}),
    "as it arrived": ({"key": "id", "latest_by": "wall", "arrived": "seen"}, {}),
    "by the day": ({"key": "id", "latest_by": "n", "arrived": "day"}, {}),
    "elsewhere": ({"timezone": "America/Sao_Paulo"}, {"night": "2018-11-03 22:00:00"}),
    "half an hour": ({"timezone": "Australia/Lord_Howe"}, {"night": "2026-04-04 20:00:00"}),
    "spring": ({}, {"night": "2026-03-28 22:00:00"}),
    "long ago": ({}, {"night": "1899-12-31 20:00:00"}),
    "beyond": ({}, {"night": "9999-12-31 20:00:00"}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_source_read_there_holds_what_it_would_here(shape: str, spark: Spark, tmp_path: Path) -> None:
    declared, varied = SHAPES[shape]
    shop = Shop(tmp_path / "shop")
    write(shop.data / "rows", ROWS.format(**{"night": "2026-10-24 20:00:00", "id": "bigint"} | varied))
    shop.source("here", files="rows/*.parquet", **declared)
    shop.source("there", spark=f"{shop.data}/rows/*.parquet", **declared)
    read = SourcesThere(shop.workspace, spark)
    health = shop.load(there=read)
    here, there = health["here"], health["there"]
    assert (here.problem, there.problem) == (None, None)
    for count in ("rows_in", "rows_kept", "rows_set_aside", "duplicates_resolved"):
        assert getattr(there, count) == getattr(here, count), count
    assert shop.set_aside("there") == shop.set_aside("here")
    types = shop.types("here")
    assert shop.types("there") == {name: kind if name != "list" else "BLOB" for name, kind in types.items()}
    tables = ("source", "earlier")[: 1 + ("arrived" in declared)]
    for schema in tables:
        assert rows_there(spark, f"{schema}_there") == rows_here(shop, f"{schema}.here"), schema
    assert here.rows_kept and (here.rows_set_aside or shape not in ("rules", "a key"))


def write(folder: Path, sql: str) -> None:
    """Write what a query gives into two files of a folder."""
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute("select setseed(.3)")
        con.execute(f"create table rows as {sql}")
        for part in (0, 1):
            con.execute(f"copy (select * from rows where rowid % 2 = {part}) to '{folder}/{part}.parquet'")


def rows_here(shop: Shop, table: str) -> Rows:
    with writing(shop.workspace) as con:
        con.execute("set timezone = 'UTC'")
        return rows(con.arrow(f"select * exclude (list) from {table}"))


def rows_there(spark: Spark, view: str) -> Rows:
    return rows(spark.rows(f"select * from {view}"))


TYPES = {
    "id": "bigint", "order": "bigint", "n": "double", "moved": "boolean", "promised_on": "date", "region": "varchar",
    **dict.fromkeys(("ordered", "delivered", "cancelled", "seen", "held", "released"), "timestamptz"), "changed": "timestamp",
}  # fmt: skip


def in_parquet(company: Company, *, here: tuple[str, ...]) -> str:
    """Write the company's records as parquet in place of CSV; return its sources as Spark reads them, but for some read `here`."""
    declared = company.root / "data/sources.yaml"
    sources = declared.read_text()
    for name in ("orders", "holds"):
        folder = company.root / f"data/{name}"
        with duckdb.connect() as con:
            con.execute("set timezone = 'Europe/London'")
            con.execute(
                f"create table read as from read_csv('{folder}/*.csv', all_varchar = true, union_by_name = true)"
            )
            columns = [column for column, *_ in con.execute("describe read").fetchall()]
            typed = ", ".join(
                f'try_cast("{column}" as {kind if kind != "timestamp" else "timestamptz"})::{kind} as "{column}"'
                for column in columns
                if (kind := TYPES.get(column.lower(), "varchar"))
            )
            for part in (0, 1):
                con.execute(
                    f"copy (select {typed} from read where rowid % 2 = {part}) to '{folder}/{part}.parquet'"
                )
        sources = sources.replace(f"files: {name}/*.csv", f"files: {name}/*.parquet")
    declared.write_text(sources)
    for name in {"orders", "holds"} - set(here):
        sources = sources.replace(
            f"files: {name}/*.parquet", f"spark: '{company.root}/data/{name}/*.parquet'"
        )
    return sources


FEW = ("hours", "answer", "right", "lines")
"""Each asks something else of a source; that Spark judges every kind alike is tried without reading there, which is quicker."""


def few_promises(company: Company) -> None:
    """Leave a company these promises, and the gates that ask of them."""
    declared = company.root / "promises/all.yaml"
    said = yaml.safe_load(declared.read_text())
    said["promises"] = {name: said["promises"][name] for name in FEW}
    spring = said["promotions"]["spring"]
    spring["leans_on"] = ["right", "lines"]
    spring["ready_when"] = [gate for gate in spring["ready_when"] if gate["promise"] in FEW]
    declared.write_text(yaml.safe_dump(said))


@pytest.mark.parametrize(("seed", "here"), [(0, ()), (1, ("holds",))])
def test_a_refresh_publishes_the_same(
    seed: int, here: tuple[str, ...], spark_url: str, tmp_path: Path
) -> None:
    company = company_of(tmp_path / "c", seed)
    few_promises(company)
    there = in_parquet(company, here=here)
    moment = f"{company.now:%Y-%m-%d}"
    expected = run("refresh", "--workspace", company.root, "--as-of", moment)
    wanted = tables(company.root)
    declared = company.root / "promises/all.yaml"
    declared.write_text(f"engine: {{spark: '{spark_url}'}}\n" + declared.read_text())
    (company.root / "data/sources.yaml").write_text(there)
    told = run("refresh", "--workspace", company.root, "--as-of", moment)
    assert (told.code, told.err) == (expected.code, expected.err)
    found = tables(company.root)
    assert set(found) == set(wanted)
    for name in wanted.keys() - UNLIKE:
        if name == "demand_daily":
            continue  # how many came is counted here
        leave = ["kind", "files"] if name == "source_health" else []
        pd.testing.assert_frame_equal(
            found[name].drop(columns=leave), wanted[name].drop(columns=leave), obj=name
        )
    assert len(found["item"]) and len(found["known_daily"]) and len(found["lateness_daily"])
    assert found["promise"]["problem"].isna().all()


@pytest.fixture(scope="module")
def judged_there(spark_url: str, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Return a company all of whose records Spark reads itself, refreshed."""
    company = company_of(tmp_path_factory.mktemp("there") / "c", 3)
    sources = in_parquet(company, here=())
    (company.root / "data/sources.yaml").write_text(sources)
    declared = company.root / "promises/all.yaml"
    said = yaml.safe_load(declared.read_text())
    said |= {"engine": {"spark": spark_url}, "promises": {"hours": said["promises"]["hours"]}}
    (company.root / "promises/storm.yaml").unlink(missing_ok=True)
    del said["promotions"]
    declared.write_text(yaml.safe_dump(said))
    assert "not judged" not in run("refresh", "--workspace", company.root).out
    return company


ALONE = "the rows of 'orders' are read by spark alone, and only a refresh asks it"


@pytest.mark.parametrize(
    "asked",
    [
        ("why", "hours", "--item", "3"),
        ("why", "hours", "--as-of", "2026-03-28"),
        ("status", "--as-of", "2026-03-28"),
    ],
)
def test_what_would_need_its_rows_here_says_so(asked: tuple[str, ...], judged_there: Company) -> None:
    told = run(*asked, "--workspace", judged_there.root)
    assert ALONE in told.out + told.err
    assert "Traceback" not in told.err


def test_why_tells_the_query_that_was_asked_there(judged_there: Company) -> None:
    told = run("why", "hours", "--workspace", judged_there.root)
    assert told.code == 0 and "`source_orders`" in told.out


def test_its_rows_cannot_be_taken_for_none_by_what_asks_them_here(judged_there: Company) -> None:
    with writing(load(judged_there.root)) as con:
        for asked in (
            "count(*)",
            "min(id)",
            "max(ordered) filter (n > 3)",
            "count(*) filter (region = 'north')",
        ):
            for where in ("", "where n > 3", "where region is null", "where id in (select 1)"):
                with pytest.raises(EngineError, match="the rows of 'orders' are read by spark alone"):
                    con.run(f"select {asked} from source.orders {where}")
