"""The app without a browser, on a workspace of the test's choice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aspromised.app.house import HOUSE
from tests.patience import PATIENCE

Opened = Callable[..., AppTest]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Return a function: a workspace, a page's path under the house, what the URL says → the app after one run there."""

    def open_app(root: Path, page: str = "", **url: str) -> AppTest:
        st.cache_resource.clear()
        monkeypatch.setenv("ASPROMISED_WORKSPACE", str(root))
        app = AppTest.from_file(str(HOUSE / "main.py"), default_timeout=PATIENCE)
        for name, value in url.items():
            app.query_params[name] = value
        return (app.switch_page(page) if page else app).run()

    yield open_app
    st.cache_resource.clear()  # closes the snapshots that were opened


def said(app: AppTest) -> str:
    """Return everything the page says in HTML of ours, in code blocks and in headings."""
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([*(title.value for title in app.title), *html, *(code.value for code in app.code)])


def in_url(app: AppTest, name: str) -> str | None:
    """Return what the URL says of `name`, None where it says nothing."""
    value = app.query_params.get(name)
    return value[-1] if isinstance(value, list) else value
