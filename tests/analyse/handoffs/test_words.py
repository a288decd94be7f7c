"""What is said of late minutes and of what follows a late handover: one is one, and the strongest finding is not left out."""

import pandas as pd
import pytest

from aspromised.analyse.handoffs.late import LATE_COLUMNS, LateMinutes
from aspromised.analyse.handoffs.snowball import Snowball
from aspromised.chart.handoffs.late import contested_note, late_figure
from aspromised.chart.handoffs.tables import snowball_ledger
from aspromised.stats.relative_risk import Exposed, attributable_share, risk_ratio, risk_ratio_within
from aspromised.words.nouns import Noun

ORDERS = Noun("order", "orders")


def late(items: int, *minutes: tuple[float, float, float]) -> LateMinutes:
    """Return late minutes of stages with these minutes, those lost and those contested."""
    rows = [
        (n, f"stage {n}", "desk", items, 1.0, 1.0, own, 1.0, lost, contested, contested / lost if lost else 0)
        for n, (own, lost, contested) in enumerate(minutes, start=1)
    ]
    return LateMinutes(items, sum(own for own, _, _ in minutes), pd.DataFrame(rows, columns=LATE_COLUMNS))


def test_one_is_said_as_one() -> None:
    told = late(1, (120, 120, 0), (-60, 0, 0))
    assert told.sentence(ORDERS) == (
        "1 late order was 1 hour late in all. Stages faster than their budgets won 1 hour back."
        " Of the stages stage 1 (desk) lost the most: 2 hours."
    )
    figure = late_figure(told, ORDERS)
    assert figure and figure.takeaway.startswith("1 late order, 1 hour in all:")
    assert late(2, (120, 120, 0)).sentence(ORDERS).startswith("2 late orders were 2 hours late in all.")


def test_what_is_disputed_is_a_share_of_what_was_lost() -> None:
    """A stage that lost 800 minutes in some items and won 790 back in others is disputed of the 800."""
    told = late(20, (10, 800, 800), (400, 800, 0))
    assert told.contested == pytest.approx(0.5)
    assert "50.0 % of the time lost is disputed by its owners." in told.sentence(ORDERS)
    assert "desk 100.0 % of what stage 1 lost" in str(contested_note(told))


def snowball(table: Exposed) -> Snowball:
    crude = risk_ratio(table)
    return Snowball(
        1, "payment check", "pay", table, crude, risk_ratio_within([table]), attributable_share(table, crude.ratio)
    )  # fmt: skip


def test_where_none_in_time_was_broken_it_is_told() -> None:
    found = snowball(Exposed(30, 647, 0, 8903))
    assert found.stands_out and found.avoidable == 30
    assert found.sentence("orders") == (
        "All 30 broken orders are among the 647 that came late out of payment check, none among the 8,903 in time:"
        " at least 51.3 times the risk; among like orders at least 51.3 times."
    )
    assert "at least 51.35" in str(snowball_ledger([found], "orders"))


def test_where_none_late_was_broken_it_is_not_said_that_too_few_were() -> None:
    found = snowball(Exposed(0, 647, 30, 8903))
    assert found.is_told and not found.stands_out and not found.share
    assert "0.0 times the risk (0.0 to" in found.sentence("orders")
