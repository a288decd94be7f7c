"""The story of one item, from the judge's own SQL."""
