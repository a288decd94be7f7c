# %% [markdown]
# # Where do we break it?

# %% tags=["parameters"]
month = ""
promise = ""  # required
segment = ""

# %%
from aspromised.notebook import latest_month, snapshot

month = month or latest_month()

# %%
snapshot().query(
    """
    select segment, value, sum(kept) as kept, sum(broken) as broken
    from verdict_daily
    where promise_id = $promise
      and strftime(day, '%Y-%m') = $month
      and $segment in ('', segment)
    group by all
    order by broken desc
    """,
    {"promise": promise, "month": month, "segment": segment},
)
