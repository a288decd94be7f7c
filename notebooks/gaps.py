# %% [markdown]
# # Where do we break it?

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
week = ""
promise = ""  # required
where = ""  # by links
segment = ""  # by links
value = ""  # by links
items = "broken and open"  # choices: broken and open, broken, overdue, cancelled, open
item = ""  # by links

# %%
from aspromised.analyse.gaps import differences, hours, is_is_not, lateness, mix
from aspromised.analyse.gaps import gap as gaps
from aspromised.analyse.gaps import items as listing
from aspromised.analyse.rates.scope import known_where, where_text
from aspromised.chart.base.links import span_leads
from aspromised.chart.differences import differences_figure, differences_note
from aspromised.chart.gap import breadcrumbs, excess_figure, excess_note, gap_leads, stage_leads
from aspromised.chart.hours import hours_ledger
from aspromised.chart.is_is_not import is_is_not_ledger
from aspromised.chart.items import (
    SHOWN,
    item_leads,
    item_table,
    items_note,
    outcomes_figure,
    pick_items,
    story_addresses,
)
from aspromised.chart.lateness import late_leads, lateness_figure, lateness_note
from aspromised.chart.mix import mix_ledger
from aspromised.notebook import Download, Missing, Table, chosen_window, show, snapshot

over = chosen_window(month, window, week=week)
promise = promise or gaps.most_missed(snapshot(), over)
part, left_out_of_it = known_where(snapshot(), promise, where, segment, value)
gap = gaps.gap(snapshot(), promise, over, part, segment if not value else "")
state = {"month": month, "window": window if window != "month" else "", "week": week}
show(breadcrumbs(gap, **state), left_out_of_it or None)
gap

# %%
if gap.problem:
    show(Missing(gap.problem, "aspromised check"))

# %%
show(excess_figure(gap, **state), gap.caution or None, excess_note(gap))
show(*gap_leads(gap, **state), stage_leads(gap, **state))

# %%
draft = is_is_not.is_is_not(snapshot(), gap)
table = is_is_not_ledger(draft, promise=promise, **state)
if draft and table:
    show("## What is, and what is not", draft.sentence, table)

# %%
changed = mix.split(snapshot(), gap.scope, gap.items)
if changed:
    show(f"## Since {changed.earlier.label}", changed.sentence, mix_ledger(changed))

# %%
over_time = differences.part_differences(snapshot(), gap)
here = {"promise": promise, "where": where_text(part)}
show(differences_figure(over_time), differences_note(over_time))
show(span_leads("Where it broke", over_time, **here))

# %%
late = lateness.lateness(snapshot(), gap.scope, gap.items)
show(lateness_figure(late), lateness_note(late))
show(late_leads(late, **state, **here))

# %%
named = hours.hour_segments(snapshot(), promise)
by_hour = hours_ledger(hours.hours(snapshot(), gap.scope), gap.items, named, part, **state, **here)
if by_hour:
    show("## When: broken by hour and weekday", by_hour)

# %%
every = listing.items(snapshot(), gap.scope)
show(outcomes_figure(every, gap.items, **state, **here))
found = pick_items(every, items)
table = item_table(found, snapshot().meta["timezone"])
if len(table):
    leads = story_addresses(found.head(SHOWN), **state, **here, items=items)
    show(Table(table.head(SHOWN), f"The {gap.items} themselves", leads=leads), items_note(found))
    show(item_leads(found, **state, **here, items=items))
    show(Download("Download all as CSV", table, f"{promise}-{over.first}-{over.last}.csv"))

# %%
left_out = listing.reasons(snapshot(), gap.scope)
if len(left_out):
    show(Table(left_out.rename(columns=str.capitalize), title="Left out of the rate, and why"))
