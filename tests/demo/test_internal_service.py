"""The planted story of internal service is there, and nothing else of the ratings changed for it."""

import pandas as pd

from tests.demo.conftest import Demo


def test_the_worst_supplier_is_far_below_what_is_required_and_worst_at_telling(middling: Demo) -> None:
    story = middling.truth["stories"]["internal-service"]
    worst = story["worst_supplier"]
    assert (worst["supplier"], worst["customer"]) == ("sales", "customer-care")
    assert worst["mean"] < 2.9 < story["required"]
    assert min(worst["headings"], key=lambda name: worst["headings"][name]["mean"]) == "communication"
    hardest = story["hardest_customer"]
    assert (hardest["supplier"], hardest["customer"]) == ("finance", "fulfilment")
    assert story["least_well_served"] == "customer-care"


def test_what_was_rated_weekly_is_as_it_was_before_there_were_headings(middling: Demo) -> None:
    table = pd.read_csv(middling.root / "data" / "internal_ratings.csv")
    quality = table[
        (table["dimension"] == "quality")
        & (table["direction"] == "of supplier")
        & (table["supplier"] != "company")
    ]
    weekly = quality.groupby(["supplier", "customer"]).size()
    assert weekly.nunique() == 1
    assert quality["score"].sum() == 2117 and len(quality) == 630
    assert table.index.get_indexer(quality.index).tolist() == list(range(630)), (
        "they stand first, in their order"
    )
