"""What a statement may take of time, memory and disk, and what to do about one that takes more."""

import duckdb

TEXT = 1_000
"""The length that texts in data are taken to have; a query may not make longer ones than that, or than those it reads."""
MEMORY_VARIABLE = "ASPROMISED_MEMORY"
"""The environment variable that gives a refresh more memory than it takes by itself; what does not fit is spilled."""
SPILL_VARIABLE = "ASPROMISED_SPILL"
"""The environment variable that lets a refresh spill more to disk than it does by itself."""
SECONDS_VARIABLE = "ASPROMISED_SECONDS"
"""The environment variable that gives each statement of a refresh longer than it has by itself."""


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
