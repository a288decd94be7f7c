"""Snapshots become the tables and sentences that readers act on."""
