"""The doubts about the demo's numbers are those that pandas counts from its files."""

from datetime import date

import pandas as pd
import pytest

from aspromised.analyse.rates.spread import spreads
from aspromised.analyse.robustness.definitions import definitions
from aspromised.analyse.robustness.exemptions import exemptions
from aspromised.analyse.robustness.promised_again import promised_again
from aspromised.analyse.windows.window import Window
from aspromised.declare.load import load
from aspromised.refresh import refresh
from aspromised.store.snapshot import Snapshot, open_snapshot
from aspromised.words.moments import as_of_moment
from tests.demo.conftest import Demo
from tests.demo.pandas_judge import READERS, judge, moment_of

YEAR = Window(date(2025, 11, 1), date(2026, 10, 31))
AS_OF = "2026-10-31"


@pytest.fixture(scope="module")
def snapshot(small: Demo) -> Snapshot:
    workspace = load(small.root)
    refresh(workspace, as_of_moment(AS_OF, workspace.timezone))
    return open_snapshot(small.root)


def counted(small: Demo, promise: str) -> pd.DataFrame:
    """Return the orders of a promise in YEAR, each with its verdict by the second judge."""
    items = judge(small.root, AS_OF)[promise]
    items = items[items["day"].between("2025-11-01", "2026-10-31")]
    orders = READERS["orders"](small.root / "data")
    return items.merge(orders, left_on="item_id", right_on="order_id")


def test_dates_that_moved_are_those_in_the_files(snapshot: Snapshot, small: Demo) -> None:
    orders = counted(small, "date-we-gave-you")
    orders = orders[orders["verdict"].isin(["kept", "broken"]) & orders["originally_promised_at"].notna()]
    delivered = orders["delivered_at"].mask(orders["delivered_at"] > moment_of(AS_OF))
    arrived = delivered.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    kept_first = (arrived <= orders["originally_promised_at"]) & arrived.notna()
    found = promised_again(snapshot, "date-we-gave-you", YEAR)
    assert found is not None
    assert found.items == len(orders)
    assert found.moved == (orders["promised_at"] != orders["originally_promised_at"]).sum() > 0
    assert found.kept_original == kept_first.sum()
    assert found.only_after == ((orders["verdict"] == "kept") & ~kept_first).sum() > 0


def test_the_spread_is_that_of_the_regions_in_the_files(snapshot: Snapshot, small: Demo) -> None:
    orders = counted(small, "two-day-delivery")
    orders = orders[orders["verdict"].isin(["kept", "broken"])]
    kept = (orders["verdict"] == "kept").groupby(orders["region"]).agg(["sum", "size"])
    found = spreads(snapshot, YEAR)["same-for-everyone"]
    units = found.units.set_index("value").loc[kept.index]
    assert units["kept"].tolist() == kept["sum"].tolist()
    assert units["decided"].tolist() == kept["size"].tolist()
    assert found.variation is not None
    assert found.variation.raw_sd == pytest.approx((kept["sum"] / kept["size"]).std())
    assert found.variation.sd < found.variation.raw_sd


def test_what_is_exempt_and_what_is_counted_by_the_start_agree_with_the_files(
    snapshot: Snapshot, small: Demo
) -> None:
    orders = counted(small, "two-day-delivery")
    left_out = exemptions(snapshot, YEAR)["two-day-delivery"]
    assert left_out.items == (orders["verdict"] == "exempt").sum() > 0
    table = definitions(snapshot, "two-day-delivery", YEAR, 0.95).set_index("definition")
    everything = judge(small.root, AS_OF, "started")["two-day-delivery"].merge(
        READERS["orders"](small.root / "data"), left_on="item_id", right_on="order_id"
    )
    day = everything["ordered_at"].dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    begun = everything[day.between("2025-11-01", "2026-10-31")]["verdict"]
    assert table.loc["counted started", "kept"] == (begun == "kept").sum()
    assert table.loc["counted started", "decided"] == begun.isin(["kept", "broken"]).sum()
