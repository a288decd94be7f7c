# %% [markdown]
# # May we still say it?

# %% tags=["parameters"]
month = ""
team = ""
promise = ""

# %%
from aspromised.analyse.compliance import differing, differing_sentence, standing
from aspromised.analyse.series import weekly_each
from aspromised.analyse.window import Window
from aspromised.chart.claim import differing_ledger
from aspromised.chart.compliance import WEEKS, all_claims, claims_ledger
from aspromised.notebook import Missing, Sentence, latest_month, show, snapshot

month = month or latest_month()
found = standing(snapshot(), Window.month(month), team)

# %%
if promise:
    show(all_claims(month=month, team=team))
elif len(found.table):
    weeks = weekly_each(snapshot(), found.last_day, WEEKS)
    show(Sentence(found.sentence), claims_ledger(found.table, weeks, month=month, team=team))
else:
    show(Missing("No claim is declared yet: write one under promises/, then refresh.", "aspromised refresh"))

# %%
for rows in [] if promise else differing(found.table):
    show("## Said differently elsewhere", differing_sentence(rows), differing_ledger(rows))
