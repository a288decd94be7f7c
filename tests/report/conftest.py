"""A workspace of one launch that went out before its agents were trained, refreshed once."""

import shutil
from pathlib import Path

import pytest

from aspromised.declare.load import load
from aspromised.refresh import refresh
from aspromised.words.moments import as_of_moment

DECLARED = """
company: {name: Tiny & Sons, timezone: Europe/London}
promises:
  two-days:
    claim: Here in <2> days
    made_by: marketing
    kept_by: fulfilment
    measure: {items: orders, id: id, started: ordered, done: came, within: 2 calendar days}
    target: 90%
promotions:
  spring:
    says: "Spring *for* <all>"
    run_by: marketing
    launched: 2026-05-01T08:00
    ends: 2026-05-10
    leans_on: [two-days]
    expects: {demand: +60%, on: orders, basis: last spring}
    ready_when:
      - {gate: delivery holds, promise: two-days, kept_at_least: 80%, over: 28 days}
      - {gate: agents trained, signed_off_by: care, on: 2026-05-04}
      - {gate: press pack, signed_off_by: marketing, on: 2026-04-20, optional: true}
  winter: {says: Winter, launched: 2026-12-01T08:00, leans_on: [two-days], ready_when: [{gate: agents trained, signed_off_by: care}]}
  summer: {says: Summer, launched: 2026-06-01T08:00, leans_on: [two-days]}
  autumn: {says: Autumn, launched: 2026-09-01T08:00, leans_on: [two-days], cancelled: true}
"""
SOURCES = "sources:\n  orders: {files: orders.csv, key: id, columns: {id: text, ordered: timestamp, came: timestamp}}\n"


def orders(late: int) -> str:
    """A hundred orders of 13 April, so many of them late."""
    rows = [f"a{n},2026-04-13 09:00,2026-04-{20 if n < late else 14} 12:00" for n in range(100)]
    return "\n".join(["id,ordered,came", *rows]) + "\n"


def refreshed(root: Path, late: int = 10, as_of: str = "2026-10-31") -> Path:
    """Return the workspace at `root`, refreshed with so many late orders."""
    (root / "promises").mkdir(parents=True, exist_ok=True)
    (root / "data").mkdir(exist_ok=True)
    (root / "promises" / "all.yaml").write_text(DECLARED)
    (root / "data" / "sources.yaml").write_text(SOURCES)
    (root / "data" / "orders.csv").write_text(orders(late))
    workspace = load(root)
    refresh(workspace, as_of_moment(as_of, workspace.timezone))
    return root


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return refreshed(tmp_path_factory.mktemp("report") / "tiny")


@pytest.fixture
def tiny(original: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, with a ledger of its own that is still empty."""
    return Path(shutil.copytree(original, tmp_path / "tiny"))
