"""What follows a late handover, what comes through complete and right, and what approvals and checks change."""

from collections.abc import Sequence
from math import isinf

import pandas as pd

from aspromised.analyse.handoffs.late import LateMinutes
from aspromised.analyse.handoffs.snowball import Snowball, times_words
from aspromised.analyse.handoffs.stages import rolled
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.words.figures import NOTHING, count, duration, percent, signed

CONTROLS_AND_WAITS = ("approval", "check", "escalation")


def snowball_ledger(found: Sequence[Snowball], items: str) -> Ledger | None:
    """Return how items fared after late and after timely handovers, a row a stage; None without any."""
    if not found:
        return None
    rows = [
        {
            "stage": f"{each.stage} ({each.supplier})",
            "late": f"{percent(each.table.risk)} of {count(each.table.exposed)}"
            if each.table.exposed
            else NOTHING,
            "timely": f"{percent(each.table.risk_without)} of {count(each.table.without)}"
            if each.table.without
            else NOTHING,
            "ratio": _ratio(each),
            "within": (times_words(each.within) if each.is_told else "") or NOTHING,
            "avoidable": _follow(each) if each.is_told and each.share > 0 else NOTHING,
        }
        for each in found
    ]
    columns = {
        "stage": Column("After"),
        "late": Column("Broken where it was late", "right"),
        "timely": Column("Broken where it was in time", "right"),
        "ratio": Column("Times the risk"),
        "within": Column("Among like ones", "right"),
        "avoidable": Column("Broken that follow it", "right"),
    }
    notes = [
        f"Counted of kept and broken {items} that left the stage; its last stage hands over to the customer. Among like ones: those with equal"
        " segments (Mantel and Haenszel). It follows, which is not to say that it is the cause: hard cases are late everywhere."
    ]
    return ledger(
        pd.DataFrame(rows, columns=list(columns)),
        columns,
        label="What follows a late handover",
        notes=notes,
        phone="cards",
    )


def _ratio(each: Snowball) -> str:
    if not each.is_told:
        return "too few to tell"
    low, high = f"{each.crude.low:.2f}", f"{each.crude.high:.2f}"
    told = f"at least {low}" if isinf(each.crude.ratio) else f"{each.crude.ratio:.2f} ({low} to {high})"
    return told if each.stands_out else f"{told}, could be chance"


def _follow(each: Snowball) -> str:
    return f"{count(each.avoidable)}, {percent(each.share)} of all" if each.stands_out else NOTHING


def accepted_ledger(stages: pd.DataFrame, inputs: pd.DataFrame) -> Ledger | None:
    """Return what receivers found complete and right, and the inputs that were there; None where nobody says."""
    rows = [
        {
            "what": f"{row.stage} ({row.supplier} to {row.customer})",
            "share": percent(row.accepted_share),
            "of": count(row.judged),
        }
        for row in stages.itertuples()
        if row.judged
    ]
    if len(rows) > 1:
        rows.append({"what": "through all of these", "share": percent(rolled(stages)), "of": NOTHING})
    rows += [
        {
            "what": f"{row.input}, needed by {row.stage} ({row.supplier})",
            "share": percent(row.met_share),
            "of": count(row.met + row.unmet),
        }
        for row in inputs.itertuples()
    ]
    if not rows:
        return None
    columns = {
        "what": Column("Handed over"),
        "share": Column("Complete and right", "right"),
        "of": Column("Of", "right"),
    }
    return ledger(pd.DataFrame(rows), columns, label="Complete and right, as the receiver found it")


def control_ledger(stages: pd.DataFrame, late: LateMinutes) -> Ledger | None:
    """Return what approvals, checks and escalations changed beside the time they cost; None without any."""
    minutes = late.rows.set_index("position")
    rows = [
        {
            "stage": f"{row.stage} ({row.kind}, {row.supplier})",
            "changed": percent(row.changed_share) if row.passed else NOTHING,
            "of": count(row.passed) if row.passed else "not told",
            "median": duration(row.median_s),
            "p90": duration(row.p90_s),
            "late": signed(minutes.loc[row.position]["minutes"] / 60),
        }
        for row in stages.itertuples()
        if row.kind in CONTROLS_AND_WAITS
    ]
    if not rows:
        return None
    columns = {
        "stage": Column("Stage"),
        "changed": Column("Changed or refused", "right"),
        "of": Column("Of passages", "right"),
        "median": Column("Half took at most", "right"),
        "p90": Column("Nine in ten", "right"),
        "late": Column("Hours late of its own", "right"),
    }
    notes = [
        "What a control changes beside what it costs is a finding for its owner, and no advice to drop it."
    ]
    return ledger(pd.DataFrame(rows), columns, label="Approvals and checks", notes=notes, phone="cards")


def late_item_table(items: pd.DataFrame) -> pd.DataFrame:
    """Return the items with the most hours at one place, as a list to sort and to filter."""
    return pd.DataFrame({
        "Item": items["item_id"], "Counted on": [f"{each:%Y-%m-%d}" for each in items["day"]], "Hours spent": items["spent_h"].round(1),
        "Hours budgeted": items["budget_h"].round(1), "Hours late of its own": (items["minutes"] / 60).round(1),
    })  # fmt: skip
