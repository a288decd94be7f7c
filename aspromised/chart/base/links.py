"""Ways from a number to the page that explains it, each with the state it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from aspromised.analyse.rates.series import span_name
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


def span_leads(words: str, spans: pd.DataFrame, promise: str, **chosen: str) -> Links | None:
    """Return the way from each week (or month) drawn in which something was decided to where it broke; None without any.

    `words` are what is told of them, before "in the week from", or "in". The year is named where it begins.

    >>> drawn = pd.DataFrame({"first": ["2025-12-29", "2026-01-05"], "last": ["2026-01-04", "2026-01-11"], "decided": 3})
    >>> found = span_leads("Broken", drawn.astype({"first": "datetime64[us]", "last": "datetime64[us]"}), "p")
    >>> found.words, [each.words for each in found.links], found.links[1].address
    ('Broken in the week from', ['29 Dec 2025', '5 Jan 2026'], 'gaps?month=2026-01&week=2026-01-05&promise=p')
    """
    decided = spans[spans["decided"] > 0].drop_duplicates("first").sort_values("first")
    if decided.empty:
        return None
    is_week, is_new = span_name(spans) == "week", decided["first"].dt.year.diff().ne(0)
    return Links(
        f"{words} in{' the week from' * is_week}",
        [
            Link(
                f"{row.first:{('%-d ' * is_week) + '%b' + ' %Y' * new}}",
                address(
                    "gaps",
                    month=f"{row.last:%Y-%m}",
                    week=f"{row.first:%Y-%m-%d}" * is_week,
                    promise=promise,
                    **chosen,
                ),
            )
            for row, new in zip(decided.itertuples(), is_new, strict=True)
        ],
    )
