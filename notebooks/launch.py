# %% [markdown]
# # Around the launch

# %% tags=["parameters"]
promotion = ""

# %%
from aspromised.analyse.launches.demand.demand import demand
from aspromised.analyse.launches.detail.load import load_around
from aspromised.analyse.launches.detail.opened import open_launch, where_from
from aspromised.analyse.windows.periods import Periods
from aspromised.chart.launches.demand import bears_ledger, beside_words, load_figure, load_leads, load_note
from aspromised.chart.launches.harm import harm_ledger, harm_note
from aspromised.chart.launches.weeks import launch_weeks_figure, launch_weeks_note
from aspromised.notebook import Download, Sentence, points, show, snapshot

one = open_launch(snapshot(), promotion) if promotion else None
asked = demand(snapshot(), promotion) if one and one.runs else None

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
        launch_weeks_figure(one),
        launch_weeks_note(one),
    )

# %%
if one and asked:
    ends = one.launch.ends_day or one.as_of
    around = load_around(snapshot(), asked, ends)
    show("## What it asked of operations" if one.went_out else "## What it will ask of operations")
    show(Sentence(asked.sentence), beside_words(asked), load_figure(asked, around, ends))
    show(load_note(asked) if len(around) else None, *load_leads(asked, around, Periods.of(snapshot().meta)))
    show(bears_ledger(asked))

# %%
if one and one.launch.launched:
    show(
        "## Where these numbers come from", f"`aspromised launches {promotion}` tells the same on a terminal."
    )
    show(points(where_from(one)))
    if len(one.gates):
        show(Download("Gates by day as CSV", one.gates, f"{promotion}-gates.csv"))
    if asked and len(around):
        show(Download("Load by day as CSV", around, f"{promotion}-load.csv"))
    if one.harm and len(one.harm.rows):
        show(Download("Harm as CSV", one.harm.rows, f"{promotion}-harm.csv"))
    if len(one.weeks):
        show(Download("Weeks as CSV", one.weeks, f"{promotion}-weeks.csv"))
