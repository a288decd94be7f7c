"""The ledger of claims, typeset: each in the words customers read, with its rate, interval, gap, status and weeks."""

import math
from collections.abc import Mapping

import pandas as pd

from aspromised.analyse.budget.budget import Budget
from aspromised.analyse.budget.sentences import mark
from aspromised.analyse.promises.claim import Claim
from aspromised.analyse.promises.compliance import NOT_JUDGED, gap_in_items
from aspromised.analyse.rates.series import span_name
from aspromised.chart.base.dotplot import interval, scale
from aspromised.chart.base.ledger import Column, Ledger, Phone, ledger
from aspromised.chart.base.links import Link, Links, address, lead
from aspromised.chart.base.sparkline import sparkline
from aspromised.chart.base.theme import palette
from aspromised.chart.spread import spread_cells
from aspromised.words.figures import count, percent, points_to_target, target
from aspromised.words.text import html as escape
from aspromised.words.vocabulary import STATUS_ICON

STRIP_WEEKS = 13
STANDS_FOR = {"kept": "kept", "missed": "short"}
"""The colour of a status; every other is "unknown": nobody knows."""


def claims_ledger(
    table: pd.DataFrame,
    weeks: pd.DataFrame,
    budgets: Mapping[str, Budget] | None = None,
    *,
    phone: Phone = "lines",
    **chosen: str,
) -> Ledger:
    """Return the ledger of `table` (LEDGER_COLUMNS) with `weeks` (EACH_COLUMNS, the weeks of every promise).

    Each claim links to itself opened, with the parameters `chosen` kept. Where its budget of misses is used up faster
    than chance explains, that is said under its status.
    """
    marks = {name: mark(budget) for name, budget in (budgets or {}).items()}
    ends = scale(table["low"], table["target"].where(table["decided"] > 0))
    rows = [
        _row(
            row,
            weeks[weeks["promise_id"] == row["promise_id"]],
            ends,
            chosen,
            marks.get(row["promise_id"], ""),
        )
        for _, row in table.iterrows()
    ]
    frame = pd.DataFrame(rows, columns=["claim", "status", "rate", "interval", "gap", "weeks", "who"])
    columns = {
        "claim": Column("Claim, as customers read it", html=True),
        "status": Column("Status", html=True),
        "rate": Column("Kept rate", "right", html=True),
        "interval": Column("95 % interval" + _from_to(table, ends), html=True),
        "gap": Column("Against the target", "right", html=True),
        "weeks": Column(_spans(weeks), html=True),
        "who": Column("Said by, kept by", html=True),
    }
    return ledger(frame, columns, label="Claims and whether they are kept", notes=_notes(weeks), phone=phone)


def _from_to(table: pd.DataFrame, ends: tuple[float, float]) -> str:
    return f", {percent(ends[0], 0)} to {percent(ends[1], 0)}" if (table["decided"] > 0).any() else ""


def claim_ledger(claim: Claim, **chosen: str) -> Ledger:
    """Return one claim's own row, with its newest weeks; its numbers lead on with the parameters `chosen`."""
    weeks = claim.weeks.tail(STRIP_WEEKS).assign(promise_id=claim.promise_id)
    return claims_ledger(pd.DataFrame([claim.row]), weeks, None, phone="cards", **chosen)


def _spans(weeks: pd.DataFrame) -> str:
    """What the lines are of: "13 weeks", with months where a promise is counted by them."""
    lines = [(span_name(rows), len(rows)) for _, rows in weeks.groupby("promise_id")] or [
        ("week", STRIP_WEEKS)
    ]
    return f"{max(number for _, number in lines)} {_span_names(weeks)}"


def _span_names(weeks: pd.DataFrame) -> str:
    """The same in the plural, without how many."""
    names = {f"{span_name(rows)}s" for _, rows in weeks.groupby("promise_id")} or {"weeks"}
    return " or ".join(sorted(names, reverse=True))


def _notes(weeks: pd.DataFrame) -> list[str]:
    if not (weeks["decided"] > 0).any():
        return []
    still = (
        ""
        if weeks["closed"].all()
        else " A hollow dot stands for one that is not over, or goes on after the window."
    )
    return [
        f"The grey mark is the target; all intervals share one scale. Each line of {_span_names(weeks)} has its own scale, of ten points"
        f" at least; the grey step is the target in force.{still}"
    ]


