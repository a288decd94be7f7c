"""What cannot be had of a source that Spark reads itself is told by `check`, in its file and line, or by the refresh."""

from pathlib import Path

import duckdb
import pytest

from tests.cli.run import run

PROMISES = """
company: {{name: c, timezone: Europe/London}}
{engine}
promises:
  right:
    claim: Right
    made_by: m
    kept_by: k
    target: 90%
    measure: {{items: rows, id: id, at: at, kept_when: n > 1}}
"""


def workspace(root: Path, source: str, url: str = "sc://127.0.0.1:1", more: str = "") -> Path:
    """Make a workspace with a parquet file and a declared source, `FOLDER` in it being where the file lies."""
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    with duckdb.connect() as con:
        rows = "select i as id, i % 3 as n, 'a' as region, timestamp '2026-03-01' as at, [i] as list from range(9) t(i)"
        con.execute(f"copy ({rows}) to '{root}/data/rows.parquet'")
    engine = f"engine: {{spark: '{url}'}}" if url else ""
    (root / "promises/all.yaml").write_text(PROMISES.format(engine=engine) + more)
    (root / "data/sources.yaml").write_text("sources:\n" + source.replace("FOLDER", f"{root}/data"))
    return root


THERE = "  rows: {spark: FOLDER/rows.parquet}\n"


@pytest.mark.parametrize(
    ("source", "place", "said"),
    [
        ("  rows: {spark: rows/}\n", "2:17", "'spark' names neither parquet as the cluster sees it"),
        ("  rows: {spark: 's3a://me:secret@lake/rows/'}\n", "2:17", "credentials are the cluster's to hold"),
        (
            "  rows: {spark: lake.rows, files: x.csv}\n",
            "2:10",
            "'files' is given already: a source is read from one",
        ),
        (
            "  rows: {spark: lake.rows, decimal: ','}\n",
            "2:28",
            "'decimal' tells how text is read, and spark reads",
        ),
        ("  rows: {spark: lake.rows, date_format: '%d'}\n", "2:28", "'date_format' tells how text is read"),
    ],
)
def test_check_tells_where_a_source_is_declared_wrongly(
    source: str, place: str, said: str, tmp_path: Path
) -> None:
    told = run("check", "--no-data", "--workspace", workspace(tmp_path / "c", source))
    assert told.code == 1 and f"data/sources.yaml:{place}: " in told.out and said in told.out
    assert "secret" not in told.out


def test_without_an_engine_nobody_reads_it(tmp_path: Path) -> None:
    root = workspace(tmp_path / "c", THERE, url="")
    told = run("check", "--workspace", root)
    assert (
        told.code == 1
        and "it is read by spark, and none is named: write engine: {spark: sc://host" in told.out
    )
    refreshed = run("refresh", "--workspace", root)
    assert refreshed.code == 1 and "its rows are read by spark, and this asks none" in refreshed.out


def test_check_warns_that_nothing_is_known_where_spark_does_not_answer(tmp_path: Path) -> None:
    told = run("check", "--workspace", workspace(tmp_path / "c", THERE))
    assert told.code == 0
    assert (
        "warning: rows: its columns are not known, and what is said of them was not looked at: no spark"
        in told.out
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("  rows: {spark: FOLDER/rows.parquet, must: ['upper(region) = region']}\n", "`upper` is not available on spark"),
        ("  rows: {spark: FOLDER/rows.parquet, columns: {region: integer}}\n", "column 'region' is text and declared 'integer'"),
        ("  rows: {spark: FOLDER/rows.parquet, key: nummer}\n", "there is no column 'nummer': the data has id, n, region"),
        ("  rows: {spark: FOLDER/none.parquet}\n", "rows: "),
        (THERE + "  few: {sql: select id from source.rows}\n", "it reads 'rows', whose rows are read by spark alone"),
    ],
)  # fmt: skip
def test_what_spark_does_not_read_is_told_by_check_and_by_the_refresh(
    source: str, said: str, spark_url: str, tmp_path: Path
) -> None:
    root = workspace(tmp_path / "c", source, spark_url)
    checked = run("check", "--workspace", root)
    assert checked.code == 1 and "data/sources.yaml:" in checked.out and said in checked.out
    refreshed = run("refresh", "--workspace", root)
    assert refreshed.code == 1 and said in refreshed.out and "Traceback" not in refreshed.err


LAUNCH = """
capacity: {desk: {source: rows, available: n, day: at}}
promotions:
  spring:
    says: Spring
    launched: 2026-03-27
    leans_on: [right]
    ready_when: [{gate: stock, sql: 'select max(n) from source.rows where at < :day', at_least: 1}]
"""


def test_gates_and_capacities_over_it_are_refused(spark_url: str, tmp_path: Path) -> None:
    root = workspace(tmp_path / "c", THERE, spark_url, LAUNCH)
    told = run("check", "--workspace", root)
    assert told.code == 1
    assert "it reads 'rows', whose rows are read by spark alone, and a query is asked here" in told.out
    assert (
        "the rows of 'rows' are read by spark alone, and only a refresh asks it: a capacity is counted here"
        in told.out
    )
    refreshed = run("refresh", "--workspace", root)
    assert "not judged" not in refreshed.out and "Traceback" not in refreshed.err
    launches = run("launches", "--json", "--workspace", root)
    assert "it reads 'rows', whose rows are read by spark alone" in launches.out
