"""A real browser on the real app, looked at in every width and colour scheme."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect

from aspromised.app.house import HOUSE
from tests.patience import PATIENCE

SHOTS = HOUSE / "build" / "screenshots"
WIDE, NARROW = 1280, 420
expect.set_options(timeout=PATIENCE * 1000)
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """Return the Chromium of this machine, None where there is none."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


def launched(playwright: Playwright) -> Browser:
    """Return a running browser."""
    return playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)


@dataclass
class Visit:
    """An open page, with what it asked for and what it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the script has ended, charts are drawn and what the page says changes no more."""
        expect(self.page.locator("h1").first).to_be_visible()
        expect(
            self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
        ).to_be_attached()
        undrawn = self.page.locator('[data-testid="stVegaLiteChart"]:not(:has(svg, canvas))')
        expect(undrawn).to_have_count(0)
        before = ""
        for _ in range(25):
            self.page.wait_for_timeout(400)
            said, before = before, self._said()
            if said == before:
                return

    def _said(self) -> str:
        return self.page.locator("body").inner_text()

    def left_the_machine(self) -> list[str]:
        """Return the requests that went anywhere but to this machine."""
        hosts = ((url, urlsplit(url).hostname or "") for url in self.requests)
        return [url for url, host in hosts if host not in ("localhost", "127.0.0.1", "")]

    def violations(self) -> str:
        """Return what axe finds wrong, one rule a paragraph; "" when it finds nothing."""
        found = Axe().run(self.page).response["violations"]
        return "\n\n".join(map(_told, found))

    def sideways(self) -> int:
        """Return by how many pixels the page itself can be scrolled sideways."""
        return int(
            self.page.evaluate(
                "() => { const main = document.querySelector('[data-testid=stMain]') || document.documentElement;"
                " return Math.max(main.scrollWidth - main.clientWidth,"
                " document.documentElement.scrollWidth - document.documentElement.clientWidth); }"
            )
        )

    def cut_off(self) -> list[str]:
        """Return the tables of which a part can be seen only by scrolling sideways, by their names."""
        found = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"
        return list(self.page.locator(".ap-ledger, .ap-table").evaluate_all(found))

    def screenshot(self, name: str) -> Path:
        """Return the picture of the whole page, as long as it is."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else WIDE
        height = self.page.evaluate(
            "() => (document.querySelector('[data-testid=stMain]') || document.body).scrollHeight"
        )
        self.page.set_viewport_size({"width": width, "height": min(max(int(height), 600), 12_000)})
        self.page.wait_for_timeout(300)
        path = SHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path


def _told(violation: dict[str, Any]) -> str:
    nodes = (f"  {node['html'][:200]}\n  {node.get('failureSummary', '')}" for node in violation["nodes"][:4])
    return "\n".join([f"{violation['id']}: {violation['help']}", *nodes])


def _listen(visit: Visit, said: ConsoleMessage) -> None:
    """Keep errors, but for Streamlit's own question whether the page's path is the app's (`/gaps/_stcore/…`)."""
    if said.type == "error" and "/_stcore/" not in said.location.get("url", ""):
        visit.complaints.append(f"{said.text} {said.location.get('url', '')}")


@contextmanager
def visiting(browser: Browser, url: str, width: int = WIDE, scheme: str = "light") -> Iterator[Visit]:
    """Open `url` in a fresh browser profile, and wait until it is drawn."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    visit = Visit(page)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("console", lambda said: _listen(visit, said))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    try:
        page.goto(url)
        visit.settle()
        yield visit
    finally:
        context.close()
