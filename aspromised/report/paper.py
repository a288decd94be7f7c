"""A record, or another paper, on A4: one HTML file that needs nothing, and a PDF/UA set by Typst; the same bytes for the same record."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import typst

from aspromised.chart.base.ledger import Column, ledger
from aspromised.display import fragments
from aspromised.display.html import html_page
from aspromised.report.wording import (
    gate_rows,
    record_facts,
    record_sentence,
    record_small_print,
    source_rows,
    title,
)
from aspromised.store.ledger.chain import body_text
from aspromised.words.text import line, visible

_EMBEDDED = re.compile(rb'<meta name="aspromised-sha256" content="([0-9a-f]{64})">')
_PRINTED = re.compile(rb"aspromised-sha256:([0-9a-f]{64})")
_TABLES = {
    "The promotion": ("What", "As declared"),
    "What had to be ready": ("Gate, and what it needs", "On that day", "Evidence"),
    "What it was judged from": ("Source", "Rows", "Newest", "Freshness"),
}


def record_html(content: Mapping[str, Any], digest: str) -> str:
    """Return a record as one HTML file, with the record itself folded in for machines."""
    tables = [
        piece
        for name, rows in _rows(content).items()
        for piece in (fragments.prose(f"## {name}"), _table(name, rows))
    ]
    notes = "".join(
        f'<p class="ap ap-small">{fragments.words(line)}</p>' for line in record_small_print(content, digest)
    )
    own = json.dumps(json.loads(body_text(content)), indent=1, sort_keys=True, ensure_ascii=False)
    folded = f'<details class="ap"><summary>The record for machines</summary>{fragments.plain(own)}</details>'
    whole = html_page(
        title(content),
        [
            fragments.prose(f"# {line(title(content))}"),
            fragments.sentence_html(record_sentence(content)),
            *tables,
            notes,
            folded,
        ],
    )
    return whole.replace("<title>", f'<meta name="aspromised-sha256" content="{digest}">\n<title>', 1)


def pdf(content: Mapping[str, Any], digest: str) -> bytes:
    """Return a record as PDF (PDF/UA-1): fonts that come with Typst, and no date but those of the record."""
    told = {
        "title": title(content),
        "sentence": record_sentence(content),
        "tables": [
            {"name": name, "heads": _TABLES[name], "rows": [list(row) for row in rows]}
            for name, rows in _rows(content).items()
        ],
        "small": record_small_print(content, digest),
        "digest": digest,
    }
    return set_on_paper(told)


def set_on_paper(told: Mapping[str, Any]) -> bytes:
    """Return a paper as PDF (PDF/UA-1) on A4: `title`, `sentence`, `tables` (name, heads, rows), `small` and a `digest`."""
    return _set(json.dumps(_visible(told)))


def _visible(told: Any) -> Any:
    """Return lists, mappings and tuples with every text of theirs made visible: Typst turns figures around as a page would."""
    if isinstance(told, str):
        return visible(told)
    if isinstance(told, Mapping):
        return {name: _visible(each) for name, each in told.items()}
    return [_visible(each) for each in told]


def _set(told: str) -> bytes:
    """Set the record with the fonts that come with Typst; letters they lack, with those of this machine."""
    words: dict[str, Any] = {"format": "pdf", "sys_inputs": {"record": told}, "timestamp": 0}
    try:
        made: bytes = typst.compile(_template(), ignore_system_fonts=True, pdf_standards="ua-1", **words)
    except typst.TypstError:  # PDF/UA refuses a letter that no font has
        made = typst.compile(_template(), **words)
    return made


def embedded(data: bytes) -> str | None:
    """Return the hash of the record that a file names, None where it names none."""
    found = _EMBEDDED.search(data) or _PRINTED.search(data)
    return found.group(1).decode() if found else None


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (Path(__file__).parent / "certificate.typ").read_bytes()


def _rows(content: Mapping[str, Any]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {
        "The promotion": list(record_facts(content)),
        "What had to be ready": list(gate_rows(content)),
        "What it was judged from": list(source_rows(content)),
    }
    return {name: rows for name, rows in found.items() if rows}


def _table(name: str, rows: list[tuple[str, ...]]) -> str:
    heads = _TABLES[name]
    frame = pd.DataFrame(rows, columns=[str(number) for number in range(len(heads))])
    return fragments.ledger_html(
        ledger(frame, {str(n): Column(head) for n, head in enumerate(heads)}, label=name)
    )
