"""A window that usually holds too few items for its target is told as such."""

from aspromised.analyse.budget.budget import budget
from aspromised.analyse.budget.out_of_reach import all_out_of_reach, out_of_reach
from aspromised.analyse.promises.advice import next_steps
from aspromised.analyse.promises.claim import open_claim
from tests.analyse.budget.test_budget import days
from tests.analyse.shelf import shelf


def made(kept: int, target: float):
    """So many kept a day in September and October: none broken."""
    return shelf(promise=[{"target": target}], promise_version=[{"target": target}], verdict_daily=days("2026-09-01", 61, kept, 0))  # fmt: skip


def test_sixty_items_a_month_could_not_show_95_percent_even_with_no_miss():
    found = out_of_reach(budget(made(2, 0.95), "p"))
    assert (found.items, found.needed) == (60, 73)
    assert found.sentence == (
        "its window usually holds about 60 orders: even with no miss they could not show 95 %, which takes 73"
    )
    claim = open_claim(made(2, 0.95), "p", "2026-10")
    assert claim.row["status"] == "too close to call"
    assert next_steps(claim)[0].endswith(
        "which takes 73: judge it over a longer window, or lower the target."
    )


def test_with_items_enough_or_a_target_of_all_there_is_nothing_to_tell():
    assert out_of_reach(budget(made(3, 0.95), "p")) is None
    assert out_of_reach(budget(made(3, 1.0), "p")) is None
    assert all_out_of_reach(made(3, 0.95), {"p": 0.95, "gone": 0.95}) == []


def test_a_target_that_was_raised_since_is_held_against_the_items_as_they_were():
    (found,) = all_out_of_reach(made(3, 0.95), {"p": 0.98})
    assert (found.items, found.needed, found.share) == (90, 189, 0.98)
