"""Internal service: how departments serve one another, and a team's own page."""

from aspromised.app.pages import show_page

show_page("service")
