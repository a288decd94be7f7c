"""A past launch stays what it was when rows arrive late or a correction is declared afterwards; or it is said what cannot be known."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aspromised.declare.load import load
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.e2e.told import text

PROMISES = """
company: {name: Late, timezone: Europe/London}
promises:
  two-days:
    claim: In 2 days
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: orders, id: id, started: ordered, done: delivered, within: 2 days}
promotions:
  spring:
    says: Spring
    launched: 2026-03-20T08:00
    leans_on: [two-days]
    ready_when: [{gate: holding, promise: two-days, kept_at_least: 90%, over: 14 days}]
"""
LATER = datetime(2026, 4, 20, tzinfo=UTC)
ON_THE_DAY = datetime(2026, 3, 20, 20, tzinfo=UTC)


def company(root: Path, source: str) -> Path:
    (root / "promises").mkdir(parents=True)
    (root / "data/orders").mkdir(parents=True)
    (root / "promises/all.yaml").write_text(PROMISES)
    (root / "data/sources.yaml").write_text(
        f"sources: {{orders: {{files: orders/*.csv, key: id{source}}}}}\n"
    )
    orders(root, "1.csv", [(day, 1, day + 2) for day in range(1, 17)])
    return root


def orders(root: Path, name: str, rows: list[tuple[int, int | None, int]]) -> None:
    """Write orders of a day of March, delivered after so many days or never, and the day of March they were loaded."""
    lines = ["id,ordered,delivered,loaded"]
    for number, (day, after, loaded) in enumerate(rows):
        delivered = f"2026-03-{day + after:02}T12:00Z" if after is not None else ""
        lines.append(f"{name}-{number},2026-03-{day:02}T12:00Z,{delivered},2026-03-{loaded:02}T06:00Z")
    (root / "data/orders" / name).write_text("\n".join(lines) + "\n")


def spring(root: Path) -> dict[str, object]:
    told = run("launches", "--workspace", root, "--json")
    (found,) = json.loads(told.out)["promotions"]
    return found


def what_decided(root: Path, moment: datetime) -> tuple[object, ...]:
    refresh(load(root), moment)
    found = spring(root)
    (gate,) = found["gates"]  # type: ignore[misc]
    return found["verdict"], gate["met"], gate["value"], gate["evidence"]


def test_rows_that_arrive_after_the_launch_change_nothing_where_that_is_told(tmp_path: Path) -> None:
    root = company(tmp_path / "late", ", arrived: loaded")
    then = what_decided(root, ON_THE_DAY)
    orders(root, "2.csv", [(10, None, 28), (11, None, 28), (12, None, 28)])
    assert what_decided(root, LATER) == then
    (gate,) = spring(root)["gates"]  # type: ignore[misc]
    assert not [told for told in gate["not_known"] if "`arrived`" in told]


def test_without_it_the_launch_says_what_cannot_be_known(tmp_path: Path) -> None:
    root = company(tmp_path / "silent", "")
    then = what_decided(root, ON_THE_DAY)
    orders(root, "2.csv", [(10, None, 28), (11, None, 28), (12, None, 28)])
    assert what_decided(root, LATER) != then
    (gate,) = spring(root)["gates"]  # type: ignore[misc]
    (told,) = gate["not_known"]
    assert told.startswith("when a row of 'orders' became known is not told (`arrived`)")
    assert f"not known then: {told}" in run("launches", "spring", "--workspace", root).out
    assert "known-then" in run("check", "--workspace", root, "--format", "json").out


@pytest.mark.parametrize("declared", ["", ", declared: 2026-04-02"])
def test_a_correction_declared_after_the_launch_changes_nothing(tmp_path: Path, declared: str) -> None:
    root = company(tmp_path / "corrected", ", arrived: loaded")
    orders(root, "2.csv", [(10, None, 11), (11, None, 12), (12, None, 13)])
    then = what_decided(root, ON_THE_DAY)
    assert then[:2] == ("launched_before_ready", False)
    storm = f"from: 2026-03-12, to: 2026-03-14, because: storm{declared}"
    (root / "promises/storm.yaml").write_text(f"corrections: {{storm: {{promises: [two-days], {storm}}}}}\n")
    assert (what_decided(root, LATER) == then) == bool(declared)
    (gate,) = spring(root)["gates"]  # type: ignore[misc]
    assert ("`declared`" in " ".join(gate["not_known"])) == (not declared)


def test_a_value_changed_after_the_launch_changes_nothing_where_versions_are_kept(tmp_path: Path) -> None:
    root = company(tmp_path / "changed", ", arrived: loaded, latest_by: loaded")
    then = what_decided(root, ON_THE_DAY)
    text = (root / "data/orders/1.csv").read_text().splitlines()
    changed = [
        line.replace("T06:00Z", "T07:00Z").rsplit(",", 1)[0] + ",2026-03-29T06:00Z" for line in text[5:9]
    ]
    undone = [",".join([line.split(",")[0], line.split(",")[1], "", line.split(",")[3]]) for line in changed]
    (root / "data/orders/2.csv").write_text("\n".join([text[0], *undone]) + "\n")
    assert what_decided(root, LATER) == then
    now = json.loads(run("status", "--workspace", root, "--all", "--json").out)["promises"][0]
    past = json.loads(run("status", "--workspace", root, "--all", "--json", "--as-of", "2026-03-20").out)[
        "promises"
    ][0]
    assert (now["broken"], past["broken"]) == (4, 0)


def test_a_query_of_a_gate_sees_what_had_arrived_by_the_evening(tmp_path: Path) -> None:
    root = company(tmp_path / "asked", ", arrived: loaded, latest_by: loaded")
    gate = '{gate: few open, at_most: 0, sql: "select count(*) from orders where delivered is null and cast(ordered as date) < :day"}'
    path = root / "promises/all.yaml"
    path.write_text(path.read_text().replace("over: 14 days}]", f"over: 14 days}}, {gate}]"))

    def decided(moment: datetime) -> list[object]:
        refresh(load(root), moment)
        return [(gate["met"], gate["value"], gate["not_known"]) for gate in spring(root)["gates"]]  # type: ignore[attr-defined]

    then = decided(ON_THE_DAY)
    assert then[1] == (True, 0, [])
    orders(root, "2.csv", [(10, None, 28), (11, None, 28)])
    assert decided(LATER) == then


def test_a_union_by_place_is_warned_of(tmp_path: Path) -> None:
    root = company(tmp_path / "union", "")
    path = root / "data/sources.yaml"
    views = '  all: {sql: "select * from orders union all select * from orders"}\n'
    named = '  named: {sql: "select * from orders union all by name select * from orders"}\n'
    path.write_text(f"sources:\n  orders: {{files: orders/*.csv, key: id}}\n{views}{named}")
    said = run("check", "--workspace", root).out
    assert said.count("goes by the place of columns") == 1


def frozen(root: Path) -> str:
    """The certificate of spring, as printed, in words."""
    made = run("certificate", "spring", "--who", "Ada", "--workspace", root, "--out", root / "out")
    assert made.code == 0, made.err
    (page,) = (root / "out").glob("*.html")
    return text(page.read_text(encoding="utf-8").split("The record for machines")[0])


def test_a_certificate_says_on_paper_what_could_not_be_known(tmp_path: Path) -> None:
    silent, told = (
        company(tmp_path / "silent", ""),
        company(tmp_path / "told", ", arrived: loaded, latest_by: loaded"),
    )
    for root in (silent, told):
        refresh(load(root), LATER)
    (gate,) = spring(silent)["gates"]  # type: ignore[misc]
    paper = frozen(silent)
    assert f"Not known then: {gate['not_known'][0]}." in paper
    assert "what came later is not in this record" not in paper
    paper = frozen(told)
    assert "what came later is not in this record" in paper and "Not known then" not in paper


def test_pauses_and_lengths_of_other_sources_are_told_for_a_gate_and_known_as_of_a_moment(
    tmp_path: Path,
) -> None:
    """A gate's history knows them as of the day of the data; `--as-of` judges by those that had arrived."""
    root = company(tmp_path / "others", ", arrived: loaded, latest_by: loaded")
    sources = root / "data/sources.yaml"
    others = ["waits", "sold"]
    tables = ", ".join(
        f"{name}: {{files: {name}.csv, key: id, arrived: loaded, latest_by: loaded}}" for name in others
    )
    sources.write_text(sources.read_text().rstrip()[:-1] + f", {tables}}}\n")
    (root / "data/waits.csv").write_text(
        "id,from,to,loaded\n1.csv-1,2026-03-02T13:00Z,2026-03-02T14:00Z,2026-03-28T06:00Z\n"
    )
    (root / "data/sold.csv").write_text(
        "id,days,from,to,loaded\n1.csv-1,2,2026-03-01,2026-12-31,2026-03-28T06:00Z\n"
    )
    path = root / "promises/all.yaml"
    terms = "{terms: sold, match: id, value: days, unit: calendar days, from: from, to: to}"
    pauses = "{source: waits, id: id, from: from, to: to}"
    path.write_text(path.read_text().replace("within: 2 days", f"within: {terms}, paused: {pauses}"))
    refresh(load(root), LATER)
    (gate,) = spring(root)["gates"]  # type: ignore[misc]
    later = "those known on the day of the data: what came later than the day judged counts too"
    assert gate["not_known"] == [f"pauses in 'waits' are {later}", f"lengths sold in 'sold' are {later}"]
    checked = run("check", "--workspace", root).out
    for told in gate["not_known"]:
        assert f"{told}, and may change a gate of a past launch" in " ".join(checked.split())
    counts = {}
    for moment in ("2026-03-20", "2026-04-20"):
        why = json.loads(
            run("why", "two-days", "--all", "--as-of", moment, "--json", "--workspace", root).out
        )
        assert why["not_known"] == []
        counts[moment] = why["kept"]
    assert counts == {"2026-03-20": 0, "2026-04-20": 1}


def test_demand_is_told_of_what_was_known_at_the_moment(tmp_path: Path) -> None:
    root = company(tmp_path / "demand", ", arrived: loaded")
    path = root / "promises/all.yaml"
    path.write_text(path.read_text().replace("says: Spring", "says: Spring\n    items: {source: orders}"))
    orders(root, "2.csv", [(10, 1, 28), (11, 1, 28)])
    for moment, items in ((ON_THE_DAY, 16), (LATER, 18)):
        refresh(load(root), moment)
        with open_snapshot(root) as snapshot:
            assert snapshot.query("select sum(items)::int as n from demand_daily")["n"].tolist() == [items]
