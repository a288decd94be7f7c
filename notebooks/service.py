# %% [markdown]
# # How well do we serve one another?

# %% tags=["parameters"]
month = ""
team = ""
supplier = ""

# %%
from datetime import date

from aspromised.analyse.internal_service.overview import DECLARE_RATINGS, HOW_JUDGED, internal_service, rated
from aspromised.analyse.internal_service.steps import seven_steps
from aspromised.analyse.internal_service.team import own_page
from aspromised.chart.internal_service import (
    all_service,
    expected_ledger,
    owed_ledger,
    scores_ledger,
    service_matrix,
    steps_ledger,
    team_links,
)
from aspromised.notebook import Missing, Sentence, latest_month, points, show, snapshot

month = month or latest_month()
as_of = date.fromisoformat(snapshot().meta["as_of_day"])
found = internal_service(snapshot(), month)
own = own_page(snapshot(), team, month) if team and not supplier else None
overview = not team
chains = seven_steps(snapshot()) if overview else ()
scale = found.scale

# %%
if own:
    show(all_service(month), Sentence(own.sentence))
elif team:
    show(all_service(month, team))
elif not scale.declared:
    show(Missing(found.sentence + " Write under promises/, then run aspromised refresh:", DECLARE_RATINGS))
elif rated(found.suppliers):
    show(Sentence(found.sentence))
    show(
        service_matrix(
            found.suppliers, scale, month, f"Suppliers as their customers rate them, {found.months}"
        )
    )
    show(points(found.findings), team_links(found, month))
else:
    show(Missing(found.sentence, "aspromised check"), team_links(found, month))

# %%
if overview and rated(found.customers):
    show("## The other way round: what suppliers are asked for")
    show(
        "How the one who serves (rows) finds what the one who is served (columns) asks for: whole, and in time."
    )
    show(service_matrix(found.customers, scale, month, "Customers as their suppliers rate what they ask"))

# %%
if overview and rated(found.pulse):
    show("## How staff find the company serves them")
    show(scores_ledger(found.pulse, scale, "team", month, "The company as staff of each team rate it"))

# %%
if overview and chains:
    show("## The seven steps of internal service, chain by chain")
    show(points(each.sentence for each in chains), steps_ledger(chains, month))

# %%
if own:
    show(
        "## What it gets",
        scores_ledger(own.gets, scale, "supplier", month, f"What {own.team} gets") or own.nothing("gets"),
    )
    show(
        "## What it gives",
        scores_ledger(own.gives, scale, "customer", month, f"What {own.team} gives") or own.nothing("gives"),
    )

# %%
if own:
    show("## What is expected of it", expected_ledger(own, month) or own.nothing("expected"))
    show("## What it owes", owed_ledger(own, as_of) or own.nothing("owes"))

# %%
if own and rated((*own.asks, *own.is_asked)):
    show("## How it asks, and is asked")
    show(scores_ledger(own.asks, scale, "supplier", month, f"What {own.team} asks, as its suppliers find it"))
    show(scores_ledger(own.is_asked, scale, "customer", month, f"What {own.team} is asked, as it finds it"))
    show(
        "The first table is what its suppliers say of its requests, the second what it says of those of its customers."
        if rated(own.asks) and rated(own.is_asked)
        else None
    )

# %%
if own and own.pulse:
    show("## How its staff find the company serves them")
    show(scores_ledger((own.pulse,), scale, "supplier", month, "The company, as its staff find it"))

# %%
if scale.notes and not supplier:
    show("## What was left out, or looks odd", points(scale.notes))
if scale.declared and not supplier:
    show("## How this was judged", points(HOW_JUDGED))
