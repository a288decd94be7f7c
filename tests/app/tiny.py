"""A workspace small enough to know by heart, refreshed without a judge: its snapshot is written row by row."""

from datetime import datetime
from pathlib import Path

from aspromised.declare.load import load
from aspromised.judge.verdicts.tables import ddl
from aspromised.store.snapshot import publish
from aspromised.store.sources.freshness import tell_health
from aspromised.store.warehouse import writing

PROMISES = """
company: {name: Tiny & Sons, timezone: Europe/London}
promises:
  two-day-delivery:
    claim: Delivered within 2 days
    made_by: brand
    kept_by: warehouse
    target: 95%
    measure: {items: orders, id: id, started: ordered_at, done: done_at, within: 2 calendar days, segments: [region]}
  first-answer:
    claim: An answer the same day
    made_by: sales
    kept_by: care
    target: 90%
    measure: {items: orders, id: id, started: ordered_at, done: done_at, within: 1 calendar days, segments: [topic]}
"""
SOURCES = "sources: {orders: {files: orders.csv, fresh_within: 26 hours}}\n"
LEGEND = """# %% [markdown]
# # What was kept?

# %% tags=["parameters"]
month = ""
promise = ""
segment = ""
top = 5

# %%
from aspromised.notebook import Sentence, show, snapshot

show(Sentence(f"{month} {promise or 'all'} {segment or 'whole'} {top} of {snapshot().meta['company']}"))

# %%
1 / 0

# %%
show(Sentence("The page goes on."))
"""


def declared(root: Path) -> Path:
    """Return a workspace that was never refreshed."""
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    (root / "promises" / "promises.yaml").write_text(PROMISES, encoding="utf-8")
    (root / "data" / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (root / "data" / "orders.csv").write_text("id,ordered_at,done_at\n", encoding="utf-8")
    return root


def refreshed(
    root: Path, company: str = "Tiny & Sons", refreshed_at: str = "2026-11-01T06:00:00+00:00"
) -> Path:
    """Return `root` with a snapshot: one promise, kept 90 and broken 10 in October, 40 and 0 in September."""
    meta = {
        "as_of": "2026-10-31T23:59:59.999999+00:00",
        "as_of_day": "2026-10-31",
        "timezone": "Europe/London",
        "company": company,
        "refreshed_at": refreshed_at,
    }

    def fill(con, schema):
        for statement in ddl(schema, ["region", "topic"]).values():
            con.execute(statement)
        con.execute(f"create table {schema}.meta (key varchar, value varchar)")
        con.executemany(f"insert into {schema}.meta values (?, ?)", list(meta.items()))
        _promises(con, schema)
        _days(con, schema)
        tell_health(con, schema, workspace, datetime.fromisoformat(meta["as_of"]))
        con.execute(f"create table {schema}.set_aside as select * from set_aside")

    workspace = load(root)
    with writing(workspace) as con:
        publish(con, workspace, fill)
    return root


def _promises(con, schema):
    con.execute(
        f"insert into {schema}.promise by name "
        "select 'two-day-delivery' as promise_id, 'Delivered within 2 days' as claim, 'brand' as made_by,"
        " 'warehouse' as kept_by, 0.95 as target, 30 as at_least, 'clock' as kind, ['region'] as segments, 'orders' as source"
        " union all "
        "select 'first-answer', 'An answer the same day', 'sales', 'care', 0.9, 30, 'clock', ['topic'], 'orders'"
    )


def _days(con, schema):
    con.execute(
        f"insert into {schema}.verdict_daily by name "
        "select 'two-day-delivery' as promise_id, day, 1 as version, segment, value, kept, broken, 0 as open, 0 as exempt,"
        " 0 as unknown, 0 as not_promised "
        "from (values (date '2026-10-05', '(all)', '(all)', 90, 10), (date '2026-10-05', 'region', 'north', 90, 10),"
        " (date '2026-09-07', '(all)', '(all)', 40, 0), (date '2026-09-07', 'region', 'north', 40, 0))"
        " as days(day, segment, value, kept, broken)"
    )


def with_notebook(root: Path, name: str = "kept.py", source: str = LEGEND) -> Path:
    """Return `root` with a notebook that no page names."""
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "notebooks" / name).write_text(source, encoding="utf-8")
    return root
