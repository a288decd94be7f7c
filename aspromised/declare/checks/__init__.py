"""Checks of a workspace that need no data: one file for each noun, each yielding problems."""
