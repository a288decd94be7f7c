# %% [markdown]
# # One claim

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
promise = ""

# %%
from aspromised.analyse.budget.sentences import sentences
from aspromised.analyse.promises.advice import next_steps
from aspromised.analyse.promises.claim import open_claim
from aspromised.analyse.promises.compliance import compliance_summary, differing, differing_sentence
from aspromised.analyse.variation.variation import variation
from aspromised.analyse.variation.words import headline, judged_by
from aspromised.chart.base.how import HowJudged
from aspromised.chart.budget import budget_ledger, periods_ledger
from aspromised.chart.claim import differing_ledger, events_ledger, left_out_ledger, versions_ledger
from aspromised.chart.compliance import claim_leads, claim_ledger
from aspromised.chart.history import claim_months, short_weeks, versions_figure
from aspromised.chart.spread import units_ledger
from aspromised.chart.variation import variation_figure, variation_note
from aspromised.notebook import Sentence, chosen_window, points, show, snapshot

chosen = {"month": month, "window": window if window != "month" else ""}
claim = open_claim(snapshot(), promise, chosen_window(month, window)) if promise else None

# %%
if claim:
    show(Sentence(claim.verdict), claim_ledger(claim, **chosen), claim.elsewhere or None)
    show("## What to do next", points(next_steps(claim)), claim_leads(claim, **chosen))
else:
    show(
        "Choose a claim to see its wordings, how it went, what was left out of its count, and what to do next."
    )

# %%
if claim and claim.spread:
    spread = claim.spread
    words = [spread.raw, spread.telling, spread.left_out] if spread.variation else []
    show("## How far the units differ", f"The kept rate of “{spread.of_claim}”.", *filter(None, words))
    show(units_ledger(spread, **chosen))

# %%
if claim and not claim.spread:
    show("## What was promised, from when", versions_figure(claim), versions_ledger(claim))

# %%
if claim and claim.budget and claim.budget.decided:
    show("## The budget of misses", " ".join(sentences(claim.budget)), budget_ledger(claim.budget, **chosen))

# %%
if claim and len(claim.periods):
    show(f"## {claim.kind.capitalize()} by {claim.kind}", periods_ledger(claim))

# %%
if claim and claim.history:
    varies = variation(snapshot(), claim.spread.of if claim.spread else promise, claim.window)
    show(f"## {varies.span.capitalize()} by {varies.span}: signal or noise?", headline(varies), claim.history)
    show(variation_figure(varies), variation_note(varies))
    show(HowJudged(judged_by(varies)), claim_months(claim), short_weeks(claim), events_ledger(varies.events))

# %%
if claim and len(claim.left_out):
    show("## What was not counted", left_out_ledger(claim, **chosen))

# %%
if claim:
    for rows in differing(compliance_summary(snapshot(), claim.window).table):
        if promise in set(rows["promise_id"]):
            show("## Said differently elsewhere", differing_sentence(rows), differing_ledger(rows, **chosen))
