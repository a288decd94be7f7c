"""Ways from a number to the page that explains it, each with the state it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aspromised.words.text import html as escape


def address(page: str = "", **state: str) -> str:
    """Return the link to a page (the one that is open, where none is named) in a state; what is "" is left out.

    >>> address("gaps", month="2026-10", promise="two-days", segment="")
    'gaps?month=2026-10&promise=two-days'
    """
    return f"{page}?" + urlencode({name: value for name, value in state.items() if value})


def lead(cell: str, to: str) -> str:
    """Return a cell, ready HTML, as a link.

    >>> lead("93.0 %", "gaps?promise=x")
    '<a class="ap-lead" href="gaps?promise=x" target="_self">93.0 %</a>'
    """
    return f'<a class="ap-lead" href="{escape(to)}" target="_self">{cell}</a>'


@dataclass(frozen=True)
class Link:
    """A way to another view."""

    words: str
    address: str

    @property
    def anchor(self) -> str:
        """The link as HTML."""
        return f'<a href="{escape(self.address)}" target="_self">{escape(self.words)}</a>'

    def _repr_html_(self) -> str:
        return f"<p>{self.anchor}</p>"


@dataclass(frozen=True)
class Links:
    """Several ways on, in one line; none shows nothing."""

    words: str
    links: Sequence[Link]

    def _repr_html_(self) -> str:
        if not self.links:
            return ""
        return (
            f"<p class='ap-links'>{escape(self.words)} {' · '.join(each.anchor for each in self.links)}</p>"
        )
