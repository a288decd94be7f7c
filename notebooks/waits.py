# %% [markdown]
# ## Why it waited

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
promise = ""
log = ""

# %%
from aspromised.analyse.waiting.opened import open_log
from aspromised.chart.base.links import Link, Links, address
from aspromised.chart.waits import gains_ledger, hand_ups_ledger, waits_ledger, ways_ledger
from aspromised.notebook import Download, Missing, Sentence, chosen_window, points, show, snapshot

over = chosen_window(month, window)
one = open_log(snapshot(), log, over, promise)
state = {"month": month, "window": window if window != "month" else "", "promise": promise}
show(Sentence(one.sentence))

# %%
if one.missing:
    show(Missing(one.missing, "aspromised check"))
show(
    Links(
        "The logs of other chains:",
        [Link(each, address("handoffs", **state, log=each)) for each in one.others],
    )
)

# %%
if one.waiting:
    show(
        points(one.found) if one.found else None, waits_ledger(one.waiting), one.waiting.facts.caution or None
    )
    show(gains_ledger(one.waiting))

# %%
if one.waiting and len(one.by_team):
    show(
        Download(
            "Download the handoffs by team as CSV",
            one.by_team,
            f"{one.chain_id}-{over.first}-{over.last}.csv",
        )
    )

# %%
if one.ways:
    show("## Approvals, hand-ups and ways round", points(one.ways.lines))
    show(points(one.controls) if one.controls else None)

# %%
if one.ways:
    show(hand_ups_ledger(one.hand_ups), ways_ledger(one.ways))
