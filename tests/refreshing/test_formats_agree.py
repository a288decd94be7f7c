"""The same rows, drawn at random, give the same verdicts whatever the format of the file they come in."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pandas as pd
import pytest

from aspromised.declare.load import load
from aspromised.demo.export.xlsx import write_xlsx
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot

PROMISES = """
company: {name: Same, timezone: Europe/London}
calendars:
  shop: {open: {mon-fri: ["09:00-12:30", "13:00-17:30"]}}
promises:
  exact: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, started: ordered, done: delivered, within: 30 hours, cancelled: cancelled, segments: [region, gift]}}
  days: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, started: ordered, done: delivered, less_than: 2 calendar days, cut_off: "15:00", exempt: [{when: gift, because: gift}]}}
  open: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, started: ordered, done: delivered, within: {column: n, unit: business hours}, calendar: shop}}
  by: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, started: ordered, done: delivered, by: promised}}
  right: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, at: ordered, kept_when: n * price < 30 or region = '007', only: price is not null}}
  once: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, id: id, at: ordered, same: [region], not_again_within: 3 hours}}
  counts: {claim: c, made_by: m, kept_by: k, target: 90%, measure: {items: orders, at: promised, kept: n, total: n + 1}}
"""
SOURCES = "sources: {{orders: {{files: orders.{form}, key: id, latest_by: version, must: [n < 8]}}}}"
FORMS = ("csv", "semicolons.csv", "parquet", "jsonl", "json", "xlsx", "csv.gz")


def drawn(seed):
    """Return orders about the night in which London's clock goes forward; some told twice, some columns often empty."""
    random, rows = Random(seed), []
    for number in range(60):
        ordered = datetime(2026, 3, 27) + timedelta(minutes=random.randrange(5 * 1440))
        ends = {
            "delivered": random.choice([None, ordered + timedelta(minutes=random.randrange(-60, 5000))]),
            "cancelled": None if seed else ordered + timedelta(hours=random.randrange(40)),
        }
        row = {
            "id": f"{number:04}", "ordered": ordered, **ends, "promised": (ordered + timedelta(days=random.randrange(3))).date(),
            "n": random.choice([None, 0, 1, 2, 5, 9]), "price": random.choice([None, 0.1, 2.5, 1234.5, 1e-7]),
            "gift": random.choice([None, True, False]), "region": random.choice(["007", "north, \"east\"", "south\nwest", "  x ", "Ü–ß", None]),
            "version": 1,
        }  # fmt: skip
        rows.append(row)
        if random.random() < 0.2:
            rows.append(row | {"n": 3, "version": 2})
    random.shuffle(rows)
    return rows


def write(root, form, rows):
    path = root / f"data/orders.{form}"
    frame = pd.DataFrame(rows).astype({"n": "Int64", "gift": "boolean"})
    if form == "parquet":
        frame.to_parquet(path)
    elif form == "xlsx":
        write_xlsx(frame, path)
    elif form.startswith("json"):
        objects = [
            {name: str(value) if hasattr(value, "day") else value for name, value in row.items()}
            for row in rows
        ]
        path.write_text(json.dumps(objects) if form == "json" else "\n".join(map(json.dumps, objects)))
    elif form.startswith("semicolons"):
        frame.to_csv(path, index=False, sep=";", decimal=",", lineterminator="\r\n", encoding="utf-8-sig")
    else:
        frame.to_csv(path, index=False)


def verdicts(root, form, rows):
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "promises/all.yaml").write_text(PROMISES)
    sources = SOURCES.format(form=form)
    if form.startswith("semicolons"):
        sources = sources.replace("key:", 'decimal: ",", key:')
    (root / "data/sources.yaml").write_text(sources)
    write(root, form, rows)
    done = refresh(load(root), datetime(2026, 4, 2, tzinfo=UTC))
    assert not [judged.problem for judged in done.judged if judged.problem]
    with open_snapshot(root) as snapshot:
        tables = [snapshot.query(f"select * from {name} order by all") for name in ("verdict_cell", "item")]
    return tables, (done.rows_in, done.rows_set_aside, done.verdicts)


@pytest.mark.parametrize("seed", range(2))
def test_the_format_of_a_file_changes_no_verdict(seed, tmp_path):
    rows = drawn(seed)
    (cells, items), counts = verdicts(tmp_path / "first", FORMS[0], rows)
    assert counts[2]["kept"] > 20 and counts[2]["broken"] > 20 and counts[2]["unknown"] > 5
    for form in FORMS[1:]:
        (other_cells, other_items), other_counts = verdicts(tmp_path / form, form, rows)
        assert other_counts == counts, form
        pd.testing.assert_frame_equal(other_cells, cells, obj=form)
        pd.testing.assert_frame_equal(other_items, items, obj=form)
