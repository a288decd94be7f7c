# %% tags=["parameters"]
month = ""
promise = ""

# %%
from aspromised.analyse.doubts import doubts
from aspromised.analyse.status import statuses
from aspromised.analyse.window import Window
from aspromised.chart.doubts import definitions_ledger, exempt_ledger
from aspromised.notebook import Sentence, latest_month, show, snapshot

window = Window.month(month or latest_month())
found = doubts(snapshot(), promise, window) if promise else None

# %%
if found:
    target = statuses(snapshot(), window).set_index("promise_id")["target"][promise]
    show("## How sure are we of this number?", Sentence(found.sentence), definitions_ledger(found, target))

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
