"""Whether two states of the code come to the same tables, row for row: to run before and after the judge is rearranged.

`PYTHONPATH=CHECKOUT python bench/equal.py write FOLDER [WORLD …]` judges worlds by the code of a checkout and keeps every
table; `python bench/equal.py compare BEFORE AFTER` tells the rows that only one of two such folders has. The worlds: the
`demo` company and the `flights` (whole, and a day later), the `real` data sets, `daily` companies over random
days, and the `shapes` of promises of tests/judge/golden_cases.yaml over random rows.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

LEFT_OUT = {
    "meta": "select * from {0} where key not in ('id', 'seconds', 'refreshed_at', 'ledger_since', 'workspace')",
    "judging": "select promise_id, table_name, rows from {0}",
    "source_health": "select * exclude (loaded_at) from {0}",
    "judged_from": "select what, name from {0} where what <> 'times'",
}
"""What two runs may tell otherwise: table → what is compared of it."""

DAILY, STEPS, SEEDS = 8, 3, 4
"""How many companies are drawn and how many steps each takes; how often rows are drawn for each shape of promise."""


def write(folder: Path, chosen: list[str]) -> None:
    """Judge the worlds and write every table of each to a file of its own."""
    for name in chosen or WORLDS:
        for world, tables in WORLDS[name]():
            (folder / world).mkdir(parents=True)
            tables(folder / world)
            print(world, flush=True)


def compare(before: Path, after: Path) -> int:
    """Print the tables that differ and how many rows each side has alone; return how many rows were compared."""
    con, rows, differing = duckdb.connect(), 0, 0
    files = {path.relative_to(side) for side in (before, after) for path in side.rglob("*.parquet")}
    for file in sorted(files):
        sides = [f"read_parquet('{side / file}')" for side in (before, after)]
        if not ((before / file).exists() and (after / file).exists()):
            print(f"{file}: only one side has it")
            differing += 1
            continue
        kinds = [con.execute(f"describe from {side}").fetchall() for side in sides]
        alone = [
            con.execute(f"select count(*) from (from {one} except all from {other})").fetchall()[0][0]
            for one, other in (sides, sides[::-1])
            if kinds[0] == kinds[1]
        ]
        rows += con.execute(f"select count(*) from {sides[0]}").fetchall()[0][0]
        if not alone or any(alone):
            print(f"{file}: {alone or 'other columns'}")
            differing += 1
    print(f"{len(files):,} tables, {rows:,} rows, {differing} tables differ")
    return differing


def _published(root: Path, moment: datetime | None = None) -> Callable[[Path], None]:
    """Return what refreshes a workspace and writes the tables of its snapshot."""

    def tables(folder: Path) -> None:
        from aspromised.declare.load import load
        from aspromised.refresh import refresh
        from aspromised.words.moments import as_of_moment

        workspace = load(root)
        dated = root / "data/as-of.txt"
        as_of = moment or as_of_moment(dated.read_text().strip(), workspace.timezone)
        path = refresh(workspace, as_of).path
        with duckdb.connect(str(path), read_only=True) as con:
            _write(con, "main", folder)

    return tables


def _write(con: Any, schema: str, folder: Path) -> None:
    """Write every table of a schema."""
    query = "select table_name from duckdb_tables() where schema_name = ? order by 1"
    for (name,) in con.execute(query, [schema]).fetchall():
        chosen = LEFT_OUT.get(name, "select * from {0}").format(f'{schema}."{name}"')
        con.execute(f"copy (select columns(*) from ({chosen})) to '{folder / name}.parquet'")


def _copied(source: Path, root: Path) -> Path:
    shutil.copytree(source, root, ignore=shutil.ignore_patterns(".aspromised", "*.py", "__pycache__"))
    return root


def _demo() -> Iterator[tuple[str, Callable[[Path], None]]]:
    with tempfile.TemporaryDirectory() as where:
        for part in ("promises", "data"):
            _copied(Path(part), Path(where) / part)
        last = datetime.fromisoformat((Path("data/as-of.txt")).read_text().strip() + "T20:00+00:00")
        for name, moment in (("demo", last - timedelta(days=1)), ("demo-a-day-later", last)):
            yield name, _published(Path(where), moment)


def _flights() -> Iterator[tuple[str, Callable[[Path], None]]]:
    from examples.flights.make_data import write as make

    with tempfile.TemporaryDirectory() as where:
        root = _copied(Path("examples/flights"), Path(where) / "flights")
        make(root)
        last = datetime(2013, 12, 30, 20, tzinfo=UTC)
        for name, moment in (("flights", last), ("flights-a-day-later", last + timedelta(days=1))):
            yield name, _published(root, moment)


def _real() -> Iterator[tuple[str, Callable[[Path], None]]]:
    from tests.real.conftest import DATA, WORKSPACES

    for declared in sorted(WORKSPACES.iterdir()):
        with tempfile.TemporaryDirectory() as where:
            root = _copied(declared, Path(where) / declared.name)
            for file in DATA.glob(f"{declared.name}*.parquet"):
                shutil.copy(file, root / "data")
            for moment in (datetime(2019, 12, 31, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)):
                yield f"real-{declared.name}-{moment.year}", _published(root, moment)


def _daily() -> Iterator[tuple[str, Callable[[Path], None]]]:
    from tests.refreshing.company import Company

    for seed in range(DAILY):
        with tempfile.TemporaryDirectory() as where:
            company = Company(Path(where) / "daily", seed)
            moment = company.now
            for step in range(STEPS + 1):
                yield f"daily-{seed}-{step}", _published(company.root, moment)
                company.step()
                moment = max(moment, company.now)


def _shapes() -> Iterator[tuple[str, Callable[[Path], None]]]:
    from tests.judge import golden_sql

    for case in list(golden_sql.CASES):
        for seed in range(SEEDS):
            yield f"shape-{case}-{seed}", _shaped(case, seed)


def _shaped(case: str, seed: int) -> Callable[[Path], None]:
    """Return what judges random rows by one shape of promise, and writes its tables and every item with its verdict."""

    def tables(folder: Path) -> None:
        from aspromised.judge.run import judge_into, judge_items, plan_promise
        from aspromised.words.moments import as_of_moment
        from tests.judge import golden_sql

        said = golden_sql.CASES[case]
        measure = {"segments": ["region", {"new": "channel"}], **said["promise"]["measure"]}
        shape = json.loads(json.dumps(said["promise"], default=str)) | {"measure": measure}
        golden_sql.CASES[f"{case} drawn"] = {**said, "promise": shape}  # type: ignore[index]
        small = golden_sql.world_of(f"{case} drawn")
        random = Random(f"{case} {seed}")
        _fill(small.con, random)
        moment = as_of_moment(
            random.choice(["2026-03-30T11:05", "2026-02-12", "2026-04-20"]), small.workspace.timezone
        )
        small.con.execute("create schema out")
        outcomes = judge_into(small.con, small.workspace, moment, "out")
        assert all(outcome.problem is None for outcome in outcomes), outcomes
        plan, at = plan_promise(small.con, small.workspace, "p", moment)
        judge_items(small.con, plan, at)
        small.con.execute("create or replace table out.items_judged as select * from judged")
        _write(small.con, "out", folder)

    return tables


def _fill(con: Any, random: Random) -> None:
    """Put random rows into every source, and earlier versions of them where those are kept."""
    tables = con.execute("select schema_name, table_name from duckdb_tables() where schema_name <> 'main' order by 1 desc, 2").fetchall()  # fmt: skip
    for schema, table in tables:
        columns = con.execute(f'describe {schema}."{table}"').fetchall()
        drawn = [
            {name: _drawn(name, kind, number, random) for name, kind, *_ in columns} for number in range(120)
        ]
        marks = ", ".join("?" for _ in columns)
        con.executemany(
            f'insert into {schema}."{table}" values ({marks})', [list(row.values()) for row in drawn]
        )


def _drawn(name: str, kind: str, number: int, random: Random) -> Any:
    """Return one value: moments on a grid that meets limits, closing times and both nights when the clock changes."""
    if name in ("order_id", "of_order"):
        return f"o{number if name == 'order_id' else random.randrange(120)}"
    if name.startswith("#"):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=random.randrange(2000))
        return int(at.timestamp() * 1e6) + (0 if "from" in name else 9 * 10**12)
    if random.random() < 0.06:
        return None
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        nights = [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 1, 30, tzinfo=UTC), datetime(2026, 2, 27, tzinfo=UTC)]  # fmt: skip
        near = nights[number % 3]
        late = {"delivered_at": 6, "resumed_at": 3, "released_at": 5, "cancelled_at": 40, "ended": 4}.get(
            name, 0
        )
        at = near + timedelta(minutes=30 * random.randrange(200)) + timedelta(hours=late)
        if random.random() < 0.6:
            at = (
                near
                + timedelta(minutes=30 * (number % 96))
                + timedelta(hours=random.choice([2, 4, 6, 30]) if late else 0)
            )
        return at.date() if kind == "DATE" else at
    if kind == "BOOLEAN":
        return random.random() < 0.15
    if kind == "INTEGER":
        return random.randrange(0, 9)
    return random.choice(["north", "south", "a", "b"])


WORLDS = {"shapes": _shapes, "daily": _daily, "flights": _flights, "real": _real, "demo": _demo}

if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), sys.argv[3:])
    else:
        sys.exit(compare(Path(sys.argv[2]), Path(sys.argv[3])) > 0)
