# %% [markdown]
# # Which promotions went out before we were ready?

# %%
from aspromised.notebook import snapshot

# %%
snapshot().query(
    """
    select says, run_by, launched, ends, leans_on
    from promotion
    order by launched desc
    """
)
