# %% [markdown]
# # Which promotions went out before we were ready?

# %% tags=["parameters"]
promotion = ""

# %%
from aspromised.analyse.launch import DECLARE, launches
from aspromised.analyse.launch_opened import opened
from aspromised.chart.launch import lanes_figure, lanes_note, weeks_figure, weeks_note
from aspromised.chart.launch_ledgers import (
    all_launches,
    changes_ledger,
    changes_note,
    facts_ledger,
    gates_ledger,
)
from aspromised.notebook import Missing, Sentence, show, snapshot

found = opened(snapshot(), promotion) if promotion else launches(snapshot())
is_empty = not promotion and found.promotions.empty

# %%
if is_empty:
    show(
        Missing(
            "No promotion is declared yet. Write one under promises/, then run aspromised refresh:", DECLARE
        )
    )
elif promotion:
    show(all_launches(), Sentence(found.sentence), facts_ledger(found))
else:
    show(Sentence(found.sentence), lanes_figure(found), lanes_note(found))

# %%
if not is_empty and len(found.changes):
    show(
        "## Before and after the launch",
        changes_ledger(found.changes, bool(promotion)),
        changes_note(found.changes),
    )

# %%
if promotion and len(found.weeks):
    show("## The weeks around it", weeks_figure(found), weeks_note(found))

# %%
if not is_empty:
    show(
        "## What must be ready before launch",
        "As declared. Whether a gate was met is not judged yet: a later version will.",
        gates_ledger(found),
    )

# %%
if not is_empty and found.next_steps:
    show("## What to do next", "\n".join(f"- {step}" for step in found.next_steps))
