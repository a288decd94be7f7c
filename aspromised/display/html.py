"""A notebook as one HTML file: no script, nothing fetched, ready to print or to mail."""

from collections.abc import Callable

from aspromised.chart.base.figure import Figure
from aspromised.chart.base.ledger import Ledger
from aspromised.display import fragments
from aspromised.display.failure import Failure
from aspromised.display.things import Download, Missing, Table
from aspromised.words.text import html as escape

_PAGE = """
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1.25rem; background: #fff; color: #1b1f24;
  font: 16px/1.5 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1.05rem; }
@page { size: A4; margin: 16mm; }
@media print { body { margin: 0; max-width: none; padding: 0; font-size: 10.5pt; } h1, h2, h3 { break-after: avoid; } }
"""


class HtmlRenderer:
    """Hands on what is shown as pieces of HTML, in order: to `put`, or else to its own list `pieces`."""

    def __init__(self, put: Callable[[str], object] | None = None) -> None:
        self.pieces: list[str] = []
        self.put = put or self.pieces.append

    def markdown(self, text: str) -> None:
        self.put(fragments.markdown_html(text))

    def prose(self, text: str) -> None:
        self.put(fragments.prose(text))

    def sentence(self, text: str) -> None:
        self.put(fragments.sentence_html(text))

    def text(self, text: str) -> None:
        self.put(fragments.plain(text))

    def table(self, table: Table) -> None:
        self.put(fragments.table_html(table))

    def ledger(self, ledger: Ledger) -> None:
        self.put(fragments.ledger_html(ledger))

    def html(self, fragment: str) -> None:
        self.put(f'<div class="ap">{fragment}</div>')

    def chart(self, figure: Figure) -> None:
        self.put(fragments.chart(figure))

    def download(self, download: Download) -> None:
        self.put(fragments.download(download))

    def missing(self, missing: Missing) -> None:
        self.put(fragments.missing(missing))

    def error(self, failure: Failure) -> None:
        self.put(fragments.error(failure))


def html_page(title: str, pieces: list[str], language: str = "en") -> str:
    """Return one whole HTML file, UTF-8, with its own style and no scripts."""
    body = "\n".join(pieces)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_PAGE}{fragments.style('light')}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
