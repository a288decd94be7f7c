"""Data health: whether the numbers can be trusted."""

from aspromised.app.pages import show_page

show_page("health")
