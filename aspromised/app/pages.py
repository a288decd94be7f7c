"""The pages of the app, in the order of its navigation: each a question, and the notebooks that answer it."""

from dataclasses import dataclass

from aspromised.app.briefing import brief_panel
from aspromised.app.cause import cause_panel
from aspromised.app.keeping import certificate_panel
from aspromised.app.page import Panel, page
from aspromised.app.sign_off import sign_off_panel
from aspromised.app.story import story_panel


@dataclass(frozen=True)
class Page:
    """One page: its address, its name in the navigation, its reader's question, what it shows in which order."""

    name: str
    title: str
    question: str
    parts: tuple[str | Panel, ...]

    @property
    def script(self) -> str:
        """The thin script that Streamlit runs for it."""
        return f"pages/{self.name}.py"

    @property
    def notebooks(self) -> list[str]:
        """The names of its notebooks."""
        return [part for part in self.parts if isinstance(part, str)]


PAGES = (
    Page("compliance", "Compliance", "May we still say it?", ("compliance.py", "promise.py", "doubts.py")),
    Page("gaps", "Gaps", "Where do we break it?", ("gaps.py", story_panel, "variation.py", cause_panel)),
    Page("tonight", "Tonight", "What breaks today?", ("tonight.py",)),
    Page("handoffs", "Handoffs", "Where in the chain do we lose the time?", ("handoffs.py", "waits.py")),
    Page(
        "launches",
        "Launches",
        "Which promotions went out before we were ready?",
        ("launches.py", sign_off_panel, "launch.py", certificate_panel),
    ),
    Page("service", "Internal service", "How well do we serve one another?", ("service.py", brief_panel)),
    Page("review", "Monthly review", "How did we do?", ("review.py",)),
    Page("health", "Data health", "Can I trust this?", ("health.py",)),
)


def show_page(name: str) -> None:
    """Show the page `name`."""
    one = next(each for each in PAGES if each.name == name)
    page(one.question, one.parts)
