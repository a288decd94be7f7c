"""Judging where the rows lie: the same trees, in another engine's words."""
