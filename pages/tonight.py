"""Tonight: what an operations lead opens at eight, to see what breaks today."""

from aspromised.app.pages import show_page

show_page("tonight")
