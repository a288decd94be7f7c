"""`aspromised tonight`: what is open, how much time is left, and what will break."""

import math
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pandas as pd
import typer

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.tonight.calibration import Calibration, calibration
from aspromised.analyse.tonight.listing import (
    Tonight,
    late_words,
    likeliest_first,
    open_by,
    stale_words,
    told_by,
    tonight,
)
from aspromised.cli.answers.tonight import (
    CalibrationAnswer,
    OpenItemAnswer,
    OverdueItemAnswer,
    TonightAnswer,
    TonightGroupAnswer,
)
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.words.figures import NOTHING, chance, count, duration, later_moment, listed, moment, plural
from aspromised.words.problems import no_such

STAGE = "stage"
"""What `--by` names to tell it by the stages of chains."""
LISTED = 10
"""Items that the text tells one by one, of each kind."""


def tonight_(
    promise: Annotated[str | None, typer.Option("--promise", help="One promise; default all.")] = None,
    team: Annotated[
        str | None, typer.Option("--team", help="The team that must keep it; default all.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="SEGMENT|stage",
            help="Tell it by the values of a segment, or by the stage of its chain an item is in.",
        ),
    ] = None,
    workspace: WorkspacePath = Path(),
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show what is open and what will break today, from how such items fared before, and what is overdue, the oldest first."""
    with judged_tables(workspace, as_of, promise=promise, chances=True) as (snapshot, meta):
        _refuse_unknown(snapshot, promise, team, by)
        found = tonight(snapshot, promise or "", team or "", "", "", by if by and by != STAGE else "")
        was_told = calibration(snapshot, promise or "", team or "")
        zone = ZoneInfo(meta["timezone"])
    if as_json:
        say_json(_answer(found, was_told, by, zone))
        return
    _print_groups(found, by)
    _print_likeliest(found)
    _print_overdue(found)
    say(*_left_out(found), was_told.sentence, *filter(None, [stale_words(found, datetime.now(zone))]))


def _refuse_unknown(snapshot: Queryable, promise: str | None, team: str | None, by: str | None) -> None:
    known = snapshot.query("select promise_id, kept_by, segments from promise order by 1")
    segments = sorted({name for names in known["segments"] if names is not None for name in names})
    named = {
        "promise": (promise, list(known["promise_id"])),
        "team": (team, sorted(set(known["kept_by"].dropna()))),
        "segment": (by, [*segments, STAGE]),
    }
    for what, (asked, names) in named.items():
        if asked is not None and asked not in names:
            raise no_such(what, asked, names)


def _print_groups(found: Tonight, by: str | None) -> None:
    table = open_by(found, _grouped_by(by))
    columns = (by or "promise", "open", "due today", "will break", "overdue", "oldest")
    rows = [
        (
            row.group,
            count(row.open),
            count(row.due_today),
            _expected(row.breaking_today, row.due_today, row.untold_today),
            count(row.overdue),
            late_words(row.oldest_seconds),
        )
        for row in table.itertuples()
    ]
    today = found.due_today
    total = _expected(float(today["chance"].sum()), len(today), int(today["chance"].isna().sum()))
    oldest = found.overdue["late_seconds"].max() if len(found.overdue) else math.nan
    if len(rows) > 1:
        numbers = (count(len(found.items)), count(len(today)), total, count(len(found.overdue)))
        rows.append(("in all", *numbers, late_words(float(oldest))))
    if rows:
        say_table(found.sentence, rows, columns, (), ("oldest",))
    else:
        say(found.sentence)


def _grouped_by(by: str | None) -> str:
    return STAGE if by == STAGE else "part" if by else "promise_id"


def _expected(breaking: float, due: int, untold: int) -> str:
    """How many of those due will break, as far as that can be told."""
    if not due:
        return NOTHING
    return "cannot tell" if untold == due else f"{breaking:.1f}"


def _print_likeliest(found: Tonight) -> None:
    due = likeliest_first(found.due_today)
    shown = due.head(LISTED)
    rows = [
        (
            str(row.item_id),
            row.promise_id,
            later_moment(row.due, found.as_of.replace(tzinfo=None)),
            duration(row.left_seconds),
            chance(None if pd.isna(row.chance) else row.chance),
            told_by(row.segment, row.value),
        )
        for row in shown.itertuples()
    ]
    if rows:
        title = f"Due today, the likeliest to break first ({plural(len(shown), 'item')} of {count(len(due))})"
        columns = ("item", "promise", "due", "left", "chance", "told by")
        say_table(title, rows, columns, ("promise", "due", "told by"), ("left", "told by"))


def _print_overdue(found: Tonight) -> None:
    shown = found.overdue.head(LISTED)
    rows = [
        (str(row.item_id), row.promise_id, moment(row.due), late_words(row.late_seconds))
        for row in shown.itertuples()
    ]
    if rows:
        title = f"Overdue and not done, the oldest first ({plural(len(shown), 'item')} of {count(len(found.overdue))})"
        say_table(title, rows, ("item", "promise", "was due", "late"), ("promise", "was due"), ("was due",))


def _left_out(found: Tonight) -> Iterator[str]:
    if found.without_clock:
        yield f"without a clock, so with nothing to run out: {listed(found.without_clock)}"
    if found.unjudged:
        yield f"could not be judged, so not here: {listed(found.unjudged)} (run `aspromised check`)"


def _answer(found: Tonight, was_told: Calibration, by: str | None, zone: ZoneInfo) -> TonightAnswer:
    return {
        "as_of": found.as_of.isoformat(),
        "today": found.today.isoformat(),
        "sentence": found.sentence,
        "items": [_open(row, by, zone) for row in found.items.to_dict("records")],
        "overdue": [_overdue(row, by, zone) for row in found.overdue.to_dict("records")],
        "groups": [_group(row) for row in open_by(found, _grouped_by(by)).to_dict("records")],
        "checked": _checked(was_told),
        "without_clock": list(found.without_clock),
        "unjudged": list(found.unjudged),
    }


def _open(row: dict[Any, Any], by: str | None, zone: ZoneInfo) -> OpenItemAnswer:
    known_of = _or_none(row["known_of"])
    return {
        "promise": row["promise_id"],
        "item_id": row["item_id"],
        "team": row["team"],
        "part": row["part"] if by not in (None, STAGE) else None,
        "stage": row["stage"],
        "started": _iso(row["started_utc"], zone),
        "due": _iso(row["due_utc"], zone) or "",
        "left_s": row["left_seconds"],
        "chance_broken": _or_none(row["chance"]),
        "chance_low": _or_none(row["low"]),
        "chance_high": _or_none(row["high"]),
        "known_of": None if known_of is None else int(known_of),
        "told_by": row["segment"] or None,
        "told_by_value": row["value"] or None,
    }


def _overdue(row: dict[Any, Any], by: str | None, zone: ZoneInfo) -> OverdueItemAnswer:
    return {
        "promise": row["promise_id"],
        "item_id": row["item_id"],
        "team": row["team"],
        "part": row["part"] if by not in (None, STAGE) else None,
        "stage": row["stage"],
        "started": _iso(row["started_utc"], zone),
        "due": _iso(row["due_utc"], zone) or "",
        "late_s": row["late_seconds"],
    }


def _group(row: dict[Any, Any]) -> TonightGroupAnswer:
    return {
        "name": row["group"],
        "open": row["open"],
        "due_today": row["due_today"],
        "breaks_today": row["breaking_today"],
        "untold_today": row["untold_today"],
        "breaks": row["breaking"],
        "untold": row["untold"],
        "overdue": row["overdue"],
    }


def _checked(was_told: Calibration) -> CalibrationAnswer:
    return {
        "months": list(was_told.months),
        "items": was_told.items,
        "brier": _or_none(was_told.brier),
        "brier_base": _or_none(was_told.brier_base),
        "tenths": [
            {"tenth": row["tenth"], "items": row["items"], "told": row["told"], "broke": row["broke"]}
            for row in was_told.tenths.to_dict("records")
        ],
        "sentence": was_told.sentence,
    }


def _or_none(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 10)


def _iso(value: pd.Timestamp, zone: ZoneInfo) -> str | None:
    return None if pd.isna(value) else value.tz_localize("UTC").tz_convert(zone).isoformat()
