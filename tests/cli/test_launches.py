"""`aspromised launches` answers in the shape of the contract, and in words."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import run
from tests.cli.shop import MOMENT, open_shop

CONTRACT = ["id", "launched", "ready_on", "days_early", "verdict", "gates", "harm"]
PROMOTIONS = """promotions:
  sale:
    says: Everything tomorrow
    launched: 2026-01-06T08:00
    ends: 2026-01-07
    leans_on: [next-day]
    ready_when:
      - {gate: agents trained, signed_off_by: dispatch, on: 2026-01-08}
      - {gate: orders came, sql: "select count(*) from orders where cast(ordered_at as date) = :day", at_least: 2}
      - {gate: press pack, signed_off_by: marketing, optional: true}
  party:
    says: A party
    launched: 2026-01-20T08:00
    leans_on: [right-item]
    ready_when: [{gate: right items, promise: right-item, kept_at_least: 50%, over: 7 days}]
  bare: {says: Nothing asked, launched: 2026-01-05, leans_on: [next-day]}
  off: {says: Off, launched: 2026-01-05, cancelled: true, leans_on: [next-day]}
"""
MOMENTS = {"sale": "2026-01-06T08:00+00:00", "party": "2026-01-20T08:00+00:00"}


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop with promotions, refreshed as of the end of 9 January."""
    root = open_shop(tmp_path_factory.mktemp("launches") / "shop")
    (root / "promises" / "promotions.yaml").write_text(PROMOTIONS, encoding="utf-8")
    done = run("refresh", "--workspace", root, "--as-of", MOMENT)
    assert done.code == 0, done.err
    return root


def answer(root: Path, *words: str) -> dict[str, Any]:
    ran = run("launches", "--workspace", root, "--json", *words)
    assert ran.code == 0
    assert not ran.err or "--as-of" in words
    return ran.json


def test_the_answer_has_the_shape_of_the_contract(launched):
    found = answer(launched)
    assert [row["id"] for row in found["promotions"]] == ["bare", "off", "sale", "party"]
    for row in found["promotions"]:
        assert set(CONTRACT) <= set(row)
        for gate in row["gates"]:
            assert {"gate", "met", "value", "needed", "met_on"} <= set(gate)
    assert {row["id"]: row["verdict"] for row in found["promotions"]} == {
        "bare": "cannot_tell",
        "off": "cancelled",
        "sale": "launched_before_ready",
        "party": "planned_ready",
    }


def test_days_early_of_a_launch_that_cannot_be_told_are_null_with_the_reason(launched):
    (bare,) = answer(launched, "bare")["promotions"]
    assert (bare["verdict"], bare["days_early"]) == ("cannot_tell", None)
    assert bare["why"] == "it has no gates: nothing says what had to be ready"


def test_one_promotion_tells_when_it_was_ready_and_what_each_gate_came_to(launched):
    (sale,) = answer(launched, "sale")["promotions"]
    assert (sale["launched"], sale["ready_on"], sale["days_early"]) == (MOMENTS["sale"], None, None)
    gates = {gate["gate"]: gate for gate in sale["gates"]}
    assert gates["agents trained"] | {"evidence": ""} == {
        "gate": "agents trained", "kind": "sign-off", "optional": False, "met": False, "value": None, "needed": None,
        "needed_in_words": "signed off by dispatch", "evidence": "", "met_on": "2026-01-08", "first_met": "2026-01-08",
        "lost_on": None, "lost_again": None, "not_known": [],
    }  # fmt: skip
    orders = gates["orders came"]
    assert (orders["met"], orders["value"], orders["needed"]) == (True, 3, 2)
    assert sale["harm"]["rows"]


def test_a_planned_launch_tells_what_is_ahead_and_has_no_harm_yet(launched):
    (party,) = answer(launched, "party")["promotions"]
    assert (party["verdict"], party["harm"], party["outlook"]["go"]) == ("planned_ready", None, True)
    assert party["outlook"]["days_left"] == 11
    (gate,) = party["outlook"]["gates"]
    assert (gate["chance"], gate["in_words"].startswith("Too few days")) == (None, True)


def test_another_moment_is_judged_again(launched):
    (sale,) = answer(launched, "sale", "--as-of", "2026-01-05")["promotions"]
    assert (sale["verdict"], sale["ready_on"]) == ("planned_not_ready", None)
    assert sale["outlook"]["go"] is False


def test_a_sign_off_of_the_ledger_counts_from_when_it_was_written(launched, tmp_path, monkeypatch):
    monkeypatch.delenv("ASPROMISED_LEDGER_URL", raising=False)
    root = open_shop(tmp_path / "shop")
    text = (
        PROMOTIONS.replace(", on: 2026-01-08", "")
        .replace("2026-01-06T08:00", "2036-01-06T08:00")
        .replace("ends: 2026-01-07", "ends: 2036-01-07")
    )
    (root / "promises" / "promotions.yaml").write_text(text, encoding="utf-8")
    words = ("--by", "dispatch", "--who", "Ann", "--on", "2026-01-02", "--workspace", root)
    assert run("sign", "sale", "agents trained", *words).code == 0
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    (then,) = answer(root, "sale")["promotions"]
    assert then["gates"][0]["met"] is False, "it was written long after the 9th of January"
    (now,) = answer(root, "sale", "--as-of", "2035-01-01")["promotions"]
    assert now["gates"][0]["met"] is True
    assert "but written on" in now["gates"][0]["evidence"]


def test_the_words_say_it_all(launched):
    told = run("launches", "--workspace", launched).out
    assert "launched before ready" in told and "called off" in told
    assert "1 promotion was launched before operations were ready this quarter." in told
    one = run("launches", "sale", "--workspace", launched).out
    assert "  ✕ not met  agents trained: not signed off by dispatch (first met 8 Jan 2026)" in one
    assert "harm: " in one


def test_a_promotion_nobody_declared_is_told_with_the_one_that_was_meant(launched):
    wrong = run("launches", "sael", "--workspace", launched)
    assert (wrong.code, "Did you mean 'sale'?" in wrong.err) == (2, True)


def test_the_moment_in_the_heading_is_the_snapshots_own(launched):
    asked = [
        run("launches", "--workspace", launched, *more).out for more in ([], ["--as-of", "2026-01-09T10:31"])
    ]
    told = [out.strip().splitlines()[0].strip() for out in asked]
    assert told == ["Launches, as of the end of Fri 9 Jan 2026", "Launches, as of Fri 9 Jan 2026 10:31"]
