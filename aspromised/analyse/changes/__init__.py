"""Declared changes: whether a promise was kept more or less often since, beside what they did not touch."""
