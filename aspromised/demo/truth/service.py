"""How departments serve one another, counted from the ratings alone."""

from typing import Any

import pandas as pd

from aspromised.demo.truth.promises import OracleInput

REQUIRED_SCORE = 4
"""What every team requires of its suppliers (promises/records.yaml)."""


def service_truth(judging: OracleInput, until: str) -> dict[str, Any]:
    """Return, of the three months ending with one, the supplier and the customer rated worst, and the team that is least well served."""
    table = judging.tables["internal_ratings"]
    last = pd.Period(until, "M")
    recent = table[table["rated_on"].dt.to_period("M").between(last - 2, last)]
    pulse, of_teams = recent[recent["supplier"] == "company"], recent[recent["supplier"] != "company"]
    served = of_teams[of_teams["direction"] == "of supplier"]
    asked = of_teams[of_teams["direction"] == "of customer"]
    worst = served.groupby(["supplier", "customer"])["score"].mean().idxmin()
    brief = served[(served["supplier"] == worst[0]) & (served["customer"] == worst[1])]
    headings = brief.groupby("dimension")["score"].agg(["size", "mean"])
    hardest = asked.groupby(["supplier", "customer"])["score"].mean().idxmin()
    requests = asked[(asked["supplier"] == hardest[0]) & (asked["customer"] == hardest[1])]
    teams = pulse.groupby("customer")["score"].agg(["size", "mean"])
    return {
        "months": [str(last - 2), until],
        "required": REQUIRED_SCORE,
        "worst_supplier": {
            "supplier": worst[0], "customer": worst[1], **_scored(brief["score"]),
            "headings": {name: {"ratings": int(row["size"]), "mean": round(float(row["mean"]), 4)} for name, row in headings.iterrows()},
        },
        "hardest_customer": {"supplier": hardest[0], "customer": hardest[1], **_scored(requests["score"])},
        "pulse": {team: {"ratings": int(row["size"]), "mean": round(float(row["mean"]), 4)} for team, row in teams.iterrows()},
        "least_well_served": str(teams["mean"].idxmin()),
    }  # fmt: skip


def _scored(scores: pd.Series) -> dict[str, Any]:
    """Return how many scores there are, their mean, and the share that reaches what is required."""
    return {
        "ratings": len(scores),
        "mean": round(float(scores.mean()), 4),
        "met": round(float((scores >= REQUIRED_SCORE).mean()), 4),
    }
