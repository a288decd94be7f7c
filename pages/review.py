"""Monthly review: one month for executives, on one printed page."""

from aspromised.app.pages import show_page

show_page("review")
