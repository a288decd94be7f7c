"""Tables become Altair charts, each with a takeaway computed from the same numbers."""
