"""Layer 4: tables become Altair charts, each with a takeaway computed from the same numbers."""
