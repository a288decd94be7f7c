"""What goes wrong with a database is told with what to mend, hides no other source, and never tells the password."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from aspromised.declare.model import Connection
from aspromised.store.formats.raw import SourceProblem
from aspromised.store.postgres.address import from_environment
from tests.postgres import PASSWORD, WRITTEN_PASSWORD, Server, needs_postgres, serving_postgres
from tests.store.postgres.test_read import VARIABLE, ask, connected
from tests.store.shop import Shop

__all__ = ["connected"]


def problem(shop: Shop) -> str:
    """Return what is told of the source `o`, having seen that a file beside it was loaded."""
    shop.file("f.csv", "n\n1\n")
    shop.source("f", files="f.csv")
    loaded = shop.load()
    assert loaded["f"].problem is None
    assert shop.query("select n from source.f") == [(1,)]
    assert shop.query("select count(*) from duckdb_tables() where schema_name = 'source'") == [(1,)]
    return loaded["o"].problem or ""


def test_a_variable_that_is_not_set_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    shop.connections["shop"] = Connection(kind="postgres", url_env=VARIABLE)
    ask(shop, "select 1")
    assert problem(shop) == (
        "SHOP_DATABASE_URL is not set: set it to the database's address, as in postgresql://user:password@host:5432/database"
    )


@pytest.mark.parametrize("text", [
    "hunter2secret", "mysql://ann:hunter2secret@host/shop", "postgresql://ann:hunter2secret/x@host/shop",
    "postgresql://ann:12/hunter2secret@host/shop", "postgresql://ann:hunter2#secret@host/shop",
    "postgresql://ann:12?hunter2secret@host/shop", "host=db password=hunter2secret", "postgresql://ann:pw@[hunter2secret/x",
])  # fmt: skip
def test_an_address_that_cannot_be_read_is_told_without_a_word_of_it(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(SourceProblem) as told:
        from_environment(VARIABLE)
    assert str(told.value).startswith(
        "SHOP_DATABASE_URL does not hold a PostgreSQL address: write it as postgresql://"
    )
    assert "hunter2" not in str(told.value)


def test_an_address_shows_host_and_database_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        VARIABLE,
        "postgresql+psycopg://ann:s%40cret@db.example:5433/shop?sslmode=require&options=-c%20search_path%3Dsupport",
    )
    address = from_environment(VARIABLE)
    assert str(address) == "db.example:5433/shop"
    assert "cret" not in repr(address)
    assert address.uri("-c a=b", {"connect_timeout": "10"}) == (
        "postgresql://ann:s%40cret@db.example:5433/shop?connect_timeout=10&sslmode=require"
        "&options=-c%20search_path%3Dsupport%20-c%20a%3Db"
    )
    assert address.censored("is s@cret or s%40cret right?") == "is … or … right?"
    assert replace(address, password="").uri("", {}).startswith("postgresql://ann@db.example:5433/shop?")


def test_a_server_that_does_not_answer_is_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.connections["shop"] = Connection(kind="postgres", url_env=VARIABLE)
    ask(shop, "select 1")
    monkeypatch.setenv(VARIABLE, "postgresql://ann:hunter2@127.0.0.1:1/shop")
    assert problem(shop) == (
        "127.0.0.1:1/shop: nothing answers there: check that the server runs, and the host and port in SHOP_DATABASE_URL"
    )
    monkeypatch.setenv(VARIABLE, "postgresql://ann:hunter2@nowhere.invalid/shop")
    assert problem(shop) == (
        "nowhere.invalid/shop: there is no such host: check the host in SHOP_DATABASE_URL, and the network"
    )


@needs_postgres
def test_a_wrong_password_is_told_without_the_password(
    connected: Shop,
    postgres: Server,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(VARIABLE, postgres.address(password="hunter2secret"))
    ask(connected, "select 1")
    told = problem(connected)
    assert told == (
        f"127.0.0.1:{postgres.port}/postgres: the password or the user is not the right one: set SHOP_DATABASE_URL anew"
    )
    assert "hunter2secret" not in caplog.text + "".join(capfd.readouterr())
    assert holding(connected.root, "hunter2secret") == []


@needs_postgres
def test_the_password_is_in_nothing_that_a_refresh_leaves_behind(connected: Shop) -> None:
    ask(connected, "select 1 as n, 'recorded'::text as word")
    assert connected.load()["o"].problem is None
    files = holding(connected.root, "recorded")
    assert [file.name for file in files] == ["warehouse.duckdb"]
    assert holding(connected.root, PASSWORD) + holding(connected.root, WRITTEN_PASSWORD) == []


def holding(root: Path, words: str) -> list[Path]:
    """Return the files under `root` that hold the words."""
    return [file for file in root.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


@needs_postgres
@pytest.mark.parametrize(
    ("database", "said"), [("nothing", 'database "nothing" does not exist: check SHOP_DATABASE_URL')]
)
def test_what_the_server_says_is_told(
    connected: Shop, postgres: Server, monkeypatch: pytest.MonkeyPatch, database: str, said: str
) -> None:
    monkeypatch.setenv(VARIABLE, postgres.address(database=database))
    ask(connected, "select 1")
    assert problem(connected) == f"127.0.0.1:{postgres.port}/{database}: {said}"


QUERIES = {
    "select * from nowhere": 'the query does not run: relation "nowhere" does not exist',
    "selec 1": 'the query does not run: syntax error at or near "1"',
    "select datnam from pg_database": 'the query does not run: column "datnam" does not exist (Perhaps you meant to reference '
    'the column "pg_database.datname".)',
    "select 1 / 0": "the query does not run: division by zero",
    "select 1 / (500 - i) as n from generate_series(1, 1000) as i": "the query does not run: division by zero",
    "select 1; drop table kept": "the query is several: write one query that only reads: a select",
    "insert into kept values (2)": 'the query does not run: syntax error at or near "into"',
    "with gone as (delete from kept returning n) select n from gone": "the query would change data: write one query that only "
    "reads: a select",
    "select nextval('counter')": "the query would change data: write one query that only reads: a select",
    "select set_config('transaction_read_only', 'off', false)": "the query does not run: transaction read-write mode must be set "
    "before any query",
    "copy (select 1) to program 'true'": 'the query does not run: syntax error at or near "select"',
    "select 1) as asked; select (1": "the query is several: write one query that only reads: a select",
    "": 'the query does not run: syntax error at or near ")"',
    "select 1 as n from pg_sleep(30)": "the query took longer than 1 second: make it lighter, or give the connection a longer `time_out`",
    "select 1 as n, pg_sleep(0.01)::text from generate_series(1, 3000)": "the query took longer than 1 second: make it lighter, "
    "or give the connection a longer `time_out`",
}


@needs_postgres
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_fails_says_why_and_changes_nothing(
    connected: Shop, postgres: Server, query: str
) -> None:
    postgres.run("create table if not exists kept (n integer)", "truncate kept", "insert into kept values (1)",
                 "create sequence if not exists counter")  # fmt: skip
    connected.connections["shop"] = Connection(kind="postgres", url_env=VARIABLE, time_out="1 second")
    ask(connected, query)
    assert problem(connected) == f"127.0.0.1:{postgres.port}/postgres: {QUERIES[query]}"
    assert postgres.rows("select n from kept") == [(1,)]


COLUMNS = {
    "inet '10.0.0.1' as ip": "the column 'ip' is of PostgreSQL's type inet, which is not read: write it in the query as cast(ip as text)",
    "array[inet '10.0.0.1'] as ips": "the column 'ips' is of PostgreSQL's type _inet, which is not read: write it in the query as "
    "cast(ips as text)",
    "5::money as paid": "the column 'paid' is of PostgreSQL's type money, which is not read: write it in the query as "
    "cast(paid as numeric)",
    "row(1, 2) as pair": "the column 'pair' is of PostgreSQL's type record, which is not read: write it in the query as "
    "cast(pair as text)",
    "1 as a, 2 as a": "the query: two columns are called 'a': rename one",
}


@needs_postgres
@pytest.mark.parametrize("columns", COLUMNS)
def test_a_column_that_would_be_misread_is_refused_by_its_name(connected: Shop, columns: str) -> None:
    ask(connected, f"select {columns}")
    assert problem(connected) == COLUMNS[columns]


@needs_postgres
def test_a_column_that_is_missing_is_told(connected: Shop, postgres: Server) -> None:
    ask(connected, "select 1 as order_id", key="orderid")
    assert "there is no column 'orderid'" in problem(connected)


@needs_postgres
def test_a_source_whose_server_went_away_comes_back_with_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.connections["shop"] = Connection(kind="postgres", url_env=VARIABLE)
    ask(shop, "select 1 as n")
    with serving_postgres() as server:
        monkeypatch.setenv(VARIABLE, server.url)
        assert shop.load()["o"].problem is None
        server.stop()
        assert "nothing answers there" in problem(shop)
        server.start()
        assert shop.load()["o"].problem is None
        assert shop.query("select n from source.o") == [(1,)]


def test_a_connection_that_is_not_declared_is_told(shop: Shop) -> None:
    ask(shop, "select 1")
    assert problem(shop) == "there is no connection 'shop': declare it under `connections`"


@needs_postgres
def test_a_pooler_that_swallows_the_guard_is_refused(
    connected: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stands in for a pooler told to ignore `options`: the options are lost on their way to the server."""
    monkeypatch.setattr("aspromised.store.postgres.address.Address.uri", lambda self, options, defaults: (
        f"postgresql://{self.user}:{WRITTEN_PASSWORD}@{self.hosts}/{self.database}"))  # fmt: skip
    ask(connected, "select 1")
    assert "does not take the options that keep a session from writing" in problem(connected)
