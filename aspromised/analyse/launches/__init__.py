"""Promotions: were they ready, what did they do, and what would be borne."""
