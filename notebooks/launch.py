# %% [markdown]
# # What one launch did

# %% tags=["parameters"]
promotion = ""

# %%
from aspromised.analyse.launch_opened import opened
from aspromised.chart.launch_harm import harm_ledger, harm_note
from aspromised.chart.launch_weeks import weeks_figure, weeks_note
from aspromised.notebook import Download, Sentence, show, snapshot

one = opened(snapshot(), promotion) if promotion else None

# %%
if one is None:
    show(
        "Choose a promotion to see its gates day by day, what it did to customers, and what it asked of operations."
    )

# %%
if one and one.harm:
    show("## What broke", Sentence(one.harm.sentence), harm_ledger(one.harm), harm_note(one.harm))

# %%
if one and len(one.weeks):
    show(
        "## Before and after" if one.went_out else "## How what it leans on is kept",
        weeks_figure(one),
        weeks_note(one),
    )

# %%
if one and one.launch.launched:
    show(
        "## Where these numbers come from", f"`aspromised launches {promotion}` tells the same on a terminal."
    )
    lines = [
        f"- `aspromised why {name}` shows the SQL and the counts behind the promise."
        for name in one.launch.leans_on
    ]
    show("\n".join(lines))
    if len(one.gates):
        show(Download("Gates by day as CSV", one.gates, f"{promotion}-gates.csv"))
    if one.harm and len(one.harm.rows):
        show(Download("Harm as CSV", one.harm.rows, f"{promotion}-harm.csv"))
    if len(one.weeks):
        show(Download("Weeks as CSV", one.weeks, f"{promotion}-weeks.csv"))
