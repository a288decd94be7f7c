# %% [markdown]
# # What breaks today?

# %% tags=["parameters"]
promise = ""
team = ""
segment = ""
value = ""
item = ""

# %%
from datetime import UTC, datetime

from aspromised.analyse.tonight.calibration import calibration
from aspromised.analyse.tonight.listing import NO_STAGE, stale_words, tonight
from aspromised.analyse.tonight.story import story_or_why_not
from aspromised.chart.tonight import (
    chance_words,
    hours_due_figure,
    likeliest_ledger,
    narrowed,
    open_table,
    overdue_ledger,
    overdue_table,
    reliability_figure,
    whats_open_ledger,
    without_clock_note,
)
from aspromised.notebook import Download, Missing, Sentence, points, show, snapshot

found = tonight(snapshot(), promise, team, segment, value, segment if promise and not value else "")
chosen = {"team": team, "segment": segment, "value": value}

# %%
show(narrowed(promise, team, item))
if item and promise:
    story = story_or_why_not(snapshot(), promise, item)
    if isinstance(story, str):
        show(f"## {item}", Missing(story))
    else:
        show(f"## {item}", Sentence(f"{story.sentence[0].upper()}{story.sentence[1:]}."))
        show(chance_words(found, promise, item) or None, points(story.lines))
elif item:
    show(Missing(f"Choose the promise of which the story of {item} is to be told."))

# %%
show(Sentence(found.sentence))
if found.items.empty and found.overdue.empty:
    show(Missing("Nothing is open: what comes in is here after the next refresh.", "aspromised refresh"))

# %% tags=["live"]
show(stale_words(found, datetime.now(UTC)) or None)

# %%
show(hours_due_figure(found))

# %%
likely = likeliest_ledger(found, **chosen)
if likely:
    show("## Likeliest to break", likely)
    show(Download("Everything open as CSV", open_table(found), "open.csv"))

# %%
overdue = overdue_ledger(found, **chosen)
if overdue:
    show("## Overdue and not done", overdue)
    show(Download("Everything overdue as CSV", overdue_table(found), "overdue.csv"))

# %%
by_part = (
    whats_open_ledger(found, "part", segment, promise=promise, team=team)
    if promise and segment and not value
    else None
)
if by_part:
    show(f"## By {segment.replace('_', ' ')}", by_part)
by_stage = whats_open_ledger(found, "stage", "stage") if set(found.items["stage"]) - {NO_STAGE} else None
if by_stage:
    show("## By stage", by_stage)
by_promise = whats_open_ledger(found, "promise_id", "promise", team=team) if not promise else None
if by_promise:
    show("## By promise", by_promise)
by_team = whats_open_ledger(found, "team", "team") if not team and not promise else None
if by_team:
    show("## By team", by_team)

# %%
told = calibration(snapshot(), promise, team)
show("## How well that was told before", told.sentence, reliability_figure(told))

# %%
show(points(without_clock_note(found.without_clock, found.unjudged)))
show(
    "The same on a terminal, with one item's story: `aspromised tonight`, `aspromised why PROMISE --item ITEM`."
)
