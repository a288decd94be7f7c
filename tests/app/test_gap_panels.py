"""The panels of Gaps: the cause that a person adds, for good, and the story of one item."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.causes import named_causes
from tests.app.conftest import Opened, said
from tests.cli.run import run
from tests.cli.shop import open_shop

PAGE = "pages/gaps.py"
AT = {"month": "2026-01", "promise": "next-day"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = open_shop(tmp_path_factory.mktemp("gaps") / "shop")
    assert run("refresh", "--workspace", shop, "--as-of", "2026-01-09").code in (0, 1)
    return shop


class AsServed(PagesManager):
    """Pages as a server keeps them after its first visit: AppTest forgets, and starts at the older kind of app each run."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", AsServed)


@pytest.fixture
def shop(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "shop"))


def naming(app: AppTest, cause: str, who: str) -> AppTest:
    app.text_area(key="cause-next-day-cause").input(cause)
    app.text_input(key="cause-next-day-who").input(who)
    return next(one for one in app.button if one.label == "Name the cause, for good").click().run()


def causes(root: Path):
    with open_ledger(root) as ledger:
        return named_causes(ledger, "next-day")


def test_a_cause_that_is_named_is_in_the_ledger_and_shown_with_who(opened: Opened, shop):
    app = opened(shop, PAGE, **AT, where="region:north")
    assert "Nobody has named a cause of this promise yet." in said(app)
    app = naming(app, "one van\nis broken <b>", "Ann")
    [found] = causes(shop)
    assert (found.cause, found.who, found.where) == ("one van is broken <b>", "Ann", {"region": "north"})
    shown = next(each.value for each in app.dataframe if "Cause" in each.value)
    assert shown[["Cause", "Of", "Who", "Stands"]].values.tolist() == [
        ["one van is broken <b>", "region north", "Ann", "yes"]
    ]


def test_a_cause_needs_a_name_and_words(opened: Opened, shop):
    app = naming(opened(shop, PAGE, **AT), "late vans", " ")
    assert causes(shop) == [] and "who says so" in app.error[0].value


def test_another_takes_its_place_and_both_stay(opened: Opened, shop):
    app = naming(opened(shop, PAGE, **AT), "late vans", "Ann")
    app.selectbox(key="cause-next-day-instead").select(causes(shop)[0].event)
    naming(app, "one driver is new", "Bo")
    old, new = causes(shop)
    assert old.superseded_by == new.event and new.superseded_by is None


def test_the_story_of_an_item_opens_on_the_page(opened: Opened, shop):
    heading = "## One of them, step by step"
    assert heading not in [each.value for each in opened(shop, PAGE, **AT).markdown]
    app = opened(shop, PAGE, **AT, item="3")
    assert heading in [each.value for each in app.markdown] and "broken by" in said(app)


def test_an_item_that_is_not_there_is_said_to_be_so(opened: Opened, shop):
    told = said(opened(shop, PAGE, **AT, item="<b>nobody</b>"))
    assert "It cannot be told:" in told and "<b>nobody" not in told
