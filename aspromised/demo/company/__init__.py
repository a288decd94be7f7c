"""The invented company day by day: what was ordered, what became of it, and everything beside it."""
