"""AsPromised, the app: serves `main.py` to this machine alone. Run it with `aspromised app`, or `streamlit run app.py`."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from aspromised.app.doors import Doorkeeper, doors
from aspromised.app.serve import browsing

# Otherwise the first link that a new server gets is looked up in `pages/` before `main.py` has said which there are.
PagesManager.uses_pages_directory = False

app = st.App(
    Path(__file__).parent / "main.py", lifespan=browsing, middleware=[Middleware(Doorkeeper, doors=doors())]
)
