"""What chains name is looked up in their sources, and what authors wrote there is guarded, as promises' is."""

import duckdb

from aspromised.declare.load import load
from aspromised.judge.binding import bind
from aspromised.sql.duckdb import DuckDB

COMPANY = "company: {name: A, timezone: Europe/London}\n"
SOURCES = "sources:\n  orders: {files: orders.csv}\n  log: {files: log.csv}\n"
STAGE = "supplier: a, customer: b"


def told(folder, chain, events=()):
    """Return what is said of one chain over an item table and a log, a line each."""
    (folder / "promises").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "promises/c.yaml").write_text(f"{COMPANY}chains:\n  c: {chain}\n")
    (folder / "data/sources.yaml").write_text(SOURCES)
    con = DuckDB(duckdb.connect())
    con.execute("create schema source")
    con.execute(
        "create table source.orders (id bigint, begun timestamptz, paid timestamptz, sent date, ok boolean)"
    )
    con.execute(
        'create table source.log (id bigint, what varchar, "at" timestamptz, who varchar, outcome varchar)'
    )
    for event in events:
        con.execute('insert into source.log (id, what, "at") values (?, ?, ?)', event)
    workspace = load(folder)
    assert not [p for p in workspace.problems if p.severity == "error"]
    return [problem.message for problem in bind(con, workspace)]


def of_orders(stage, items="source: orders, id: id, started: begun"):
    return f"{{items: {{{items}}}, stages: [{{stage: s, {STAGE}, {stage}}}]}}"


def of_log(stage, log=""):
    return f"{{events: {{source: log, id: id, activity: what, at: at{log}}}, stages: [{{stage: s, {STAGE}, {stage}}}]}}"


def test_a_chain_that_fits_its_data_has_nothing_said_of_it(tmp_path):
    sound = of_orders(
        "done: paid, working_from: begun, accepted_when: ok, requires: [{input: x, met_when: not ok}]"
    )
    assert told(tmp_path / "items", sound) == []
    log = of_log("done: PAID, kind: check, changed_when: \"outcome = 'no'\"", ", resource: who, team: who")
    assert told(tmp_path / "log", log) == []


def test_a_column_that_is_not_there_or_holds_no_moments_is_told(tmp_path):
    assert told(tmp_path / "a", of_orders("done: payd")) == [
        "the source 'orders' has no column 'payd'. Did you mean 'paid'?"
    ]
    assert told(tmp_path / "b", of_orders("done: ok"))[0].startswith(
        "the column 'ok' is boolean, not a date or a time"
    )
    assert told(tmp_path / "c", of_log("done: PAID", ", resource: whom")) == [
        "the source 'log' has no column 'whom'. Did you mean 'who'?"
    ]
    assert told(tmp_path / "d", of_log("done: PAID", ", started: who"))[0].startswith(
        "the column 'who' is varchar"
    )


def test_an_activity_is_no_column(tmp_path):
    assert told(tmp_path, of_log("done: anything at all, working_from: nothing of the kind")) == []


def test_an_activity_that_no_event_is_may_be_a_typo(tmp_path):
    """Of a log without any event nothing is known."""
    rows = [("1", "PAID", "2026-01-01"), ("1", "CHECKED", "2026-01-02")]
    assert told(tmp_path / "a", of_log("done: PAIDD, working_from: CHECKED"), rows) == [
        "no event of the source 'log' is 'PAIDD'. Did you mean 'PAID'?"
    ]
    assert told(tmp_path / "b", of_log("done: PAIDD")) == []


def test_what_authors_wrote_is_guarded_over_the_chains_own_source(tmp_path):
    assert told(tmp_path / "a", of_log("done: P, kind: check, changed_when: outcom = 'no'"))[0].startswith(
        "unknown column 'outcom'"
    )
    assert told(tmp_path / "b", of_orders("done: paid, accepted_when: id")) == [
        "'id' is bigint, not true or false (in the source 'orders')"
    ]
    assert (
        "read_csv" in told(tmp_path / "c", of_orders("done: paid, accepted_when: read_csv('x') is null"))[0]
    )
