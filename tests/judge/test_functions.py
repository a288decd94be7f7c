"""Every function an author may use, as docs/functions.md shows it, from the YAML through `check` and judging to its verdict."""

import json
import re
from pathlib import Path

import pytest
from sqlglot import exp, parse_one

from aspromised.sql.authored.allowlist import AGGREGATES, SCALAR_FUNCTIONS
from aspromised.sql.authored.guard import function_name
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run

PAGE = Path(__file__).parents[2] / "docs" / "functions.md"
_LINE = re.compile(r"^\| (\w+) \| `(.+)` \| `(.+)` \|$", re.MULTILINE)

ROWS = """id,n,x,region,name,moved,nothing,day,at,done
1,7,-2.5,north-east," Ana ",true,,2026-03-27,2026-03-27 10:30:15.5,2026-03-30 09:00
2,1,0.5,south,Bo,false,,2026-03-28,2026-03-28 10:00,2026-03-30 09:00
3,4,0.5,south,Cy,true,,2026-03-29,2026-03-29 10:00,2026-03-30 09:00
4,4,0.5,,Di,true,,2026-03-30,2026-03-30 10:00,2026-03-30 09:00
"""
TYPES = {
    "id": "text", "n": "integer", "x": "number", "region": "text", "name": "text", "moved": "boolean",
    "nothing": "text", "day": "date", "at": "timestamp", "done": "timestamp",
}  # fmt: skip


def examples(section: int) -> list[tuple[str, str, str]]:
    """Return function, example and value of each line of a section of the page."""
    return _LINE.findall(PAGE.read_text().split("\n## ")[section])


IN_ANY, IN_QUERIES = examples(1), examples(2)
EXAMPLES = {f"e{n} {name}": (example, value) for n, (name, example, value) in enumerate(IN_ANY + IN_QUERIES)}


def query(example: str) -> str:
    if " over " not in example:
        return f"select distinct {example} as it from orders"
    return f"select it from (select {example} as it, day from orders) where day = '2026-03-30'"


def promise(items: str, only: str, said: list[tuple[str, str]]) -> dict[str, object]:
    """Return a promise whose segments are: is the first what the second says?"""
    segments = [{name: f"({it}) is not distinct from ({EXAMPLES[name][1]})"} for name, it in said]
    measure = {
        "items": items,
        "id": "id",
        "at": "at",
        "only": only,
        "kept_when": "true",
        "segments": segments,
    }
    return {"claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", "measure": measure}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return of each example whether it is what the page says, as the judge tells it of a segment."""
    root = tmp_path_factory.mktemp("functions")
    names = list(EXAMPLES)
    scalars, aggregates = names[: len(IN_ANY)], names[len(IN_ANY) :]
    columns = ", ".join(f"({query(EXAMPLES[name][0])}) as {name.split()[0]}" for name in aggregates)
    sql = f"select '1' as id, timestamptz '2026-03-27 10:00:00+00' as at, {columns}"
    sources = {"orders": {"files": "orders.csv", "columns": TYPES}, "totals": {"sql": sql}}
    promises = {
        "scalars": promise("orders", "id = '1'", [(name, EXAMPLES[name][0]) for name in scalars]),
        "aggregates": promise("totals", "true", [(name, name.split()[0]) for name in aggregates]),
    }
    for name, content in {
        "data/orders.csv": ROWS,
        "data/sources.yaml": json.dumps({"sources": sources}),
        "promises/company.yaml": "company: {name: Corner Shop, timezone: Europe/London}",
        "promises/promises.yaml": json.dumps({"promises": promises}),
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(content)
    checked = run("check", "--workspace", root, "--json").json
    assert [problem for problem in checked["problems"] if problem["severity"] == "error"] == []
    assert run("refresh", "--workspace", root, "--as-of", "2026-04-01").code == 0
    with open_snapshot(root) as snapshot:
        rows = snapshot.con.execute("select segment, value from verdict_daily where segment <> ''").fetchall()
    return dict(rows)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_allowed_function_is_what_the_page_says(judged: dict[str, str], name: str) -> None:
    assert judged[name] == "true", EXAMPLES[name]


def test_every_allowed_function_has_an_example() -> None:
    trees = [parse_one(f"select {example}", dialect="duckdb") for example, _ in EXAMPLES.values()]
    used = {function_name(node) for tree in trees for node in tree.find_all(exp.Func)}
    assert used >= SCALAR_FUNCTIONS | AGGREGATES
    assert all(name in example for name, example, _ in IN_ANY + IN_QUERIES)
