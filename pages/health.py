"""Data health: whether the numbers can be trusted."""

from aspromised.app.page import page

page("Can I trust this?", notebooks=["health.py"])
