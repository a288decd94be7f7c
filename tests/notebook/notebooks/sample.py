# ---
# jupyter:
#   jupytext:
#     formats: py:percent
# ---

# %% [markdown]
# # Where do we break it?
#
# Prose with *markdown* and a `$` sign.

# %% tags=["parameters"]
region = "north"  # choices: north, south
top = 3
detailed = False

# %%
import altair as alt
import pandas as pd

from aspromised.chart.base.picture import picture
from aspromised.notebook import Column, Download, Figure, Sentence, Table, ledger, palette, show

weeks = pd.date_range("2026-08-03", periods=12, freq="W-MON")
rates = pd.DataFrame({"week": weeks, "rate": [95, 96, 94, 95, 92, 91, 90, 91, 89, 88, 90, 91]})
lanes = pd.DataFrame(
    {
        "claim": ["Delivered to your door within 2 days", "An answer in 4 working hours", "No invoice <wrong>"],
        "kept": ["91.0", "96.2", "99.1"],
        "n": [12400, 3100, 21000],
        "verdict": [
            "<span class='ap-short'>✕ missed</span>",
            "<span class='ap-kept'>✓ kept</span>",
            "<span class='ap-unknown'>≈ too close to call</span>",
        ],
        "weeks": [picture("<path d='M2 4L30 8L60 12L88 18' stroke='#6b7280'/>", 90, 22, "13 weeks, falling")] * 3,
    }
)  # fmt: skip

# %%
show(Sentence(f"In the {region} 1,240 orders came late: 91.0 % of 12,400 were kept, 4.0 points short."))

# %%
ledger(
    lanes.head(top),
    {
        "claim": Column("Claim, as customers read it"),
        "kept": Column("Kept %", align="right"),
        "n": Column("Items", align="right", decimals=0),
        "verdict": Column("Verdict", html=True),
        "weeks": Column("13 weeks", html=True),
    },
    label="The promises and how they were kept",
    notes=["Grey: the target in force that week."],
)

# %%
line = (
    alt.Chart(rates)
    .mark_line(point=True)
    .encode(alt.X("week:T", title=None), alt.Y("rate:Q", title="kept %", scale=alt.Scale(domain=[80, 100])))
)
target = (
    alt.Chart(pd.DataFrame({"y": [95]})).mark_rule(strokeDash=[4, 3], color=palette().unknown).encode(y="y:Q")
)
Figure(
    line + target, "The kept rate fell from 95 % to 91 % in twelve weeks.", rates, title="Kept rate by week"
)

# %%
show(Table(lanes[["claim", "n"]], title="The items"))

# %%
Download("Items that were late", lanes[["claim", "n"]], "late.csv")
