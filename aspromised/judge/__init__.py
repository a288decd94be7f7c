"""A promise and a table of items become verdicts, as SQL built from trees."""
