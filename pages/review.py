"""Monthly review: one month for executives, on one printed page."""

from aspromised.app.pages import show

show("review")
