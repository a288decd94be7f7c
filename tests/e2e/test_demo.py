"""The demo company through the commands: what was planted comes back, however the rows lie, whenever one looks."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from aspromised.analyse.gaps.lateness import lateness
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.rates.status import statuses
from aspromised.analyse.windows.window import Window
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.e2e.conftest import AS_OF, Demo, status

COUNTS = ("kept", "broken", "open", "exempt", "unknown", "not_promised")

ONE_ROW_AN_ITEM = "promise_id in (select promise_id from promise where kind in ('clock', 'check'))"


def of(told: dict[str, object]) -> tuple[object, ...]:
    return tuple(told[name] for name in COUNTS)


def told(planted: dict[str, object], months: Sequence[str]) -> tuple[object, ...]:
    """What is told of months: of those after the last day only what is open."""
    counts = [planted["months"].get(month, dict.fromkeys(COUNTS, 0)) for month in months]
    come = [month <= AS_OF[:7] or month == "(none)" for month in months]
    return tuple(
        sum(row[name] for row, is_past in zip(counts, come, strict=True) if is_past or name == "open")
        for name in COUNTS
    )


def test_every_planted_count_comes_back_exactly(demo: Demo) -> None:
    rows = {row["id"]: row for row in demo.status("--all")["promises"]}
    assert len(demo.truth["promises"]) >= 14
    for name, planted in demo.truth["promises"].items():
        whole = told(planted, list(planted["months"]))
        assert of(rows[name]) == whole, name
        if whole[0]:
            assert rows[name]["rate"] == pytest.approx(whole[0] / (whole[0] + whole[1])), name


def test_every_planted_count_comes_back_month_by_month(demo: Demo) -> None:
    months = {month for planted in demo.truth["promises"].values() for month in planted["months"]} - {
        "(none)"
    }
    assert len(months) >= 24
    with open_snapshot(demo.root) as snapshot:
        for month in sorted(months):
            found = statuses(snapshot, Window.month(month)).set_index("promise_id")
            for name, planted in demo.truth["promises"].items():
                assert tuple(found.loc[name, list(COUNTS)]) == told(planted, [month]), (name, month)


def test_the_last_months_statuses_come_back(demo: Demo) -> None:
    answer = demo.status("--month", "2026-10")
    assert answer["as_of"] == f"{AS_OF}T23:59:59.999999+00:00"
    rows = {row["id"]: row for row in answer["promises"]}
    for name, planted in demo.truth["promises"].items():
        assert rows[name]["status"] == planted["last_month_status"], name
        assert of(rows[name]) == of(planted["months"].get("2026-10", dict.fromkeys(COUNTS, 0))), name


def test_the_segments_of_every_promise_and_day_add_up_to_the_whole(demo: Demo) -> None:
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in COUNTS)
    with open_snapshot(demo.root) as snapshot:
        whole = snapshot.query(
            f"select promise_id, day, version, {sums} from verdict_cell group by all order by all"
        )
        daily = snapshot.query(
            f"select segment, promise_id, day, version, {sums} from verdict_daily group by all order by all"
        )
        declared = snapshot.query(
            "select promise_id, unnest(segments || ['(all)']) as segment from promise where problem is null"
        )
    assert len(declared) > 60
    for promise_id, segment in declared.itertuples(index=False):
        part = daily[(daily["promise_id"] == promise_id) & (daily["segment"] == segment)]
        expected = whole[whole["promise_id"] == promise_id]
        columns = ["day", "version", *COUNTS]
        assert part[columns].astype(str).values.tolist() == expected[columns].astype(str).values.tolist(), (
            promise_id,
            segment,
        )


def test_the_items_worth_seeing_are_those_that_were_counted(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        listed = snapshot.query(
            "select promise_id, day, verdict, count(*)::bigint as n from item"
            f" where {ONE_ROW_AN_ITEM} group by all order by all"
        )
        counted = snapshot.query(
            f"""
            unpivot (
                select promise_id, day, sum(broken) as broken, sum(open) as open, sum(exempt) as exempt,
                    sum(unknown) as unknown
                from verdict_cell where {ONE_ROW_AN_ITEM} group by all
            ) on broken, open, exempt, unknown into name verdict value n
            """
        )
    counted = counted[counted["n"] > 0].astype({"n": "int64"}).sort_values(["promise_id", "day", "verdict"])
    assert len(listed) > 500
    assert listed.astype(str).values.tolist() == counted.astype(str).values.tolist()


def test_splitting_files_and_shuffling_rows_changes_no_figure(demo: Demo, copied: Callable[[], Path]) -> None:
    root, random = copied(), Random(7)
    split(root / "data" / "orders", shuffled(orders(root), random), parts=5)
    for name in ("contacts", "invoices", "refunds", "returns"):
        file = root / "data" / f"{name}.parquet"
        pq.write_table(shuffled(pq.read_table(file), random), file)
    for name, header in (("tickets.csv", 1), ("complaints.jsonl", 0)):
        shuffle_lines(root / "data" / name, header, random)
    assert run("refresh", "--workspace", root, "--as-of", AS_OF).code == 0
    assert status(root, "--all") == demo.status("--all")


@pytest.mark.parametrize("day", ["2026-05-06"])
def test_a_past_moment_ignores_what_came_later(demo: Demo, copied: Callable[[], Path], day: str) -> None:
    """Erase from the orders all that happened after the moment: the answer stays the same."""
    root, moment = copied(), datetime(2026, 5, 6, 23, tzinfo=UTC)  # midnight in London, in summer
    split(root / "data" / "orders", erased(orders(root), moment), parts=1)
    assert run("refresh", "--workspace", root, "--as-of", day).code == 0
    past, then = on_orders(status(root, "--all")), on_orders(demo.status("--as-of", day, "--all"))
    assert len(past) >= 8
    assert sum(row["open"] for row in past) > 0
    assert past == then
    assert then != on_orders(demo.status("--all"))


def on_orders(answer: dict[str, object]) -> list[dict[str, object]]:
    """Return the rows of the promises that are judged by orders alone."""
    names = {"two-day-delivery", "app-48-hours", "next-day-delivery", "date-we-gave-you", "order-confirmed",
             "two-person-delivery", "old-sofa-collected", "order-accuracy", "made-for-you"}  # fmt: skip
    return [row for row in answer["promises"] if row["id"] in names]


def orders(root: Path) -> pa.Table:
    files = sorted((root / "data" / "orders").glob("*.parquet"))
    return pa.concat_tables([pq.read_table(file) for file in files], promote_options="permissive")


def shuffled(table: pa.Table, random: Random) -> pa.Table:
    return table.take(random.sample(range(len(table)), len(table)))


def split(folder: Path, table: pa.Table, parts: int) -> None:
    for file in folder.glob("*.parquet"):
        file.unlink()
    size = -(-len(table) // parts)
    for number in range(parts):
        pq.write_table(table.slice(number * size, size), folder / f"part-{number}.parquet")


def shuffle_lines(file: Path, header: int, random: Random) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = random.sample(lines[header:], len(lines) - header)
    file.write_text("\n".join([*lines[:header], *rows]) + "\n", encoding="utf-8")


def erased(table: pa.Table, moment: datetime) -> pa.Table:
    """Return the orders placed by the moment, with what happened to them later not there."""
    for name in table.column_names:
        column = table[name]
        if pa.types.is_timestamp(column.type) and name not in ("ordered_at", "updated_at"):
            later = pc.fill_null(pc.greater_equal(column, pa.scalar(moment, column.type)), False)
            kept = pc.if_else(later, pa.scalar(None, column.type), column)
            table = table.set_column(table.column_names.index(name), name, kept)
    placed = table["ordered_at"]
    return table.filter(pc.fill_null(pc.less(placed, pa.scalar(moment, placed.type)), True))


def test_the_curve_of_lateness_is_the_kept_rate_at_the_promise_of_every_clock(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        for window in (Window.month("2026-10"), Window.month("2026-07"), Window()):
            clocks = statuses(snapshot, window).query("kind == 'clock' and kept > 0")
            assert len(clocks) >= 10
            for row in clocks.itertuples():
                found = lateness(snapshot, Scope(row.promise_id, window), "items")
                assert found is not None and (found.kept, found.decided) == (row.kept, row.decided), (
                    row.promise_id
                )
                assert found.table.loc[found.table["to_seconds"] <= 0, "up_to"].max() == row.rate, (
                    row.promise_id
                )
