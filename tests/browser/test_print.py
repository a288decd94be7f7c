"""What comes out of the printer: the review of a month on one sheet of A4, whatever the screen looked like."""

import re
from dataclasses import dataclass
from io import BytesIO

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.harness import visiting

A4_EDGE = 595 - 12 / 25.4 * 72
"""Where the text of an A4 sheet ends, in points from the left: its width less a margin of 12 mm."""
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


@dataclass(frozen=True)
class Word:
    """Some words on paper, and about where they end, in points from the left."""

    text: str
    right: float


def words(pdf: bytes) -> list[Word]:
    found = []

    def seen(text: str, page: list[float], line: list[float], _: object, size: float) -> None:
        if text.strip():
            left = line[4] * page[0] + page[4]
            found.append(Word(text.strip(), left + 0.56 * size * abs(page[0] * line[0]) * len(text.strip())))

    for sheet in PdfReader(BytesIO(pdf)).pages:
        sheet.extract_text(visitor_text=seen)
    return found


def sheets(pdf: bytes) -> int:
    return len(_PAGE.findall(pdf))


@pytest.mark.parametrize("month", ["2026-10", "2026-09", "2026-03"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_review_of_a_month_fits_one_sheet(
    month: str, scheme: str, demo_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{demo_url}/review?month={month}", scheme=scheme) as visit:
        expect(visit.page.locator(".ap-ledger tbody tr")).to_have_count(22)
        expect(visit.page.locator(".ap-small")).to_be_visible()
        assert sheets(visit.page.pdf(format="A4", print_background=True)) == 1


def test_no_column_of_the_review_is_cut_at_the_edge_of_the_paper(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/review?month=2026-10") as visit:
        printed = words(visit.page.pdf(format="A4", print_background=True))
    headings = [word for word in printed if word.text.endswith("months")]
    assert headings
    assert max(word.right for word in headings) <= A4_EDGE


def test_sheets_are_counted(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p style='break-after: page'>one</p><p>two</p>")
    assert sheets(page.pdf(format="A4")) == 2
    page.close()
