"""What is said of sources whose rows Spark reads itself, wherever something here would need them."""


def queried_here(source: str) -> str:
    """Return why a query over a source is not asked."""
    return (
        f"it reads '{source}', whose rows are read by spark alone, and a query is asked here: make it a table or a view there,"
        " and name that as a source"
    )


def read_there_alone(source: str) -> str:
    """Return why what would be asked of a source here is not."""
    return f"the rows of '{source}' are read by spark alone, and only a refresh asks it"
