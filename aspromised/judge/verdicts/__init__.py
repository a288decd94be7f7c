"""Verdicts of items, and the additive tables rolled up from them."""
