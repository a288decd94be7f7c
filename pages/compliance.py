"""Compliance: what marketing reads before a claim is repeated."""

from aspromised.app.page import page

page("May we still say it?", notebooks=["compliance.py", "promise.py", "doubts.py"])
