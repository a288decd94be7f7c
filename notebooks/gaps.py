# %% [markdown]
# # Where do we break it?

# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
week = ""
promise = ""  # required
segment = ""
value = ""
items = "broken and open"  # choices: broken and open, broken, open

# %%
from aspromised.analyse.gaps import gap as gaps
from aspromised.analyse.gaps import hours, lateness, weeks
from aspromised.analyse.gaps import items as listing
from aspromised.chart.base.links import span_leads
from aspromised.chart.gap import excess_figure, excess_note, gap_leads
from aspromised.chart.hours import hours_ledger
from aspromised.chart.items import SHOWN, chosen, item_table, items_note, why_note
from aspromised.chart.lateness import late_leads, lateness_figure, lateness_note
from aspromised.chart.weeks import weeks_figure, weeks_note
from aspromised.notebook import Download, Missing, Table, chosen_window, show, snapshot

over = chosen_window(month, window, week=week)
promise = promise or gaps.most_missed(snapshot(), over)
gap = gaps.gap(snapshot(), promise, over, segment, value)
gap

# %%
if gap.problem:
    show(Missing(gap.problem, "aspromised check"))

# %%
show(excess_figure(gap), gap.caution or None, excess_note(gap))
state = {"month": month, "window": window if window != "month" else ""}
show(*gap_leads(gap, week, **state))

# %%
over_time = weeks.worst_weeks(snapshot(), gap)
show(weeks_figure(over_time, gap.items), weeks_note(over_time))
show(span_leads("Where it broke", over_time, promise, segment=segment, value=value))

# %%
late = lateness.lateness(snapshot(), gap.scope, gap.items)
show(lateness_figure(late), lateness_note(late))
show(late_leads(late, promise, week, segment=segment, value=value, **state))

# %%
named = hours.hour_segments(snapshot(), promise)
by_hour = hours_ledger(
    hours.hours(snapshot(), gap.scope), gap.items, named, promise=promise, week=week, **state
)
if by_hour:
    show("### When: broken by hour and weekday", by_hour)

# %%
found = chosen(listing.items(snapshot(), gap.scope), items)
table = item_table(found, snapshot().meta["timezone"])
if len(table):
    show(Table(table.head(SHOWN), title=f"The {gap.items} themselves"), items_note(found))
    show(why_note(promise, found))
    show(Download("Download all as CSV", table, f"{promise}-{over.first}-{over.last}.csv"))

# %%
left_out = listing.reasons(snapshot(), gap.scope)
if len(left_out):
    show(Table(left_out.rename(columns=str.capitalize), title="Left out of the rate, and why"))
