# %% [markdown]
# # May we still say it?

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
team = ""
promise = ""

# %%
from aspromised.analyse.budget.budget import budgets
from aspromised.analyse.promises.compliance import compliance_summary, differing, differing_sentence
from aspromised.analyse.rates.series import lately_each
from aspromised.chart.claim import differing_ledger
from aspromised.chart.compliance import STRIP_WEEKS, all_claims, claims_ledger
from aspromised.notebook import Missing, Sentence, chosen_window, show, snapshot

over = chosen_window(month, window)
chosen = {"month": month, "window": window if window != "month" else "", "team": team}
found = compliance_summary(snapshot(), over, team)

# %%
if promise:
    show(all_claims(**chosen))
elif len(found.table):
    weeks = lately_each(snapshot(), found.last_day, STRIP_WEEKS)
    spent = budgets(snapshot(), over)
    show(Sentence(found.sentence), claims_ledger(found.table, weeks, spent, **chosen))
elif team:
    show(
        Missing(
            f"{team} neither says nor keeps a promise: choose another team, or see how it serves others under Internal service.",
            "aspromised status",
        )
    )
else:
    show(Missing("No claim is declared yet: write one under promises/, then refresh.", "aspromised refresh"))

# %%
for rows in [] if promise else differing(found.table):
    show("## Said differently elsewhere", differing_sentence(rows), differing_ledger(rows, **chosen))
