"""Handoffs: where in the chain of stages the time is lost, and whose it is."""

from aspromised.app.pages import show_page

show_page("handoffs")
