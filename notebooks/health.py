# %% [markdown]
# # Can I trust this?

# %%
from aspromised.notebook import Table, show, snapshot

# %%
show(Table(snapshot().query("select * from source_health order by source"), title="Sources"))

# %%
show(Table(snapshot().query("select * from declaration_problem"), title="Problems in the declarations"))
