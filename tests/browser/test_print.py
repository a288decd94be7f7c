"""What comes out of the printer: the review of a month on one sheet of A4, whatever the screen looked like."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.harness import visiting

_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


def sheets(pdf: bytes) -> int:
    return len(_PAGE.findall(pdf))


@pytest.mark.parametrize("month", ["2026-10", "2026-05"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_review_of_a_month_fits_one_sheet(
    month: str, scheme: str, demo_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{demo_url}/review?month={month}", scheme=scheme) as visit:
        expect(visit.page.locator(".ap-ledger tbody tr")).to_have_count(22)
        expect(visit.page.locator(".ap-small")).to_be_visible()
        assert sheets(visit.page.pdf(format="A4", print_background=True)) == 1


def test_sheets_are_counted(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p style='break-after: page'>one</p><p>two</p>")
    assert sheets(page.pdf(format="A4")) == 2
    page.close()
