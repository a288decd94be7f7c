"""Two people sign a gate off in two browsers at the same time, and a record is kept: nothing that was acknowledged is lost."""

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page, expect

from aspromised.store.ledger import open_ledger, signed_off
from tests.browser.harness import NARROW, WIDE, visiting
from tests.browser.test_pages import assert_well_made
from tests.report.conftest import refreshed
from tests.serving import serving

LOOKS = [pytest.param(WIDE, "light", id="wide"), pytest.param(NARROW, "dark", id="narrow-dark")]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return refreshed(tmp_path_factory.mktemp("signing") / "tiny")


@pytest.fixture(scope="module")
def url(root: Path, browser: Browser) -> Iterator[str]:
    with serving(root) as address:
        yield address


def fill(page: Page, who: str) -> None:
    page.get_by_label("Who signs, for that team").fill(who)
    page.get_by_label("Who signs, for that team").press("Tab")


def test_two_browsers_that_sign_at_once_lose_nothing(url: str, browser: Browser) -> None:
    address = f"{url}/launches?promotion=winter"
    with visiting(browser, address) as first, visiting(browser, address, NARROW, "dark") as second:
        fill(first.page, "Ada")
        fill(second.page, "Bo")
        for visit in (first, second):  # a click returns before the server has answered
            visit.page.get_by_role("button", name="Sign off, for good").click(no_wait_after=True)
        for visit, who in ((first, "Ada"), (second, "Bo")):
            expect(visit.page.get_by_test_id("stAlert")).to_contain_text(f"is signed off by care ({who})")
            visit.settle()
            expect(visit.page.locator(".ap-quiet", has_text="nothing is missing")).to_be_visible()
            assert_well_made(visit)
    with visiting(browser, address) as third:
        expect(third.page.locator("[data-testid=stDataFrame]:visible")).to_have_count(1)
        third.screenshot("signed")


def test_what_was_signed_is_in_the_ledger_once_each(root: Path) -> None:
    with open_ledger(root) as ledger:
        assert sorted(one.who for one in signed_off(ledger, "winter", "agents trained")) == ["Ada", "Bo"]
        assert ledger.verify().problem is None


def test_a_record_is_frozen_and_taken_away_as_pdf(url: str, browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, f"{url}/launches?promotion=spring") as visit:
        visit.page.get_by_label("Who keeps it").fill("Ada")
        visit.page.get_by_role("button", name="Freeze the record").click()
        paper = visit.page.get_by_role("button", name="Certificate as PDF")
        expect(paper).to_be_visible()
        visit.settle()
        with visit.page.expect_download() as taken:
            paper.click()
        taken.value.save_as(tmp_path / "record.pdf")
        assert (
            "it was not ready: agents trained"
            in pypdf.PdfReader(tmp_path / "record.pdf").pages[0].extract_text()
        )
        assert taken.value.suggested_filename == "spring-2026-05-01-readiness.pdf"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("promotion", ["express-everything", "big-night-in"])
def test_an_opened_promotion_of_the_demo(
    promotion: str, width: int, scheme: str, demo_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{demo_url}/launches?promotion={promotion}", width, scheme) as visit:
        expect(visit.page.locator(".ap-error, .stException")).to_have_count(0)
        expect(visit.page.get_by_role("button", name="Sign off, for good")).to_be_visible()
        assert_well_made(visit)
        visit.screenshot(f"launch-{promotion}-{width}-{scheme}")
