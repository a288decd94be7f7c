"""Data health: whether the numbers can be trusted."""

from aspromised.app.pages import show

show("health")
