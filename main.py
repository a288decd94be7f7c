"""Which pages the app has; `app.py` serves them."""

from functools import partial

import streamlit as st

from aspromised.app.frame import dress, footer, open_line
from aspromised.app.house import further_notebooks, further_pages, workspace
from aspromised.app.page import show_notebooks
from aspromised.notebook.cells import read

st.set_page_config(page_title="AsPromised", layout="wide")
dress()
open_line()

root = workspace()
compliance = st.Page("pages/compliance.py", title="Compliance", url_path="compliance")


def front_door() -> None:
    """Lead on to the first page: a page that is itself the default one has no address to link to."""
    st.switch_page(compliance, query_params=st.query_params.to_dict())


pages = [
    st.Page(front_door, title="AsPromised", default=True, visibility="hidden"),
    compliance,
    st.Page("pages/gaps.py", title="Gaps", url_path="gaps"),
    st.Page("pages/launches.py", title="Launches", url_path="launches"),
    st.Page("pages/review.py", title="Monthly review", url_path="review"),
    st.Page("pages/health.py", title="Data health", url_path="health"),
    *(st.Page(path, title=path.stem.replace("_", " ").capitalize()) for path in further_pages(root)),
]
for path in further_notebooks(root):
    title = read(path).title
    pages.append(st.Page(partial(show_notebooks, title, [path], root), title=title, url_path=path.stem))

# One flat list: Streamlit's headings between pages are not valid HTML lists, and screen readers stumble over them.
st.navigation(pages, position="top").run()
footer()
