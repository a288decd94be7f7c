"""A target that no number of kept items could show is told before anybody waits for it."""

import math
from pathlib import Path

import pytest
from scipy.stats import binomtest

from aspromised.declare.check import check
from aspromised.declare.checks.reach import items_needed
from aspromised.declare.load import load

WORKSPACE = """
company: {{name: Shop, timezone: Europe/London}}
promises:
  p:
    claim: Right
    made_by: sales
    kept_by: shop
    measure: {{items: orders, id: id, at: day, kept_when: "true"}}
    {more}
"""


def warnings(tmp_path: Path, more: str) -> list[str]:
    (tmp_path / "promises").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.yaml").write_text("sources: {orders: {files: orders.csv}}\n")
    (tmp_path / "promises" / "p.yaml").write_text(WORKSPACE.format(more=more))
    return [one.message for one in check(load(tmp_path)) if one.code == "target-out-of-reach"]


@pytest.mark.parametrize("aim", [0.5, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999])
def test_the_items_needed_are_the_fewest_whose_interval_reaches_the_target(aim: float) -> None:
    needed = items_needed(aim)
    assert binomtest(needed, needed).proportion_ci(method="wilson").low >= aim
    assert binomtest(needed - 1, needed - 1).proportion_ci(method="wilson").low < aim


def test_of_a_target_of_all_the_interval_always_falls_short() -> None:
    for number in (10, 1000, 100_000):
        assert binomtest(number, number).proportion_ci(method="wilson").low < 1
    assert math.isclose(binomtest(381, 381).proportion_ci(method="wilson").low, 0.99, abs_tol=1e-4)


def test_fifty_items_cannot_show_99_percent(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, "target: 99%\n    at_least: 50")
    assert said.startswith("even 50 kept of 50 could not show 99 %: that takes 381 items")


@pytest.mark.parametrize(
    "more",
    [
        "target: 95%\n    at_least: 50",
        "target: 99.9%",
        "target: 99%\n    at_least: 200",
        "target: 99%\n    at_least: 5",
    ],
)
def test_a_little_less_than_it_takes_or_nothing_said_is_no_reason_to_warn(tmp_path: Path, more: str) -> None:
    """A miss shows on fewer items than keeping, so `at_least` may lie below; less than the default is on purpose."""
    assert warnings(tmp_path, more) == []


def test_a_target_of_all_is_told_once_whatever_else_is_said(tmp_path: Path) -> None:
    (said,) = warnings(tmp_path, "target: 100%\n    at_least: 5000")
    assert "can never be shown to be kept" in said
