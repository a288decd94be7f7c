"""Judging only what changed: the fingerprint of what decides, and the delta."""
