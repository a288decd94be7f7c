"""Whatever rows, files and authors say is text on every page: nothing is fetched, nothing runs, all can be read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from aspromised.words.text import visible
from tests.browser.harness import visiting
from tests.cli.run import run
from tests.hostile import OUTSIDE, SHOWN, bait, hostile, seen
from tests.serving import serving


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root: Path = hostile(tmp_path_factory.mktemp("hostile") / "company")
    run("refresh", "--as-of", "2026-01-09", "--workspace", root)
    with serving(root) as served:
        yield served


PAGES = [
    ("compliance", {}, "claim"),
    ("compliance", {"promise": bait("promise")}, "claim"),
    ("gaps", {"promise": bait("promise")}, "claim"),
    ("launches", {}, "says"),
    ("launches", {"promotion": seen("promotion")}, "says"),
    ("review", {}, "claim"),
    ("health", {}, "source"),
]


@pytest.mark.parametrize(
    ("page", "chosen", "shown"), PAGES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_page_shows_hostile_words_as_they_are(
    page: str, chosen: dict[str, str], shown: str, url: str, browser: Browser
) -> None:
    from urllib.parse import urlencode

    with visiting(browser, f"{url}/{page}?{urlencode({'month': '2026-01', **chosen})}") as visit:
        assert visit.left_the_machine() == []
        assert not visit.page.locator(
            f"[src*='{OUTSIDE}'], [href*='{OUTSIDE}'], [href^='javascript:']"
        ).count()
        assert not visit.page.locator(".ap-error, .stException").count()
        said = " ".join(visit.page.locator("body").inner_text().split())
        told = visible(bait(shown)).replace("\n", " ")
        assert f"={shown} {SHOWN}" in said.replace("`", "") or told in said
        assert "\u202e" not in said and "\x1b" not in said
        assert not visit.page.locator(".katex, .stMain strong b").count()
        assert not visit.page.locator(
            '[data-testid="stElementToolbar"] button[aria-label="Download as CSV"]:visible'
        ).count()
