# %% tags=["parameters"]
month = ""
window = "month"  # choices: month, week, quarter, fiscal quarter, year, fiscal year, last 28 days
week = ""
promise = ""  # required
where = ""  # by links
segment = ""  # by links
value = ""  # by links

# %%
from aspromised.analyse.changes.declared import declared_changes
from aspromised.analyse.gaps.gap import most_missed
from aspromised.analyse.rates.scope import known_where
from aspromised.analyse.variation.newcomers import ramps
from aspromised.analyse.variation.season import season
from aspromised.analyse.variation.variation import variation
from aspromised.analyse.variation.words import advice, headline, judged_by, shift_sentences
from aspromised.chart.base.how import HowJudged
from aspromised.chart.changes import VERDICTS_JUDGED, changes_ledger, ramp_ledger
from aspromised.chart.variation import letters_told, variation_figure, variation_leads, variation_note
from aspromised.notebook import chosen_window, points, show, snapshot

over = chosen_window(month, window, week=week)
promise = promise or most_missed(snapshot(), over)
state = {"month": month, "window": window if window != "month" else ""}
part, _ = known_where(snapshot(), promise, where, segment, value)
found = variation(snapshot(), promise, over, part)

# %%
if found.charted:
    show("## Signal or noise?", headline(found), advice(found) or None)
    show(variation_figure(found), variation_note(found))
    show(letters_told(found), HowJudged(judged_by(found)))
    show(*variation_leads(found, **state))

# %%
if found.charted:
    told = [*shift_sentences(found.shifts, found.span), season(snapshot(), found.scope, found.dispersion)]
    said = [each if isinstance(each, str) else each.sentence for each in told if each]
    if said:
        show("### When it changed, and the same season a year ago", points(said))

# %%
if found.charted:
    changed = changes_ledger(declared_changes(snapshot()), promise, **state)
    if changed:
        show("### Did a change help?", changed, HowJudged(VERDICTS_JUDGED))

# %%
if found.charted and not found.scope.is_part:
    for ramp in ramps(snapshot(), promise, over, found.noun.many):
        show("### Newcomers", ramp.sentence, ramp_ledger(ramp))
