"""Clocks: due moments, opening hours, local days, elapsed time."""
