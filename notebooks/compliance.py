# %% [markdown]
# # May we still say it?

# %% tags=["parameters"]
month = ""

# %%
from aspromised.notebook import latest_month, snapshot

month = month or latest_month()

# %%
snapshot().query(
    """
    select p.claim, p.made_by, p.kept_by, sum(v.kept) as kept, sum(v.broken) as broken
    from promise p
    left join verdict_daily v
      on v.promise_id = p.promise_id
     and v.segment = '(all)'
     and strftime(v.day, '%Y-%m') = $month
    group by all
    order by broken desc nulls last
    """,
    {"month": month},
)
