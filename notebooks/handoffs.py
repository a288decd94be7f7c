# %% [markdown]
# # Where in the chain do we lose the time?

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
promise = ""  # required
segment = ""
value = ""
stage = ""

# %%
from aspromised.analyse.handoffs.opened import open_chain
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.handoffs.late import contested_note, late_figure
from aspromised.chart.handoffs.stages import chain_ledger
from aspromised.chart.handoffs.tables import accepted_ledger, control_ledger, late_item_table, snowball_ledger
from aspromised.notebook import Download, Missing, Sentence, Table, chosen_window, points, show, snapshot

over = chosen_window(month, window)
one = open_chain(snapshot(), promise, over, segment, value, stage)
state = {"month": month, "window": window if window != "month" else "", "segment": segment, "value": value}
Sentence(one.sentence)

# %%
if one.missing:
    show(Missing(one.missing, "aspromised check"))
show(
    Links(
        "Promises with a chain:",
        [Link(words, address("handoffs", month=month, promise=name)) for name, words in one.others],
    )
)

# %%
if one.is_told:
    show("## The chain", chain_ledger(one.stages, one.late, one.items, **state, promise=promise))
    show(*one.notes)
    show(points(one.chain.expects) if one.chain.expects else None)

# %%
if one.is_told:
    show(late_figure(one.late, one.noun), contested_note(one.late))

# %%
if one.is_told and len(one.opened):
    show(Table(late_item_table(one.opened), title=f"The {one.items} that lost the most in {stage}"))
    show(
        Download("Download these as CSV", late_item_table(one.opened), f"{one.chain.chain_id}-{stage}.csv"),
        f"`aspromised why {promise} --item ITEM` tells the story of one.",
    )

# %%
after = snowball_ledger(one.snowballs, one.items)
if one.is_told and after:
    show("## What follows a late handover", points(one.followed) if one.followed else None, after)

# %%
accepted = accepted_ledger(one.stages, one.inputs)
if one.is_told and accepted:
    show("## Complete and right", accepted)

# %%
controls = control_ledger(one.stages, one.late)
if one.is_told and controls:
    show("## Approvals and checks", controls)

# %%
if one.is_told:
    show(
        Links("Where these are broken:", [Link(f"“{one.claim}”", address("gaps", **state, promise=promise))])
    )
