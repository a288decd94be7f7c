# %% [markdown]
# # Which promotions went out before we were ready?

# %% tags=["parameters"]
promotion = ""

# %%
from aspromised.analyse.launches.board import DECLARE, board, launch_table
from aspromised.analyse.launches.detail.opened import open_launch
from aspromised.analyse.launches.outlook.calendar import calendar, calendar_table
from aspromised.analyse.launches.outlook.table import outlook_table
from aspromised.chart.launches.gates import gates_figure, gates_note
from aspromised.chart.launches.lanes import lanes_figure, lanes_note, strip_figure
from aspromised.chart.launches.ledgers import all_launches, facts_ledger, gates_ledger, launches_ledger
from aspromised.chart.launches.outlook import calendar_ledger, calendar_note, outlook_ledger
from aspromised.notebook import Download, Missing, Sentence, points, show, snapshot

every = board(snapshot())
one = open_launch(snapshot(), promotion) if promotion else None

# %%
if not every.launches:
    show(
        Missing(
            "No promotion is declared yet. Write one under promises/, then run aspromised refresh:", DECLARE
        )
    )
elif one:
    show(all_launches(), Sentence(one.sentence), lanes_figure(every, promotion), facts_ledger(one))
else:
    show(Sentence(every.sentence), lanes_figure(every), lanes_note(every), strip_figure(every))

# %%
if every.launches and not one:
    show("## What stands out", points(every.ready.findings))
    show("## What to do next", points(every.next_steps))

# %%
if every.launches and not one:
    show(
        "## Every promotion",
        launches_ledger(every),
        "The same on a terminal: `aspromised launches`, and `aspromised launches NAME` for one of them.",
        Download("Every promotion as CSV", launch_table(every), "launches.csv"),
    )

# %%
if every.planned and not one:
    show("## What is planned", outlook_ledger(every.planned))
    lines = [f"{each.sentence} {each.earliest_in_words} {' '.join(each.warnings)}" for each in every.planned]
    show(points(lines))
    show(Download("What is planned as CSV", outlook_table(every.planned), "planned-launches.csv"))

# %%
if every.launches and not one:
    weeks = calendar(snapshot(), every.ready)
    show("## The next quarter", calendar_ledger(weeks), calendar_note(weeks))
    show(Download("The next quarter as CSV", calendar_table(weeks), "next-quarter.csv"))

# %%
if one and one.next_steps:
    show("## What to do next", points(one.next_steps))

# %%
if one:
    show("## What had to be ready", gates_ledger(one))
    if not one.launch.gates and one.launch.launched:
        show(
            "No gate is declared, so nobody can tell whether it was ready. Write what must be ready under `ready_when`."
        )

# %%
if one and len(one.gates):
    show(gates_figure(one), gates_note(one))

# %%
if one and one.outlook:
    show("## What is likely by then", outlook_ledger((one.outlook,)))
    show(" ".join([one.outlook.earliest_in_words, *one.outlook.warnings]))
