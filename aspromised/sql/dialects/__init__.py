"""One module a dialect: how the named operations of the judge's trees are written there, and what else may stand in one."""
