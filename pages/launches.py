"""Launches: promotions against the readiness of what they lean on."""

from aspromised.app.pages import show_page

show_page("launches")
