"""Prints things, for a notebook that is run as a plain script."""

from aspromised.chart.base.figure import Figure
from aspromised.chart.base.ledger import Ledger
from aspromised.display.failure import Failure
from aspromised.display.things import Download, Missing, Table


class PlainRenderer:
    """Prints words and tables; drawings are told by their takeaway."""

    def markdown(self, text: str) -> None:
        print(text)

    def prose(self, text: str) -> None:
        print(text)

    def sentence(self, text: str) -> None:
        print(text)

    def text(self, text: str) -> None:
        print(text)

    def table(self, table: Table) -> None:
        print(table.title or "", table.frame.head(table.rows).to_string(index=False), sep="\n")

    def ledger(self, ledger: Ledger) -> None:
        print(f"[{ledger.label}: a typeset table, shown in the app, in Jupyter and on paper]")

    def html(self, fragment: str) -> None:
        print(fragment)

    def chart(self, figure: Figure) -> None:
        print(figure.title, figure.takeaway, figure.table.to_string(index=False), sep="\n")

    def download(self, download: Download) -> None:
        print(f"{download.label}: {download.filename}")

    def missing(self, missing: Missing) -> None:
        print(missing.what, missing.commands, sep="\n")

    def error(self, failure: Failure) -> None:
        print(failure.message, failure.trace, sep="\n")
