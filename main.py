"""Which pages the app has; `app.py` serves them."""

from functools import partial

import streamlit as st

from aspromised.app.frame import dress, footer, loss_line, name_page, open_line, stop_without_doors
from aspromised.app.house import further_notebooks, further_pages, workspace
from aspromised.app.page import show_notebooks
from aspromised.app.pages import PAGES
from aspromised.notebook.cells import read_notebook

st.set_page_config(page_title="AsPromised", layout="wide")
stop_without_doors()
dress()
open_line()
loss_line()

root = workspace()
own = [st.Page(each.script, title=each.title, url_path=each.name) for each in PAGES]


def front_door() -> None:
    """Lead on to the first page: a page that is itself the default one has no address to link to."""
    st.switch_page(own[0], query_params=st.query_params.to_dict())


pages = [
    st.Page(front_door, title="AsPromised", default=True, visibility="hidden"),
    *own,
    *(st.Page(path, title=path.stem.replace("_", " ").capitalize()) for path in further_pages(root)),
]
for path in further_notebooks(root, [name for each in PAGES for name in each.notebooks]):
    title = read_notebook(path).title
    pages.append(st.Page(partial(show_notebooks, title, [path], root), title=title, url_path=path.stem))

# One flat list: Streamlit's headings between pages are not valid HTML lists, and screen readers stumble over them.
here = st.navigation(pages, position="top")
name_page(here.title)
here.run()
footer()
