"""What to do next about a claim, as sentences computed from its numbers."""

import math

from scipy.stats import norm

from aspromised.analyse.budget.out_of_reach import out_of_reach
from aspromised.analyse.promises.claim import Claim
from aspromised.analyse.promises.compliance import BY_MONTH, PROMISED_FROM
from aspromised.words.figures import count, day, plural, two_figures


def next_steps(claim: Claim) -> list[str]:
    """Return what to do next, the first thing first."""
    steps = [_first(claim), _policy(claim), _planned(claim), _review(claim)]
    return [step for step in steps if step]


def _first(claim: Claim) -> str:
    row = claim.row
    if claim.spread is not None and claim.spread.waits_for:
        return f"Lean on it no further until what is open is told: it waits for {plural(claim.spread.waits_for, 'open item')}."
    if claim.spread is not None and row["status"] == "too few":
        return f"Lean on it no further until more is counted: {claim.spread.lacking}."
    if claim.spread is not None and row["status"] == "too close to call":
        return "Lean on it no further until more is counted: chance alone could explain which side it is on."
    match row["status"]:
        case "kept":
            return "Say it as it stands."
        case "missed":
            where = f" ({row['said_in']})" if row["said_in"] else ""
            return (
                f"Say it nowhere new; soften it or take it down where it stands{where}. Ask {row['kept_by']}, who must keep"
                " it; the page Gaps shows where it breaks."
            )
        case "too close to call":
            if row["waits_for"]:
                return _until_told(claim)
            return f"Lean on it no further: chance alone could explain the difference. {_to_tell(claim)} {_reach(claim)}".strip()
        case "too few":
            return f"Wait: {claim.items} judged, {count(row['at_least'])} needed. {_reach(claim)}".strip()
        case "no data":
            if row["note"].startswith(PROMISED_FROM):
                return "Say it from that day on; there is nothing to judge before."
            if len(row["others"]):
                return "Nothing says yet that it is kept in these words: wait for items that were promised in them."
            if row["note"] == BY_MONTH:
                return f"Nothing says that it is kept in this window: {BY_MONTH}."
            return "Nothing says that it is kept: choose another month, or look at the page Data health."
    if "not judged yet" in row["note"]:
        return "Nothing says that it is kept: this version cannot judge such a measure yet."
    return "Mend what the message names, then run `aspromised refresh`."


def _until_told(claim: Claim) -> str:
    """What its open items will decide, not chance, and when the last of them is told."""
    again = f" Look again on {day(claim.told_on)}." if claim.told_on else ""
    return f"Lean on it no further until what is open is told: it {claim.row['waiting']}.{again}"


def _to_tell(claim: Claim) -> str:
    """How many items it takes for a Wilson interval to leave the target: it turns the score test round (Newcombe 1998)."""
    rate, aim = float(claim.row["rate"]), float(claim.row["target"])
    if rate == aim:
        return ""
    needed = math.ceil(float(norm.ppf(0.975)) ** 2 * aim * (1 - aim) / (rate - aim) ** 2)
    return f"At this rate it would take about {claim.counted(two_figures(needed))} to tell."


def _reach(claim: Claim) -> str:
    """That waiting does not help where a window holds too few items for its target."""
    found = claim.budget and out_of_reach(claim.budget)
    return f"But {found.sentence}: judge it over a longer window, or lower the target." if found else ""


def _policy(claim: Claim) -> str:
    budget = claim.budget
    return (
        f"Agreed for when the budget is spent: {budget.policy}."
        if budget and budget.is_spent and budget.policy
        else ""
    )


def _planned(claim: Claim) -> str:
    """Promotions to come are named where the claim they lean on does not hold."""
    if claim.planned.empty or claim.row["status"] == "kept":
        return ""
    named = "; ".join(f"“{row.what}” from {day(row.first.date())}" for row in claim.planned.itertuples())
    return f"Planned to lean on it: {named}."


def _review(claim: Claim) -> str:
    if claim.review_by is None:
        return ""
    if claim.review_by < claim.as_of:
        return f"Review it: that was due by {day(claim.review_by)}."
    return f"Its next review is due by {day(claim.review_by)}."
