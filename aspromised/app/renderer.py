"""Shows things on a Streamlit page."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import pandas as pd
import streamlit as st

from aspromised.chart.base.figure import PICKED, Figure
from aspromised.chart.base.ledger import Ledger
from aspromised.display import fragments
from aspromised.display.failure import Failure
from aspromised.display.things import Download, Missing, Table
from aspromised.words.filenames import file_name
from aspromised.words.text import label, line


class StreamlitRenderer:
    """Words and ledgers are the HTML that is printed; lists, charts and buttons are Streamlit's."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._buttons = 0

    def markdown(self, text: str) -> None:
        st.markdown(text)

    def prose(self, text: str) -> None:
        for name, said in fragments.blocks(text):
            if name.startswith("h"):
                st.markdown(f"{'#' * int(name[1])} {label(' '.join(said))}")
            else:
                st.html(fragments.prose("\n".join(f"- {each}" if name == "ul" else each for each in said)))

    def sentence(self, text: str) -> None:
        st.html(fragments.sentence_html(text))

    def text(self, text: str) -> None:
        st.html(fragments.plain(text))

    def table(self, table: Table) -> None:
        if table.title:
            st.html(f'<p class="ap ap-heading">{fragments.words(table.title)}</p>')
        hide = isinstance(table.frame.index, type(table.frame.reset_index(drop=True).index))
        st.dataframe(
            table.frame,
            hide_index=hide,
            width="stretch",
            column_config=_separators(table.frame),
            **self._choosing(table),
        )

    def ledger(self, ledger: Ledger) -> None:
        st.html(fragments.ledger_html(ledger))

    def html(self, fragment: str) -> None:
        st.html(f'<div class="ap">{fragment}</div>')

    def chart(self, figure: Figure) -> None:
        if figure.title:
            st.html(f'<p class="ap ap-heading">{fragments.words(figure.title)}</p>')
        st.vega_lite_chart(
            spec=figure.vega_lite.spec,
            width="stretch",
            theme=None,
            alt=line(figure.takeaway),
            **self._picking(figure),
        )
        if not figure.table.empty:
            with st.expander("The numbers"):
                st.dataframe(
                    figure.table, hide_index=True, width="stretch", column_config=_separators(figure.table)
                )
                self.download(Download("Download as CSV", figure.table, f"{_file_name(figure.title)}.csv"))

    def _picking(self, figure: Figure) -> dict[str, Any]:
        """What has a mark that is picked lead on, where the marks of a chart do."""
        if not figure.leads:
            return {}
        drawn = crc32(figure.vega_lite.text.encode() + str(figure.table.values.tolist()).encode())
        key = f"{self.name}-chart-{drawn}"  # another chart in its place has nothing picked yet
        return {"key": key, "on_select": partial(_follow_mark, key), "selection_mode": PICKED}

    def _choosing(self, table: Table) -> dict[str, Any]:
        """What has a row that is chosen lead on, where the rows of a list do."""
        if not table.leads:
            return {}
        key = f"{self.name}-rows-{crc32(str(list(table.leads)).encode())}"
        return {
            "key": key,
            "on_select": partial(_follow_row, key, table.leads),
            "selection_mode": "single-row",
        }

    def download(self, download: Download) -> None:
        self._buttons += 1
        key = f"{self.name}-download-{self._buttons}"
        st.download_button(
            label(download.label),
            download.csv,
            file_name(download.filename),
            "text/csv",
            key=key,
            on_click="ignore",
        )

    def missing(self, missing: Missing) -> None:
        what, _, more = missing.what.partition("\n\n")
        st.html(f'<p class="ap ap-sentence">{fragments.words(what)}</p>')
        if more:
            st.code(more, language=None, wrap_lines=True)
        if missing.commands:
            st.code(missing.commands, language=None, wrap_lines=True)

    def error(self, failure: Failure) -> None:
        st.html(fragments.error(failure))


def _follow_mark(key: str) -> None:
    """Put the state that a mark leads to into the address, and draw the page again."""
    picked = st.session_state[key].selection.get(PICKED) or []
    if picked and picked[0].get("to"):
        _go(picked[0]["to"])


def _follow_row(key: str, leads: Sequence[str]) -> None:
    """Put the state that a row leads to into the address, and draw the page again."""
    rows = st.session_state[key].selection.rows
    if rows and rows[0] < len(leads):
        _go(leads[rows[0]])


def _go(address: str) -> None:
    st.query_params.from_dict(dict(parse_qsl(urlsplit(address).query)))
    st.rerun()


def _separators(frame: pd.DataFrame) -> dict[str, Any]:
    """Whole numbers with separators, as on paper."""
    whole = (name for name in frame.columns if pd.api.types.is_integer_dtype(frame[name]))
    return {str(name): st.column_config.NumberColumn(format="localized") for name in whole}


def _file_name(title: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in kept.split("-") if part) or "numbers"
