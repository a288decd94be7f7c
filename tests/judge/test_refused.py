"""What `check` calls an error is not judged by a refresh: told beside what it concerns, and the rest goes on."""

import ast
from pathlib import Path

import duckdb
import pytest

import aspromised
from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.judge.binding import bind
from aspromised.judge.readiness.filling import judge_readiness
from aspromised.judge.run import judge_into
from aspromised.sql.duckdb import DuckDB
from aspromised.words.moments import as_of_moment

COMPANY = """
company: {name: Test, timezone: Europe/London, teams: [a, b]}
calendars:
  shop: {timezone: Europe/London, open: {mon-fri: ["09:00-12:00", "13:00-17:00"]}, holidays: {country: GB}}
promises:
  late:
    {claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: items, id: id, started: s, done: d,
     within: 2 business hours, calendar: shop, only: n > 0}, versions: [{from: 2026-01-01}, {from: 2026-02-01}]}
  right: {claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: items, id: id, at: s, kept_when: n > 1, segments: [n]}}
  even: {claim: c, made_by: a, kept_by: b, target: 90%, measure: {spread_of: right, across: n, at_most: 5 points}}
  sound: {claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: others, id: id, at: s, kept_when: n > 1}}
  few: {claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: few, id: id, at: s, kept_when: n > 1}}
  again: {claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: others, id: id, at: s, same: [n], not_again_within: 2 days}}
corrections:
  storm: {promises: [right], from: 2026-03-04, to: 2026-03-05, because: storm}
capacity:
  desk: {source: plan, day: day, available: units, load: {source: items, at: s}}
promotions:
  spring:
    says: x
    launched: 2026-03-20
    ends: 2026-03-30
    leans_on: [sound]
    run_by: a
    ready_when:
      - {gate: holding, promise: sound, kept_at_least: 10%, over: 28 days}
      - {gate: room, capacity: desk, headroom_at_least: 1%}
      - {gate: came, sql: select count(*) from others where cast(s as date) <= :day, at_least: 1}
      - {gate: trained, signed_off_by: a, on: 2026-03-01}
  autumn:
    {says: y, launched: 2026-03-20, leans_on: [sound], ready_when: [{gate: holding, promise: sound, kept_at_least: 10%}]}
"""
SOURCES = """
connections: {shop: {kind: postgres, url_env: SHOP_URL}}
sources:
  items: {files: items.csv, key: id, timestamp_format: "%d/%m/%Y"}
  others: {files: others.csv}
  some: {sql: select * from others}
  few: {sql: select * from some where n > 1}
  plan: {connection: shop, query: select 1}
"""
CASES = {
    "no-such-source": ("{items: items, id: id, at: s, kept", "{items: itms, id: id, at: s, kept", {"right", "even"}),
    "no-such-calendar": ("calendar: shop", "calendar: shp", {"late"}),
    "no-such-promise": ("spread_of: right", "spread_of: rihgt", {"even"}),
    "no-such-chain": ("{claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: items, id: id, at", "{chain: x, claim: c, made_by: a, kept_by: b, target: 90%, measure: {items: items, id: id, at", {"right", "even"}),
    "no-such-capacity": ("capacity: desk", "capacity: dsk", {"spring/room"}),
    "no-such-connection": ("{connection: shop", "{connection: shp", {"spring/room"}),
    "no-such-team": ("kept_by: b, target: 90%, measure: {spread", "kept_by: z, target: 90%, measure: {spread", {"even"}),
    "no-such-team/gate": ("signed_off_by: a", "signed_off_by: z", {"spring/trained"}),
    "timezone": ("shop: {timezone: Europe/London", "shop: {timezone: Europe/Lndon", {"late"}),
    "opening-hours": ('"13:00-17:00"', '"11:00-17:00"', {"late"}),
    "opening-hours/twice": ('{mon-fri: ["09', '{fri: ["09:00-10:00"], mon-fri: ["09', {"late"}),
    "holidays": ("country: GB", "country: XX", {"late"}),
    "clock": ("within: 2 business hours,", "within: 2 business hours, by: d,", {"late"}),
    "versions": ("{from: 2026-02-01}", "{from: 2026-01-01}", {"late"}),
    "segments": ("segments: [n]", "segments: [n, N]", {"right", "even"}),
    "spread": ("across: n", "across: m", {"even"}),
    "promotion": ("ends: 2026-03-30", "ends: 2026-03-10", {"spring"}),
    "promotion/leans": ("leans_on: [sound]\n", "leans_on: []\n", {"spring"}),
    "gate": ("over: 28 days", "over: 28 hours", {"spring/holding"}),
    "gate/two": ("{gate: room, capacity: desk, headroom_at_least: 1%}", "{gate: room, capacity: desk, headroom_at_least: 1%, at_most: 3}", {"spring/room"}),
    "correction": ("to: 2026-03-05", "to: 2026-03-03", {"right", "even"}),
    "capacity": ("load: {source: items, at: s}}", "load: {source: items, at: s}, outside: {x: y}}", {"spring/room"}),
    "source": ("{files: others.csv}", "{files: others.csv, latest_by: s}", {"sound", "again", "few", "spring/came"}),
    "files": ("files: others.csv", "files: ../others.csv", {"sound", "again", "few", "spring/came"}),
    "format": ("%d/%m/%Y", "%d/%m/%Q", {"late", "right", "even", "spring/room"}),
    "connection": ("url_env: SHOP_URL", "url_env: postgres://a", {"spring/room"}),
    "expression": ("only: n > 0", "only: n + 1", {"late"}),
    "expression/correction": ("because: storm", "because: storm, only: m = 1", {"right", "even"}),
    "expression/gate": ("select count(*) from others", "select count(*) from elsewhere", {"spring/came"}),
    "column": ("done: d,", "done: e,", {"late"}),
    "length": ("not_again_within: 2 days", "not_again_within: 2 business days", {"again"}),
}  # fmt: skip
"""An error → what is written instead of what, and what is then not judged: a promise, a promotion, promotion/gate."""

