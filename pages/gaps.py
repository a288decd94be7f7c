"""Gaps: what an operations lead reads to find where a promise breaks."""

from aspromised.app.pages import show

show("gaps")
