"""One run of `check` tells what several runs told one after the other."""

from pathlib import Path

from tests.cli.run import run

PROMISES = """company: {name: X, timezone: Europe/London}
promises:
  good: {claim: G, made_by: a, kept_by: b, target: 90%, measure: {items: orders, id: order_id, at: at, kept_when: nope}}
  lost: {claim: L, made_by: a, kept_by: b, target: 90%, measure: {items: order, id: order_id, at: at, kept_when: ok}}
  viewed: {claim: V, made_by: a, kept_by: b, target: 90%, measure: {items: seen, id: order_id, at: att, kept_when: ok}}
"""
SOURCES = """sources:
  orders: {files: orders.csv, key: idd, columns: {order_id: text, at: timestamp, nothere: text, gone: date}, must: [zzz > 1, qqq > 2]}
  seen: {sql: "select order_id, at, ok from orders"}
"""


def company(root: Path) -> Path:
    (root / "promises").mkdir()
    (root / "data").mkdir()
    (root / "promises" / "all.yaml").write_text(PROMISES, encoding="utf-8")
    (root / "data" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (root / "data" / "orders.csv").write_text("order_id,at,ok\n1,2026-01-01,true\n", encoding="utf-8")
    return root


def test_a_source_tells_all_that_does_not_fit_and_hides_nothing_that_reads_it(tmp_path: Path) -> None:
    said = run("check", "--workspace", company(tmp_path)).out
    for each in ("nothere", "gone", "idd"):
        assert said.count(f"has no column '{each}'") == 1
    for each in ("unknown column 'zzz'", "unknown column 'qqq'", "unknown column 'nope'", "no source 'order'",
                 "no column 'att'"):  # fmt: skip
        assert said.count(each) == 1
    assert "which could not be loaded" not in said


def test_a_file_that_cannot_be_read_hides_only_the_names_that_stand_in_it(tmp_path: Path) -> None:
    root = company(tmp_path)
    broken = root / "promises" / "broken.yaml"
    broken.write_text('sources:\n  other: {files: "unclosed, x: ordera\n', encoding="utf-8")
    said = run("check", "--workspace", root).out
    assert "this quote is not closed" in said and "no source 'order'." not in said.replace(" Did", ".")
    broken.write_text('promises:\n  z: {claim: "unclosed, x: 1\n', encoding="utf-8")
    assert "no source 'order'" in run("check", "--workspace", root).out


def test_a_refresh_leaves_no_table_of_a_source_that_does_not_fit(tmp_path: Path) -> None:
    ran = run("refresh", "--workspace", company(tmp_path))
    assert ran.code == 1
    assert "seen: it reads 'orders', which could not be loaded: mend that first" in ran.out
