"""What a statement may take of time, memory and disk, and what to do about one that takes more."""

import duckdb

TOO_LONG = "more than what reads it may take"
"""What the guard of long cells (`sql.cells`) says, by which it is known again."""
TEXT = 1_000
"""The length that texts in data are taken to have; a query may not make longer ones than that, or than those it reads."""
MOST_BYTES = 100_000
"""How many bytes a text of a row may have: a row with a longer one is set aside, so that what SQL makes of it is bounded."""
MEMORY_VARIABLE = "ASPROMISED_MEMORY"
"""The environment variable that gives more memory than is taken by itself; what does not fit in a refresh is spilled."""
SPILL_VARIABLE = "ASPROMISED_SPILL"
"""The environment variable that lets a refresh spill more to disk than it does by itself."""
SECONDS_VARIABLE = "ASPROMISED_SECONDS"
"""The environment variable that gives each statement longer than it has by itself."""


def too_much(error: duckdb.Error) -> str | None:
    """Return what to do about a statement that ran out of its time, memory or disk; None for any other failure."""
    if isinstance(error, duckdb.InterruptException):
        return f"it took longer than it may: make it simpler, or give it more seconds with {SECONDS_VARIABLE}"
    if isinstance(error, duckdb.OutOfMemoryException):
        return (
            "it needs more memory and disk than it may take: make it simpler, "
            f"or give it more with {MEMORY_VARIABLE} and {SPILL_VARIABLE}"
        )
    return None


def too_long(error: duckdb.Error) -> str | None:
    """Return which cell is longer than an author's SQL may read, and what to do; None for any other failure."""
    said = str(error).partition("\n")[0].partition(" Error: ")[2]
    return said if isinstance(error, duckdb.InvalidInputException) and TOO_LONG in said else None


def stopped(error: duckdb.Error) -> str | None:
    """Return what to do about a statement that was stopped before it took too much; None for any other failure."""
    return too_much(error) or too_long(error)
