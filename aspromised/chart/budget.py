"""The budget of misses and the periods of a claim, as ledgers."""

import pandas as pd

from aspromised.analyse.budget.budget import Budget
from aspromised.analyse.budget.sentences import forgiven_words
from aspromised.analyse.promises.claim import Claim
from aspromised.analyse.promises.compliance import gap_in_items
from aspromised.analyse.rates.figures import waiting
from aspromised.analyse.rates.wordings import in_wordings
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.compliance import status_words
from aspromised.stats.burn_rate import BurnRate, allowed
from aspromised.words.figures import NOTHING, count, day, percent, points_to_target, target, times
from aspromised.words.text import html as escape


def budget_ledger(budget: Budget, **chosen: str) -> Ledger | None:
    """Return what is allowed and spent so far, over the whole window, and in the newest week; None without a budget.

    What is broken leads to these items, with the month and window `chosen`.
    """
    if not budget.has_budget:
        return None
    ended = budget.window.label
    items = address("gaps", **chosen, promise=budget.promise_id, items="broken")
    rows = [_row(ended if budget.is_closed else f"so far, to {day(budget.counted_to)}",
                 budget.decided, budget.allowed_so_far, lead(count(budget.broken), items), budget.allowed_so_far - budget.broken, budget.burn)]  # fmt: skip
    if not budget.is_closed:
        rows.append(_row(_whole(budget), budget.items, budget.allowed, lead(count(budget.broken), items), budget.allowed - budget.broken, None))  # fmt: skip
    if budget.at_least <= budget.week.decided < budget.decided:
        week = budget.week
        forgiven = allowed(week.decided, budget.week_target)
        rows.append(
            _row(
                f"7 days to {day(budget.counted_to)}",
                week.decided,
                forgiven,
                count(week.broken),
                forgiven - week.broken,
                week,
            )
        )
    columns = {
        "span": Column("Counted"),
        "items": Column(budget.noun.many.capitalize(), "right", decimals=0),
        "allowed": Column("May be broken", "right"),
        "broken": Column("Broken", "right", html=True),
        "left": Column("Left", "right"),
        "burn": Column("Burn", "right", html=True),
    }
    notes = ["Burn: how many times as fast as the target allows misses come, with its 95 % interval."]
    frame = pd.DataFrame(rows, columns=list(columns))
    return ledger(frame, columns, label="The budget of misses", notes=notes)


def _whole(budget: Budget) -> str:
    if budget.is_over:
        return f"whole window, once the {count(round(budget.to_come))} still open are told"
    return f"whole window, expected by {day(budget.window.last)}"


def _row(
    span: str, items: int, allowed: int, broken: str, left: int, burn: BurnRate | None
) -> tuple[object, ...]:
    return (
        span,
        items,
        forgiven_words(allowed),
        broken,
        count(left) if left >= 0 else f"{count(-left)} too many",
        _burn(burn),
    )


def _burn(burn: BurnRate | None) -> str:
    if burn is None or not burn.decided:
        return NOTHING
    between = f"<br><small>{times(burn.low)} to {times(burn.high)}</small>"
    if burn.is_fast:
        return f'<span class="ap-short" style="white-space:nowrap">▲ {times(burn.times)}</span>{between}'
    return f"{times(burn.times)}{between}"


def periods_ledger(claim: Claim) -> Ledger:
    """Return its newest windows, oldest first, each with the target and version in force and whether it is closed."""
    rows = [_period(row, claim) for _, row in claim.periods.iterrows()]
    columns = {
        "label": Column("Window", html=True),
        "status": Column("Status", html=True),
        "rate": Column("Kept rate", "right", html=True),
        "between": Column("95 % interval", "right"),
        "gap": Column("Against the target", "right", html=True),
        "target": Column("Target", "right"),
        "version": Column("Version", "right"),
    }
    return ledger(
        pd.DataFrame(rows, columns=list(columns)), columns, label="Windows of this kind, one after the other"
    )


def _period(row: pd.Series, claim: Claim) -> tuple[str, ...]:
    aim, version, label = target(row["target"]), row["versions"] or NOTHING, _label(row, claim)
    if not row["decided"]:
        return label, status_words(row["status"]), NOTHING, NOTHING, NOTHING, aim, version
    named = row.copy()
    named["one"], named["many"] = claim.row["one"], claim.row["many"]
    status = status_words(row["status"], waiting(row, claim.row["many"]))
    return (
        label,
        status if not row["pooled"] else status_words(in_wordings(row["wordings"])),
        f"{percent(row['rate'])}<br><small>of {escape(claim.counted(row['decided']))}</small>",
        f"{percent(row['low'])} to {percent(row['high'])}",
        f"{points_to_target(row['rate'], row['target'])}<br><small>{escape(gap_in_items(named))}</small>",
        aim,
        version,
    )


def _label(row: pd.Series, claim: Claim) -> str:
    """The window's name; a link to the claim over it, where months tell which it is."""
    named = escape(row["label"])
    if claim.kind not in ("month", "quarter", "fiscal quarter", "year", "fiscal year"):
        return named
    window = claim.kind if claim.kind != "month" else ""
    ends = f"{pd.Timestamp(row['last']):%Y-%m}"
    return lead(named, address(month=ends, window=window, promise=claim.promise_id))
