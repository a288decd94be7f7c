"""Planned launches and the weeks ahead."""
