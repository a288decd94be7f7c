"""Gaps: what an operations lead reads to find where a promise breaks."""

from aspromised.app.page import page

page("Where do we break it?", notebooks=["gaps.py"])