def _row(
    row: pd.Series, weeks: pd.DataFrame, ends: tuple[float, float], chosen: Mapping[str, str], warning: str
) -> list[str]:
    claim = _claim(row, chosen)
    broken = address("gaps", **_of(chosen, row["promise_id"]))
    who = f"{_team(row['made_by'])}<br><small>{_team(row['kept_by'])}</small>"
    opened = address(**{**chosen, "promise": row["promise_id"]})
    waiting = address("gaps", **_of(chosen, row["promise_id"]), items="open")
    status = status_words(row["status"]) + _under((row["waiting"], waiting), (warning, opened))
    if row["status"] == NOT_JUDGED:
        return [claim, status, "–", "", "–", "", who]
    aim = f"<small>target {target(row['target'])}</small>"
    if row["spread"] is not None:
        return [claim, status, *spread_cells(row["spread"]), "", who]
    if not row["decided"]:
        return [claim, status, "–", "", aim, _weeks(weeks), who]
    rate = f"{lead(percent(row['rate']), broken)}<br><small>of {escape(_count(row))}</small>"
    gap = f"{lead(points_to_target(row['rate'], row['target']), broken)}<br><small>{escape(gap_in_items(row))}</small>"
    colour = getattr(palette(), STANDS_FOR.get(row["status"], "unknown"))
    drawn = interval(row["rate"], row["low"], row["high"], row["target"], ends, colour, interval_words(row))
    return [claim, status, rate, f"{drawn}{aim}", gap, _weeks(weeks), who]


def _under(*notes: tuple[str, str]) -> str:
    """Small print under a cell: words, and where they lead."""
    return "".join(f"<br><small>{lead(escape(words), to)}</small>" for words, to in notes if words)


def _claim(row: pd.Series, chosen: Mapping[str, str]) -> str:
    opened = address(**{**chosen, "promise": row["promise_id"]})
    said = f"<br><small>{escape(row['said_in'])}</small>" if row["said_in"] else ""
    note = f"<br><small>{escape(row['note'])}</small>" if row["note"] else ""
    return f'<a href="{escape(opened)}" target="_self">{escape(row["claim"])}</a>{said}{note}'


def _of(chosen: Mapping[str, str], promise_id: str) -> dict[str, str]:
    """Return what another page is told of a promise: the month and the window."""
    return {**{name: chosen[name] for name in ("month", "window") if name in chosen}, "promise": promise_id}


def _team(name: object) -> str:
    return f'<span style="white-space:nowrap">{escape(name)}</span>' if isinstance(name, str) else "–"


def _count(row: pd.Series) -> str:
    return f"{count(row['decided'])} {row['one'] if row['decided'] == 1 else row['many']}"


def status_words(status: str, *notes: str) -> str:
    """Return a status as icon and word, in its colour, with what is to be said of it in small print under it."""
    icon = STATUS_ICON.get(status, "–")  # type: ignore[call-overload]
    under = "".join(f"<br><small>{escape(note)}</small>" for note in notes if note)
    return f'<span class="ap-{STANDS_FOR.get(status, "unknown")}" style="white-space:nowrap">{icon} {escape(status)}</span>{under}'


def interval_words(row: pd.Series) -> str:
    """Return what an interval's drawing says."""
    between = f"{percent(row['low'])} to {percent(row['high'])}"
    return f"{percent(row['rate'])}, interval {between}, target {target(row['target'])}"


def _weeks(weeks: pd.DataFrame) -> str:
    rates, targets = weeks["rate"].tolist(), weeks["target"].tolist()
    return sparkline(rates, targets, weeks["closed"].tolist(), weeks_words(weeks, f"{span_name(weeks)}s"))


def weeks_words(weeks: pd.DataFrame, spans: str = "weeks") -> str:
    """Return what a line of weeks (or other `spans`) says, from its numbers."""
    known = weeks[weeks["decided"] > 0]
    if known.empty:
        return f"no {spans.removesuffix('s')} has a rate"
    low, high, last = known["rate"].min(), known["rate"].max(), known.iloc[-1]
    aim = "" if math.isnan(last["target"]) else f", target {target(last['target'])}"
    return f"{len(weeks)} {spans}: {percent(low)} to {percent(high)}, last {percent(last['rate'])}{aim}"


def all_claims(**chosen: str) -> Link:
    """Return the way back to the whole ledger, with the parameters `chosen` kept."""
    return Link("← All claims", address(**chosen))


def claim_leads(claim: Claim, **chosen: str) -> Links:
    """Return the ways on from an opened claim: where it breaks, and the promotions that are planned to lean on it."""
    of = claim.spread.of if claim.spread else claim.promise_id
    planned = [
        Link(f"“{row.what}”", address("launches", promotion=row.promotion_id))
        for row in claim.planned.itertuples()
    ]
    where = Link(f"where it breaks, and which {claim.row['many']}", address("gaps", **_of(chosen, of)))
    records = Link("whether its records can be trusted", address("health"))
    return Links("Look further:", [where, *planned, records])
