# %% [markdown]
# # How did we do?

# %% tags=["parameters"]
month = ""

# %%
from aspromised.analyse.rates.series import monthly_each
from aspromised.analyse.review import review
from aspromised.chart.review import (
    REVIEW_MONTHS,
    Findings,
    not_final,
    review_leads,
    review_ledger,
    small_print,
)
from aspromised.notebook import Missing, latest_month, show, snapshot

found = review(snapshot(), month or latest_month())

# %%
if len(found.table):
    show(not_final(found), found, Findings(found.findings), review_leads(found))
else:
    show(
        Missing("No promise is declared yet: write one under promises/, then refresh.", "aspromised refresh")
    )

# %%
if len(found.table):
    months = monthly_each(snapshot(), found.window.last, REVIEW_MONTHS)
    show(review_ledger(found, months))

# %%
meta = snapshot().meta
show(small_print(found, meta["as_of"], meta["timezone"], snapshot().id))
