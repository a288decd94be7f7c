"""Every page in a real browser: wide and light, narrow and dark, clean for axe, and nothing leaves the machine."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.harness import NARROW, WIDE, Visit, visiting
from tests.e2e.conftest import Demo
from tests.serving import serving

LOOKS = [pytest.param(WIDE, "light", id="wide"), pytest.param(NARROW, "dark", id="narrow-dark")]
PAGES = {
    "compliance": "May we still say it?",
    "gaps": "Where do we break it?",
    "tonight": "What breaks today?",
    "handoffs": "Where in the chain do we lose the time?",
    "launches": "Which promotions went out before we were ready?",
    "service": "How well do we serve one another?",
    "review": "How did we do?",
    "health": "Can I trust this?",
}


def assert_well_made(visit: Visit) -> None:
    assert visit.complaints == []
    assert visit.left_the_machine() == []
    assert visit.sideways() == 0
    assert visit.cut_off() == []
    assert visit.violations() == ""


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_demo(page: str, width: int, scheme: str, demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/{page}", width, scheme) as visit:
        expect(visit.page.locator("h1")).to_have_text([PAGES[page]])
        expect(visit.page.locator(".ap-error, .stException")).to_have_count(0)
        expect(visit.page.locator("footer.ap-footer")).to_contain_text(
            "Fernway Home · as of 31 October 2026, 23:59"
        )
        expect(visit.page.locator("footer.ap-footer")).to_contain_text("invented data")
        assert_well_made(visit)
        visit.screenshot(f"{page}-{width}-{scheme}")


@pytest.mark.parametrize("opened", ["compliance?promise=two-day-delivery", "compliance?promise=same-for-everyone",
                                    "launches?promotion=express-everything", "launches?promotion=hallway-refresh"])  # fmt: skip
def test_an_opened_claim_or_launch_on_a_phone(opened: str, demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/{opened}", NARROW, "dark") as visit:
        assert_well_made(visit)
        visit.screenshot(f"opened-{opened.partition('=')[2]}-{NARROW}-dark")


def test_a_claim_takes_two_lines_on_a_phone_with_its_rate_in_sight(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/compliance?month=2026-10", NARROW) as visit:
        row = visit.page.get_by_role("row").filter(has_text="within 2 days").first
        claim, status, rate, interval, gap = (
            row.get_by_role(role).nth(number).bounding_box()
            for role, number in (("rowheader", 0), ("cell", 0), ("cell", 1), ("cell", 2), ("cell", 3))
        )
        assert claim and status and rate and interval and gap
        assert claim["y"] == status["y"] < rate["y"] == interval["y"] == gap["y"]
        assert all(each["x"] >= 0 and each["x"] + each["width"] <= NARROW for each in (claim, rate, gap))
        expect(visit.page.locator(".ap-ledger .ap-note, .ap-ledger .gt_sourcenote")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_where_there_is_no_workspace_the_page_says_what_to_run(
    width: int, scheme: str, empty_url: str, browser: Browser
) -> None:
    with visiting(browser, empty_url, width, scheme) as visit:
        expect(visit.page.locator("code")).to_contain_text("aspromised demo --workspace")
        assert_well_made(visit)
        visit.screenshot(f"empty-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_notebook_of_the_workspace_is_a_page(
    width: int, scheme: str, tiny_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{tiny_url}/sample?region=south", width, scheme) as visit:
        expect(visit.page.locator("h1")).to_have_text(["Where do we break it?"])
        expect(visit.page.locator(".ap-sentence")).to_contain_text("In the south 1,240 orders came late")
        expect(visit.page.get_by_role("region", name="The promises and how they were kept")).to_be_visible()
        expect(visit.page.locator(".ap-ledger img")).to_have_count(3)
        takeaway = "The kept rate fell from 95 % to 91 % in twelve weeks."
        expect(visit.page.locator(f'[role="graphics-document"][aria-label="{takeaway}"]')).to_be_visible()
        assert_well_made(visit)
        visit.screenshot(f"sample-{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_failing_cell_is_told_in_its_place(
    width: int, scheme: str, tiny_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{tiny_url}/kept", width, scheme) as visit:
        expect(visit.page.get_by_role("alert")).to_contain_text("notebooks/kept.py:16: 1 / 0")
        expect(visit.page.locator(".ap-sentence").last).to_have_text("The page goes on.")
        assert_well_made(visit)
        visit.screenshot(f"failing-{width}-{scheme}")


@pytest.mark.parametrize("plain", [None, {}])
def test_a_link_opens_its_page_in_a_server_that_nobody_has_visited(
    plain: dict[str, str] | None, demo: Demo, browser: Browser
) -> None:
    with serving(demo.root, plain=plain) as url, visiting(browser, f"{url}/health") as visit:
        expect(visit.page.locator("h1")).to_have_text([PAGES["health"]])
        expect(visit.page.get_by_role("link", name="Monthly review")).to_be_visible()
        expect(visit.page.locator("footer.ap-footer")).to_be_visible()


def test_the_month_of_a_link_is_shown_and_follows_the_reader(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/compliance?month=2026-08") as visit:
        expect(visit.page.get_by_label("Month").first).to_have_value("August 2026")
        visit.page.get_by_role("link", name="Gaps").click()
        expect(visit.page.locator("h1")).to_have_text([PAGES["gaps"]])
        visit.settle()
        expect(visit.page.get_by_label("Month").first).to_have_value("August 2026")
        assert "month=2026-08" in visit.page.url


def test_a_step_back_undoes_the_last_choice_and_the_tab_says_what_it_shows(
    demo_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{demo_url}/compliance?month=2026-09", WIDE, "light") as visit:
        expect(visit.page).to_have_title("Compliance · September 2026 · Fernway Home")
        visit.page.get_by_role("combobox", name="Window").click()
        visit.page.get_by_role("option", name="fiscal quarter").click()
        expect(visit.page).to_have_url(f"{demo_url}/compliance?month=2026-09&window=fiscal+quarter")
        expect(visit.page).to_have_title("Compliance · September 2026 · fiscal quarter · Fernway Home")
        visit.settle()
        visit.page.go_back()
        expect(visit.page).to_have_title("Compliance · September 2026 · Fernway Home")
        expect(visit.page).to_have_url(f"{demo_url}/compliance?month=2026-09")


def choose(visit: Visit, name: str, option: str) -> None:
    """Choose by keyboard alone: arrows move through the list, which wraps round."""
    asked = visit.page.get_by_role("combobox", name=name)
    asked.focus()
    visit.page.keyboard.press("ArrowDown")
    wanted = visit.page.get_by_role("option", name=option, exact=True)
    expect(wanted).to_be_visible()
    for _ in range(visit.page.get_by_role("option").count()):
        if asked.get_attribute("aria-activedescendant") == wanted.get_attribute("id"):
            break
        visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("name", "option", "said"), [("Items", "open", "items=open"), ("Window", "quarter", "window=quarter")]
)
def test_a_choice_by_keyboard_keeps_the_focus_and_a_step_back_undoes_it(
    name: str, option: str, said: str, demo_url: str, browser: Browser
) -> None:
    with visiting(browser, f"{demo_url}/gaps?month=2026-10") as visit:
        choose(visit, name, option)
        expect(visit.page).to_have_url(f"{demo_url}/gaps?month=2026-10&{said}")
        visit.settle()
        expect(visit.page.get_by_role("combobox", name=name)).to_be_focused()
        visit.page.go_back()
        expect(visit.page.get_by_role("combobox", name=name)).not_to_have_value(option)
        expect(visit.page).to_have_url(f"{demo_url}/gaps?month=2026-10")
        assert visit.complaints == []


def test_a_page_prints_without_what_belongs_to_the_screen(demo_url: str, browser: Browser) -> None:
    with visiting(browser, f"{demo_url}/review", scheme="dark") as visit:
        visit.page.emulate_media(media="print", color_scheme="light")
        expect(visit.page.locator("header.stAppHeader")).to_be_hidden()
        expect(visit.page.locator(".st-key-parameters")).to_be_hidden()
        expect(visit.page.locator("h1")).to_be_visible()
        expect(visit.page.locator("footer.ap-footer")).to_be_visible()
        visit.screenshot("print-review")
