"""Rows of PostgreSQL queries, streamed and read-only."""
