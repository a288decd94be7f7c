"""The month on one page: its findings as a short list, one row a promise, the definitions in small print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from aspromised.analyse.promises.compliance import NOT_JUDGED, gap_in_items
from aspromised.analyse.rates.scope import part_name
from aspromised.analyse.review import BETTER, CHANCE, WORSE, Review
from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import Link, Links, address, lead
from aspromised.chart.base.sparkline import sparkline
from aspromised.chart.base.theme import palette
from aspromised.chart.compliance import STANDS_FOR, interval_words, status_words, weeks_words
from aspromised.chart.spread import spread_cells
from aspromised.words.figures import (
    MINUS,
    bound,
    count,
    moment,
    percent,
    points_between,
    points_to_target,
    target,
)
from aspromised.words.text import html as escape

REVIEW_MONTHS = 13
"""The month itself and the twelve before: the same month of last year stands at the left end."""
_ARROW = {BETTER: ("▲", "kept"), WORSE: ("▼", "short")}


@dataclass(frozen=True)
class Findings:
    """A short list of sentences, each led by what it is about."""

    findings: Sequence[tuple[str, str]]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<li><b>{escape(about)}:</b> {escape(sentence)}</li>" for about, sentence in self.findings
        )
        return f'<ul class="ap-points">{rows}</ul>' if rows else ""


@dataclass(frozen=True)
class SmallPrint:
    """What stands below the numbers: where they come from and what the words mean."""

    sentences: Sequence[str]

    def _repr_html_(self) -> str:
        return f'<p class="ap-small">{escape(" ".join(self.sentences))}</p>'


def not_final(review: Review) -> SmallPrint | Findings | None:
    """Return the mark of a month that is not over, None where it is."""
    return Findings([("Not final", review.not_final)]) if review.not_final else None


def review_ledger(review: Review, months: pd.DataFrame) -> Ledger:
    """Return a ledger, one row a promise; `months` are the newest REVIEW_MONTHS months of every promise (EACH_COLUMNS)."""
    table = review.table
    ends = scale(table["low"], table["target"].where(table["decided"] > 0))
    rows = [
        _row(row, months[months["promise_id"] == row["promise_id"]], ends, review)
        for _, row in table.iterrows()
    ]
    frame = pd.DataFrame(rows, columns=["claim", "status", "rate", "interval", "gap", "change", "months"])
    columns = {
        "claim": Column("Promise, and who keeps it", html=True),
        "status": Column("Status", html=True),
        "rate": Column("Kept rate", "right", html=True),
        "interval": Column(_interval_heading(table, ends), html=True),
        "gap": Column("Against the target", "right", html=True),
        "change": Column(f"Since {review.window.before.first:%B}", "right", html=True),
        "months": Column(f"{REVIEW_MONTHS} months", html=True),
    }
    return ledger(frame, columns, label=f"The promises in {review.window.label}")


def review_leads(review: Review) -> Links:
    """Return the ways on from the findings: the part that breaks most, and the launches."""
    month, found = f"{review.window.first:%Y-%m}", review.weakest
    ways = [Link("launches", address("launches")), Link("whether the data can be trusted", address("health"))]
    if found is not None and found.row is not None and found.part is not None:
        segment, value = str(found.part["segment"]), str(found.part["value"])
        part = address("gaps", month=month, promise=found.row["promise_id"], segment=segment, value=value)
        ways.insert(0, Link(f"“{found.row['claim']}” at {part_name(segment, value)}", part))
    return Links("Look further:", ways)


def _interval_heading(table: pd.DataFrame, ends: tuple[float, float]) -> str:
    known = (table["decided"] > 0).any()
    return "95 % interval and target" + (f", {percent(ends[0], 0)} to {percent(ends[1], 0)}" if known else "")


def _row(row: pd.Series, months: pd.DataFrame, ends: tuple[float, float], review: Review) -> list[str]:
    state = {"month": f"{review.window.first:%Y-%m}", "promise": row["promise_id"]}
    claim, broken = _claim(row, address("compliance", **state)), address("gaps", **state)
    status = status_words(row["status"], row["waiting"])
    if row["status"] == NOT_JUDGED:
        return [claim, status, "–", "", "–", "–", ""]
    if row["spread"] is not None:
        return [claim, status, *spread_cells(row["spread"]), "–", ""]
    if not row["decided"]:
        return [claim, status, "–", "", f"<small>target {target(row['target'])}</small>", "–", _line(months)]
    colour = getattr(palette(), STANDS_FOR.get(row["status"], "unknown"))
    drawn = interval(row["rate"], row["low"], row["high"], row["target"], ends, colour, interval_words(row))
    rate = f"{lead(percent(row['rate']), broken)}<br><small>of {count(row['decided'])}</small>"
    gap = f"{lead(points_to_target(row['rate'], row['target']), broken)}<br><small>{escape(gap_in_items(row))}</small>"
    return [claim, status, rate, drawn, gap, _change(row, review.is_closed), _line(months)]


def _claim(row: pd.Series, opened: str) -> str:
    small = [part for part in (row["kept_by"], row["note"]) if isinstance(part, str) and part]
    return f"{lead(escape(row['claim']), opened)}<br><small>{escape(' · '.join(small))}</small>"


def _change(row: pd.Series, closed: bool) -> str:
    """The change in points; an arrow that is also said in words where it is more than chance."""
    if row["reworded"] and closed:
        return "–<br><small>new wording</small>"
    if np.isnan(row["change"]) or not closed:
        return "–"
    moved = points_between(row["rate"], row["before_rate"])
    if row["moved"] in _ARROW:
        arrow, colour = _ARROW[row["moved"]]
        return (
            f'<span class="ap-{colour}"><span role="img" aria-label="{row["moved"]}">{arrow}</span> {moved}</span>'
            f"<br><small>{_between(row)}</small>"
        )
    return f"{moved}<br><small>{'within chance' if row['moved'] == CHANCE else 'too few to tell'}</small>"


def _between(row: pd.Series) -> str:
    low, high = (_signed(100 * row[name]) for name in ("change_low", "change_high"))
    return f"{low} to {high}"


def _signed(number: float) -> str:
    """Points with a sign; two digits where one would show a zero that the interval excludes.

    >>> _signed(-2.75), _signed(-0.02), _signed(0.61)
    ('−2.7', '−0.02', '+0.6')
    """
    return f"{bound(number):+}".replace("-", MINUS)


def _line(months: pd.DataFrame) -> str:
    rates, targets = months["rate"].tolist(), months["target"].tolist()
    return sparkline(rates, targets, months["closed"].tolist(), weeks_words(months, "months"))


def small_print(review: Review, as_of: str, zone: str, snapshot: str) -> SmallPrint:
    """Return the small print under the review as it is shown: definitions, what is left out, and which numbers these are."""
    local = datetime.fromisoformat(as_of).astimezone(ZoneInfo(zone))
    return SmallPrint(
        [
            "Kept rate: kept of kept and broken items counted on a day of the month that were promised in these words; changes are"
            " of the same words.",
            review.left_out,
            "Interval: Wilson, 95 %; the grey mark is the target. Kept or missed only where the whole interval is on one side"
            " of the target, else too close to call.",
            "▲ ▼: the 95 % interval (Newcombe) of the change excludes zero; one promise in twenty would by chance.",
            f"{REVIEW_MONTHS} months: each line has its own scale, the grey step is the target, a hollow dot a month that is not over.",
            "A month that is not closed is not final; open items can still change a closed one.",
            f"Judged as of {moment(local)} ({zone}), snapshot {snapshot}.",
        ]
    )
