"""The tests' own server does what other tests rely on."""

from pathlib import Path

from tests.postgres import needs_postgres, serving_postgres


@needs_postgres
def test_a_server_starts_stops_starts_again_and_leaves_nothing() -> None:
    with serving_postgres() as server:
        server.run("create table t (n integer)", "insert into t values (1), (2)")
        server.stop()
        server.start()
        assert server.rows("select sum(n)::integer from t") == [(3,)]
        folder: Path = server.folder
    assert not folder.exists()
