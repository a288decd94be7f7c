"""Monthly review: one month for executives, on one printed page."""

from aspromised.app.page import page

page("How did we do?", notebooks=["review.py"])
