"""A supplier brief on paper: one HTML file that needs nothing from outside, and a PDF on A4; the same bytes for the same brief."""

import hashlib
import json

import pandas as pd

from aspromised.analyse.internal_service.brief import Brief
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.display import fragments
from aspromised.display.html import html_page
from aspromised.report.paper import set_on_paper
from aspromised.words.filenames import file_name
from aspromised.words.text import line

_HEADS = {
    "What we need from you": ("What", "How"),
    "How it has been": ("What", "How it was"),
    "Examples": ("What", "Which"),
    "When we look again": ("What", "When"),
}


def brief_ledger(name: str, rows: tuple[tuple[str, str], ...]) -> Ledger:
    """Return one part of a brief, typeset."""
    frame, (about, said) = pd.DataFrame(rows, columns=["about", "said"]), _HEADS[name]
    return ledger(frame, {"about": Column(about), "said": Column(said)}, label=name)


def brief_html(brief: Brief) -> str:
    """Return a brief as one HTML file."""
    parts = [
        piece
        for name, rows in brief.parts.items()
        for piece in (fragments.prose(f"## {name}"), fragments.ledger_html(brief_ledger(name, rows)))
    ]
    small = "".join(f'<p class="ap ap-small">{fragments.words(each)}</p>' for each in brief.small_print)
    return html_page(
        brief.title,
        [fragments.prose(f"# {line(brief.title)}"), fragments.sentence_html(brief.sentence), *parts, small],
    )


def brief_pdf(brief: Brief) -> bytes:
    """Return a brief as PDF/UA on A4."""
    tables = [
        {"name": name, "heads": _HEADS[name], "rows": [list(row) for row in rows]}
        for name, rows in brief.parts.items()
    ]
    told = {"title": brief.title, "sentence": brief.sentence, "tables": tables, "small": brief.small_print}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return set_on_paper({**told, "digest": digest})


def brief_name(brief: Brief, month: str) -> str:
    """Return what a brief's files are called, without an ending.

    >>> brief_name(Brief("sales", "care", "", "", None, "", (), (), (), ()), "2026-10")
    'brief-sales-for-care-2026-10'
    """
    return file_name(f"brief-{brief.supplier}-for-{brief.customer}-{month}")