NOT_OF_THESE = {
    "chain": "no promise hangs on it: tests/judge/chains",
    "engine": "what cannot be said on Spark: tests/judge/remote/test_authored.py",
    "calendar": "told when a calendar is laid out, and by `check` as opening-hours, timezone or holidays",
    "judge": "told by judging itself",
    "too-much": "told by judging itself",
    "not-judged-yet": "a note",
    "correction-lost": "a warning",
    "by-place": "a warning",
    "chain-long": "a warning",
    "change": "a warning",
    "unfunded": "a warning",
    "no-such-activity": "a warning",
    "ratings": "no promise hangs on them: tests/judge/test_ratings.py",
    "said-differently": "a warning",
    "target-out-of-reach": "a warning",
    "rows-set-aside": "a note",
}


def judged(folder, old="", new="", more=""):
    """Return the errors, and what was not judged, of the workspace with one thing written otherwise."""
    for name, text in {"promises/all.yaml": COMPANY, "data/sources.yaml": SOURCES}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text)
    (folder / "promises" / "more.yaml").write_text(more)
    workspace = load(folder)
    con = DuckDB(duckdb.connect())
    con.execute("set TimeZone = 'Europe/London'; create schema source; create schema out")
    for name in ("items", "others"):
        con.execute(f"create table source.{name} (id integer, s timestamptz, d timestamptz, n integer)")
        con.execute(
            f"insert into source.{name} select i, timestamptz '2026-03-02 10:00' + interval (i) hour, null, i from range(400) t(i)"
        )
    con.execute(
        "create table source.some as from source.others; create table source.few as from source.others"
    )
    con.execute(
        "create table source.plan as select date '2026-03-02' + i::integer as day, 1000 as units from range(40) t(i)"
    )
    moment = as_of_moment("2026-03-25", workspace.timezone)
    judge_into(con, workspace, moment, "out")
    judge_readiness(con, workspace, moment, "out", {})
    problems = [p for p in (*check(workspace), *bind(con, workspace)) if p.severity == "error"]
    refused = dict(
        con.execute("select promise_id, problem from out.promise where problem is not null").fetchall()
    )
    sql = "select promotion_id || '/' || gate, evidence from out.gate where met is null and evidence not like '%no value%'"
    gates = {name: told for name, told in con.execute(sql).fetchall() if "was not judged" not in told}
    launches = dict(con.execute("select promotion_id, why from out.readiness where why like 'its declaration%'").fetchall())  # fmt: skip
    kept = {name for (name,) in con.execute("select distinct promise_id from out.verdict_cell").fetchall()}
    assert not kept & set(refused)
    return problems, refused | gates | launches


def test_without_an_error_all_is_judged(tmp_path):
    problems, refused = judged(tmp_path)
    assert not problems and set(refused) <= {"spring/trained"}, (problems, refused)


@pytest.mark.parametrize("case", CASES)
def test_an_error_keeps_what_it_concerns_from_being_judged_and_nothing_else(tmp_path, case):
    old, new, concerned = CASES[case]
    assert old in COMPANY + SOURCES
    problems, refused = judged(tmp_path, old, new)
    assert case.split("/")[0] in {problem.code for problem in problems}
    trained = {"spring/trained"} - concerned
    assert set(refused) - trained == concerned, refused
    assert any(problem.message in " ".join(refused.values()) for problem in problems)


def test_a_promise_declared_twice_is_not_judged_by_either(tmp_path):
    problems, refused = judged(tmp_path, more="promises: {even: {claim: z}}")
    assert {problem.code for problem in problems} == {"duplicate-id", "missing-key"}
    assert set(refused) - {"spring/trained"} == {"even"}


def test_every_code_that_can_be_an_error_is_tried():
    root = Path(aspromised.__file__).parent
    files = [*(root / "declare" / "checks").glob("*.py"), *(root / "judge").rglob("*.py")]
    calls = [
        node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)
    ]
    codes = {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("problem", "problem_at_key")
        and isinstance(call.args[0], ast.Constant)
    }
    assert codes - NOT_OF_THESE.keys() <= {case.split("/")[0] for case in CASES}
