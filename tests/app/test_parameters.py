"""Parameters come from the URL, stay in it, and follow the reader."""

import pytest

from tests.app.conftest import Opened, in_url, said
from tests.app.tiny import declared, refreshed, with_notebook


@pytest.fixture
def work(tmp_path):
    return with_notebook(refreshed(declared(tmp_path / "work")))


def test_a_notebook_that_no_page_names_is_the_only_further_page(work):
    from aspromised.app.house import further_notebooks

    with_notebook(work, "gaps.py")
    assert [path.name for path in further_notebooks(work, ["gaps.py"])] == ["kept.py"]


@pytest.fixture
def kept(opened: Opened, work):
    """Return a function: what the URL says → a page of the workspace's notebook `kept.py`."""
    (work / "pages").mkdir()
    page = work / "pages" / "kept.py"
    page.write_text("from aspromised.app.page import page\n\npage('What was kept?', notebooks=['kept.py'])\n")
    return lambda **url: opened(work, str(page), **url)


def test_without_a_url_the_latest_full_month_and_all_promises_are_shown(kept):
    app = kept()
    assert "2026-10 all whole 5 of Tiny &amp; Sons" in said(app)
    assert {name: in_url(app, name) for name in app.query_params} == {"month": "2026-10"}


def test_what_the_url_says_is_shown_and_stays_in_the_url(kept):
    app = kept(month="2026-09", promise="two-day-delivery", segment="region", top="7")
    assert "2026-09 two-day-delivery region 7" in said(app)
    assert app.selectbox(key="month").value == "2026-09"
    assert app.number_input(key="top").value == 7
    assert in_url(app, "month") == "2026-09"


def test_a_choice_goes_into_the_url_and_out_of_it_when_it_is_the_default_again(kept):
    app = kept()
    app.selectbox(key="month").set_value("2026-09").run()
    app.number_input(key="top").set_value(7).run()
    assert "2026-09 all whole 7" in said(app) and in_url(app, "top") == "7"
    app.run().number_input(key="top").set_value(5).run()
    assert "2026-09 all whole 5" in said(app) and in_url(app, "top") is None


def test_a_url_with_a_month_is_a_whole_state_and_what_it_leaves_out_is_the_default(kept):
    app = kept(month="2026-09", top="7")
    del app.query_params["top"]  # as a step back in the browser does
    app.run()
    assert "2026-09 all whole 5" in said(app)


def test_an_arrival_without_a_month_brings_along_what_was_chosen(kept):
    app = kept(month="2026-09")
    app.query_params.clear()
    app.switch_page("pages/review.py").run()
    assert app.selectbox(key="month").value == in_url(app, "month") == "2026-09"


@pytest.mark.parametrize(
    ("name", "value"), [("month", "2031-13"), ("promise", "no-such"), ("top", "many"), ("segment", "<b>")]
)
def test_a_bad_value_in_the_url_falls_back_and_says_so(kept, name, value):
    app = kept(**{name: value})
    assert not app.exception
    assert "2026-10 all whole 5" in said(app)
    assert f"{name} cannot be" in said(app) and "<b>" not in said(app)


def test_the_choice_follows_the_reader_to_the_next_page_and_back(kept):
    app = kept(month="2026-09")
    app.switch_page("pages/review.py").run()
    assert app.selectbox(key="month").value == "2026-09"
    assert in_url(app, "month") == "2026-09"


def test_the_segments_to_choose_from_are_those_of_the_promise(kept):
    app = kept()
    assert app.selectbox(key="segment").options == ["All segments", "region", "topic"]
    app.selectbox(key="promise").set_value("first-answer").run()
    assert app.selectbox(key="segment").options == ["All segments", "topic"]


def test_a_segment_the_next_promise_does_not_have_gives_way(kept):
    app = kept(promise="two-day-delivery", segment="region")
    app.selectbox(key="promise").set_value("first-answer").run()
    assert not app.exception
    assert "first-answer whole" in said(app)


def test_a_failing_cell_is_told_in_its_place_and_the_page_goes_on(kept):
    text = said(kept())
    assert "ZeroDivisionError: division by zero" in text and "notebooks/kept.py:16: 1 / 0" in text
    assert text.index("2026-10 all") < text.index("ZeroDivisionError") < text.index("The page goes on.")


LISTS = """# %% tags=["parameters"]
month = ""
top = 5

# %%
from aspromised.notebook import show
show(f"The month is {month}")

# %%
show(f"The top {top}")
"""


def test_a_choice_redraws_what_depends_on_it_and_nothing_else(opened, work):
    with_notebook(work, "lists.py", LISTS)
    (work / "pages").mkdir()
    page = work / "pages" / "lists.py"
    page.write_text("from aspromised.app.page import page\n\npage('Lists', notebooks=['lists.py'])\n")
    app = opened(work, str(page))
    assert "The month is 2026-10" in said(app) and "The top 5" in said(app)
    app.number_input(key="top").set_value(7).run()
    assert "The top 7" in said(app) and "The month is" not in said(app)  # a run tells what it drew
    assert (in_url(app, "month"), in_url(app, "top")) == ("2026-10", "7")
    app.run()
    assert "The month is 2026-10" in said(app) and "The top 7" in said(app)
    del app.query_params["top"]  # as a step back in the browser does
    assert "The top 5" in said(app.run())
    app.selectbox(key="month").set_value("2026-09").run()
    assert "The month is 2026-09" in said(app) and "The top 5" in said(app)
