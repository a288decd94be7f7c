"""How long a test waits for what must come: so long that only what hangs is given up on, however slow the machine."""

PATIENCE = 600
"""Seconds."""
