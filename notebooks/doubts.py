# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
promise = ""

# %%
from aspromised.analyse.robustness.doubts import doubts
from aspromised.chart.doubts import definitions_ledger, exempt_ledger
from aspromised.notebook import Sentence, chosen_window, show, snapshot

found = doubts(snapshot(), promise, chosen_window(month, window)) if promise else None

# %%
if found:
    show("## How sure are we of this number?", Sentence(found.sentence), definitions_ledger(found))

# %%
if found and found.exemptions.items:
    told = list(found.exemptions.sentences(*found.noun))
    show("### With and without what is exempt", *told, exempt_ledger(found))

# %%
if found and found.bunching and found.bunching.is_telling:
    show("### Near the limit", found.bunching.sentence)

# %%
if found and found.promised_again:
    show("### Dates that moved", found.promised_again.sentence)
