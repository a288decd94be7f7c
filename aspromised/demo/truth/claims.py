"""What is planted in the log of claims, counted from its rows alone."""

from typing import Any

import pandas as pd
from holidays import country_holidays

from aspromised.demo.truth.promises import OracleInput
from aspromised.demo.wall import ZONE

_HOUR = pd.Timedelta(hours=1)


def claims(judging: OracleInput) -> dict[str, Any]:
    """Return the approval that changes almost nothing, the desk that hands up, the way round, and payouts in one go."""
    log = _with_waits(judging.tables["claim_events"])
    done = log[log["ended_at"].notna()]
    return {
        "approval": _approval(done[done["activity"] == "APPROVED"]),
        "hand_ups": _hand_ups(log),
        "way_round": _way_round(log),
        "payouts": _payouts(log[log["activity"] == "PAID OUT"]),
    }


def _with_waits(events: pd.DataFrame) -> pd.DataFrame:
    """Return the log by claim in order, each activity with the end of the one before it and the name of the next."""
    log = events.sort_values(["claim_id", "started_at"], kind="stable")
    by_claim = log.groupby("claim_id", sort=False)
    log = log.assign(ready=by_claim["ended_at"].shift(), following=by_claim["activity"].shift(-1))
    return log.assign(waited=log["started_at"] - log["ready"])


def _approval(done: pd.DataFrame) -> dict[str, Any]:
    changed = int((done["outcome"] == "changed").sum())
    hours = done["waited"] / _HOUR
    return {
        "passed": len(done),
        "changed": changed,
        "changed_share": round(changed / len(done), 5),
        "median_wait_hours": round(float(hours.median()), 2),
        "p90_wait_hours": round(float(hours.quantile(0.9)), 2),
    }


def _hand_ups(log: pd.DataFrame) -> dict[str, Any]:
    assessed = log[log["activity"] == "ASSESSED"]
    return {
        str(desk): {"assessed": len(part), "handed_up": int((part["following"] == "HANDED UP").sum())}
        for desk, part in assessed.groupby("team")
    }


def _way_round(log: pd.DataFrame) -> dict[str, Any]:
    """Return of the claims closed those paid by a voucher, without an approval, and those that two desks assessed."""
    closed = log.loc[(log["activity"] == "CLAIM CLOSED") & log["ended_at"].notna(), "claim_id"]
    of_closed = log[log["claim_id"].isin(closed)]
    vouchers = of_closed.loc[of_closed["activity"] == "VOUCHER ISSUED", "claim_id"].nunique()
    desks = of_closed[of_closed["activity"] == "ASSESSED"].groupby("claim_id")["team"].nunique()
    return {
        "closed": len(closed),
        "vouchers": int(vouchers),
        "share": round(vouchers / len(closed), 5),
        "two_desks": int((desks > 1).sum()),
        "handed_up": int((of_closed["activity"] == "HANDED UP").sum()),
        "one_level": int(
            len(closed) - vouchers - of_closed.loc[of_closed["activity"] == "HANDED UP", "claim_id"].nunique()
        ),
    }


def _payouts(paid: pd.DataFrame) -> dict[str, Any]:
    """Return on which weekdays is paid, and how many office hours claims waited for the last of those paid with them."""
    local = paid["started_at"].dt.tz_convert(ZONE)
    run = local.dt.normalize()
    on_days = local.dt.day_name().isin(["Tuesday", "Friday"])
    last = paid.groupby(run)["ready"].transform("max")
    alone = paid.groupby(run)["ready"].transform("size") == 1
    held = _office_hours(paid["ready"], last).where(~alone, 0.0).sum()
    return {
        "weekdays": ["Tuesday", "Friday"],
        "paid": len(paid),
        "on_those_days": int(on_days.sum()),
        "waited_hours": round(float((paid["waited"] / _HOUR).sum()), 1),
        "held_for_the_others_hours": round(float(held), 1),
    }


def _office_hours(since: pd.Series, until: pd.Series) -> pd.Series:
    """Return the hours between moments in which the office is open: 9:00 to 17:30 from Monday to Friday, but for holidays."""
    begin, end = (each.dt.tz_convert(ZONE).dt.tz_localize(None) for each in (since, until))
    closed = set(country_holidays("GB", subdiv="ENG", years=range(2020, 2041)))
    found = pd.Series(0.0, index=since.index)
    for later in range(int((end.dt.normalize() - begin.dt.normalize()).max().days) + 1):
        day = begin.dt.normalize() + pd.Timedelta(days=later)
        works = (day.dt.day_of_week < 5) & ~day.dt.date.isin(closed)
        opens, closes = day + pd.Timedelta(hours=9), day + pd.Timedelta(hours=17.5)
        inside = (end.where(end < closes, closes) - begin.where(begin > opens, opens)) / _HOUR
        found += inside.clip(lower=0).where(works, 0.0)
    return found
