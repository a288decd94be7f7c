# %% [markdown]
# # How did we do?

# %% tags=["parameters"]
month = ""

# %%
from aspromised.notebook import latest_month, snapshot

month = month or latest_month()

# %%
snapshot().query(
    """
    select promise_id, sum(kept) as kept, sum(broken) as broken, sum(open) as open
    from verdict_daily
    where segment = '(all)' and strftime(day, '%Y-%m') = $month
    group by promise_id
    order by promise_id
    """,
    {"month": month},
)
