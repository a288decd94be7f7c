"""A refresh that asks Spark publishes, row for row, the snapshot of one that asks DuckDB; where it cannot, it says why in one sentence."""

import shutil
from importlib import util
from pathlib import Path

import pandas as pd
import pytest

from aspromised.declare.load import load
from aspromised.sql.on_spark import session
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.refreshing.company import Company
from tests.refreshing.test_adding import tables

UNLIKE = {"meta", "judging", "judged_from", "declaration_problem"}
"""What tells of the judging itself, and that of Spark is noted."""


@pytest.fixture(scope="module")
def unpublished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a company of which nothing is published."""
    return company_of(tmp_path_factory.mktemp("unpublished") / "c", 0).root


def company_of(root: Path, seed: int, url: str = "") -> Company:
    """Return a company of some days, judged at an address if one is given."""
    company = Company(root, seed)
    for _ in range(3):
        company.step()
    if url:
        declared = root / "promises/all.yaml"
        declared.write_text(f"engine: {{spark: '{url}'}}\n" + declared.read_text())
    return company


@pytest.mark.parametrize("seed", [0, 3])
def test_every_table_is_the_same(seed: int, spark_url: str, tmp_path: Path) -> None:
    company = company_of(tmp_path / "here", seed)
    shutil.copytree(company.root, tmp_path / "there")
    moment = f"{company.now:%Y-%m-%d}"
    here = run("refresh", "--workspace", company.root, "--as-of", moment)
    there = run("refresh", "--workspace", tmp_path / "there", "--as-of", moment, "--engine", spark_url)
    assert (there.code, there.err) == (here.code, here.err)
    expected, found = tables(company.root), tables(tmp_path / "there")
    assert set(found) == set(expected)
    for name in expected.keys() - UNLIKE:
        pd.testing.assert_frame_equal(found[name], expected[name], obj=name)
    assert len(found["item"]) and len(found["known_daily"]) and len(found["lateness_daily"])


def test_a_snapshot_says_what_judged_it_and_serves_as_any_other(spark_url: str, tmp_path: Path) -> None:
    company = company_of(tmp_path / "c", 0, spark_url)
    assert run("refresh", "--workspace", company.root).code == 0
    with open_snapshot(company.root) as snapshot:
        assert snapshot.meta["engine"].startswith("spark ")
        asked = snapshot.query("select sql from judging where promise_id = 'hours' and table_name = 'item'")
        assert "CAST(TIMESTAMP_MICROS(due) AS TIMESTAMP_NTZ) AS due" in asked["sql"][0]
    assert run("status", "--workspace", company.root).code in (0, 1)
    again = run("refresh", "--workspace", company.root, "--engine", "duckdb")
    assert again.code == 0
    with open_snapshot(company.root) as snapshot:
        assert snapshot.meta["engine"].startswith("duckdb ")


def test_check_tells_what_is_not_available_with_its_line(spark_url: str, tmp_path: Path) -> None:
    company = company_of(tmp_path / "c", 0, spark_url)
    declared = company.root / "promises/all.yaml"
    declared.write_text(
        declared.read_text().replace("only: n > 2", "only: \"regexp_extract(region, 'n') = 'n'\"")
    )
    told = run("check", "--workspace", company.root)
    line = next(n for n, text in enumerate(declared.read_text().splitlines(), 1) if "regexp_extract" in text)
    assert told.code == 1
    assert f"promises/all.yaml:{line}:" in told.out
    assert "`regexp_extract` is not available on spark: docs/scaling.md lists what is" in told.out
    refreshed = run("refresh", "--workspace", company.root)
    assert refreshed.code == 1 and "not judged: hours: " in refreshed.out
    assert "`regexp_extract` is not available on spark" in refreshed.out


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sc://127.0.0.1:1", "no spark answers at sc://127.0.0.1:1 (Connection refused)"),
        ("sc://no-such-host.invalid:15002", "no spark answers at sc://no-such-host.invalid:15002"),
        ("sc://127.0.0.1:1/;token=secret", "no spark answers at sc://127.0.0.1:1 ("),
    ],
)
def test_where_nobody_answers_nothing_is_published_and_it_is_said_once(
    address: str, said: str, unpublished: Path
) -> None:
    told = run("refresh", "--workspace", unpublished, "--engine", address)
    assert told.code == 1 and told.out == "" and said in told.err
    assert "secret" not in told.err and "Traceback" not in told.err
    assert not (unpublished / ".aspromised/CURRENT").exists()


@pytest.mark.parametrize(
    ("missing", "address", "said"),
    [
        ("pyspark", "sc://127.0.0.1:1", "its client is not installed: pip install 'aspromised[spark]'"),
        ("py4j", "spark://127.0.0.1:1", "takes the whole of pyspark: pip install pyspark"),
    ],
)
def test_a_missing_client_is_named(
    missing: str, address: str, said: str, unpublished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = util.find_spec
    monkeypatch.setattr(session, "find_spec", lambda name: None if name == missing else real(name))
    told = run("refresh", "--workspace", unpublished, "--engine", address)
    assert told.code == 1 and said in told.err


def test_a_cluster_without_java_here_is_told(unpublished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: name)
    monkeypatch.setattr(session.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    told = run("refresh", "--workspace", unpublished, "--engine", "spark://127.0.0.1:1")
    assert told.code == 1 and "takes Java here too, and there is none: install a Java 17 runtime" in told.err


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("spark", "--engine spark needs an address: write engine: {spark: sc://host:15002}"),
        ("trino", "'trino' is no address of spark: write sc://host:15002"),
        ("sc://:1", "'sc://:1' is no address of spark"),
        ("sc://a:b", "has a port that is no number"),
    ],
)
def test_an_engine_that_is_none_is_told(engine: str, said: str, unpublished: Path) -> None:
    told = run("refresh", "--workspace", unpublished, "--engine", engine)
    assert told.code == 1 and said in told.err


def test_an_address_that_cannot_be_read_judges_nothing_elsewhere(tmp_path: Path) -> None:
    company = company_of(tmp_path / "c", 0, "ftp://there")
    assert load(company.root).engine is None
    told = run("refresh", "--workspace", company.root)
    assert told.code == 1 and "'ftp://there' is no address of spark" in told.err


def test_more_rows_than_are_handed_over_are_told(
    spark_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aspromised.judge.remote.plans.MOST_ROWS", 3)
    root = company_of(tmp_path / "c", 0, spark_url).root
    said = (
        "rows, and of a source loaded here at most 3 are handed over: let spark read it itself, with `spark:`"
    )
    told = run("refresh", "--workspace", root)
    assert told.code == 1 and said in told.out
    checked = run("check", "--workspace", root).out
    assert said in checked and "data/sources.yaml:3:3: 'orders' has" in checked


def test_more_items_than_come_back_are_told_of_no_part(
    spark_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aspromised.judge.remote.judging.MOST_ITEMS", 3)
    company = company_of(tmp_path / "c", 0, spark_url)
    told = run("refresh", "--workspace", company.root)
    assert told.code == 1 and "not judged: hours: " in told.out and "more than 3 of its items" in told.out
    assert tables(company.root)["item"].query("promise_id == 'hours'").empty
