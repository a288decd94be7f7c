"""Launches: promotions against the readiness of what they lean on."""

from aspromised.app.page import page

page("Which promotions went out before we were ready?", notebooks=["launches.py", "launch.py"])
