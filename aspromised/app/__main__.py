"""`python -m aspromised.app` is the `streamlit` command without its older kind of app.

Otherwise the first link that a new server gets is looked up in `pages/` before `app.py` has said which pages there are.
"""

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.cli import main

PagesManager.uses_pages_directory = False
main(prog_name="streamlit")
