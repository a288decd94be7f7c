"""Launches: promotions against the readiness of what they lean on."""

from aspromised.app.keeping import certificate_panel
from aspromised.app.page import page
from aspromised.app.sign_off import sign_off_panel

page(
    "Which promotions went out before we were ready?",
    notebooks=["launches.py", sign_off_panel, "launch.py", certificate_panel],
)
