"""Variation: whether what changed from week to week is a signal or noise, and what the promise does if nothing changes."""
