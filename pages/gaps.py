"""Gaps: what an operations lead reads to find where a promise breaks."""

from aspromised.app.pages import show_page

show_page("gaps")
