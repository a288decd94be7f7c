"""From the worst gap on Compliance to the items behind it: by mouse, and by keyboard alone, in at most four clicks."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.harness import Visit, visiting
from tests.browser.test_pages import assert_well_made

INSIDE = ".ap-links:has-text('Look inside') a"


def state(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def enter(visit: Visit, link: Locator) -> None:
    link.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_load_state()
    visit.settle()


def test_by_keyboard_alone_the_worst_gap_leads_to_one_of_its_items(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/compliance?month=2026-10") as visit:
        page = visit.page
        enter(visit, page.locator("a[href*='gaps?'][href*='two-day-delivery']").first)
        part = page.locator(INSIDE).first.inner_text()
        enter(visit, page.locator(INSIDE).first)
        expect(page.locator(".ap-sentence").first).to_contain_text(f"({part})")
        enter(visit, page.locator(".ap-links a[href*='item=']").first)
        expect(page.get_by_role("heading", name="One of them, step by step")).to_be_visible()
        expect(page.locator(".ap-sentence").first).to_contain_text(f"({part})")
        assert {"month", "where", "item"} <= set(
            state(page)
        )  # the promise is the most missed, so its link need not say it
        assert_well_made(visit)


def test_a_mark_leads_into_its_part_and_crumbs_lead_back(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/gaps?month=2026-10&promise=two-day-delivery") as visit:
        page = visit.page
        part = page.locator(INSIDE).first.inner_text()
        page.locator("[data-testid=stVegaLiteChart] svg .mark-symbol path").first.click()
        expect(page.locator(".ap-sentence").first).to_contain_text(f"({part})")
        visit.settle()
        assert state(page)["where"]
        enter(visit, page.locator(".ap-links:has-text('Back to') a").first)
        assert "where" not in state(page)
        assert_well_made(visit)


def test_old_links_with_a_segment_and_a_value_still_open_that_part(demo_url: str, browser: Browser) -> None:
    old = "gaps?month=2026-10&promise=two-day-delivery&segment=carrier&value=Arrowline"
    with visiting(browser, f"{demo_url}/{old}") as visit:
        expect(visit.page.locator(".ap-sentence").first).to_contain_text("(carrier Arrowline)")
