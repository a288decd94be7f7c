"""`aspromised gaps`: which parts of a promise break it beyond their share."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from aspromised.analyse.gaps.gap import Gap, gap
from aspromised.analyse.gaps.mix import Split, split
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.own_window import OwnWindows
from aspromised.analyse.rates.scope import Where, dimensions, parse_where, where_name
from aspromised.analyse.windows.window import Window
from aspromised.cli.answers.figures import DaysAnswer
from aspromised.cli.answers.gaps import CauseAnswer, GapsAnswer, PartAnswer, SplitAnswer
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.cli.windows import (
    AllDays,
    Asked,
    FiscalQuarterText,
    FiscalYearText,
    FromText,
    LastText,
    MonthText,
    OwnWindow,
    QuarterText,
    ToText,
    WeekText,
    YearText,
)
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.causes import NamedCause, named_causes
from aspromised.words.figures import count, day, percent, signed
from aspromised.words.problems import AsPromisedError, MisuseError, no_such

_SHOWN = 15
_COLUMNS = ("part", "decided", "broken", "broken %", "excess", "95 %", "against the others")
_STANDING = {"more": "more", "fewer": "fewer", "chance": "could be chance", "too few": "too few"}


def gaps_(
    promise: Annotated[str, typer.Argument(help="The promise.")],
    workspace: WorkspacePath = Path(),
    where: Annotated[
        str, typer.Option("--where", help="Only a part of it, as in carrier:Arrowline,region:north.")
    ] = "",
    month: MonthText = None,
    week: WeekText = None,
    quarter: QuarterText = None,
    year: YearText = None,
    fiscal_quarter: FiscalQuarterText = None,
    fiscal_year: FiscalYearText = None,
    last: LastText = None,
    from_: FromText = None,
    to: ToText = None,
    own: OwnWindow = False,
    all_: AllDays = False,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show which parts of a promise break it beyond their share, in any combination of up to three conditions."""
    asked = Asked(month, week, quarter, year, fiscal_quarter, fiscal_year, last, from_, to, own, all_)
    try:
        part = parse_where(where)
    except ValueError as error:
        raise MisuseError(f"--where cannot be read: {error}") from None
    with judged_tables(workspace, as_of, promise=promise) as (snapshot, meta):
        names = list(snapshot.query("select promise_id from promise order by promise_id")["promise_id"])
        if promise not in names:
            raise no_such("promise", promise, names)
        _refuse_unknown(snapshot, promise, part)
        told = asked.told(snapshot)
        window = told.window_of(promise) if isinstance(told, OwnWindows) else told
        found = gap(snapshot, promise, window, part)
        changed = split(snapshot, found.scope, found.items)
        as_of_moment = meta["as_of"]
    causes = _causes(workspace, promise)
    if as_json:
        say_json(_answer(found, changed, causes, as_of_moment))
        return
    say(found.sentence, *filter(None, [found.caution, changed.sentence if changed else ""]), "")
    _print_parts(found)
    standing = [each for each in causes or [] if each.superseded_by is None]
    say(
        *(
            f"cause of {where_name(tuple(each.where.items())) or 'the whole'}: {each.cause} ({each.who}, {day(each.written_at.date())})"
            for each in standing
        )
    )


def _causes(root: Path, promise: str) -> list[NamedCause] | None:
    """What people named as causes, None where the ledger cannot be read: it says why on stderr."""
    try:
        with open_ledger(root) as ledger:
            return named_causes(ledger, promise)
    except AsPromisedError as error:
        say(f"aspromised: the ledger cannot be read: {error}", err=True)
        return None


def _refuse_unknown(snapshot: Queryable, promise: str, part: Where) -> None:
    known = [each.name for each in dimensions(snapshot, promise)]
    for name, _ in part:
        if name not in known:
            raise no_such("segment", name, known)


def _print_parts(found: Gap) -> None:
    own = found.parts[~found.parts["covered_by"].map(bool)].head(_SHOWN)
    rows = [
        [
            where_name(row.where),
            count(row.decided),
            count(row.broken),
            percent(row.rate),
            signed(row.excess),
            f"{signed(row.low)} to {signed(row.high)}",
            _STANDING[row.standing],
        ]
        for row in own.itertuples()
    ]
    if not rows and found.problem == "" and found.standing["decided"] and not found.spread_of:
        say(
            "Nothing tells its items apart in this window: declare `segments` of its measure to see where it breaks."
        )
    if not rows:
        return
    say_table("Which parts break it", rows, _COLUMNS, left=("part", "against the others"))
    left = len(found.parts) - len(own)
    say(
        "excess: broken beyond what as many others would have broken; parts overlap, so it does not add up",
        *([f"{left} more with --json: less certain, or mostly inside one of these"] if left else []),
    )


def _answer(found: Gap, changed: Split | None, causes: list[NamedCause] | None, as_of: str) -> GapsAnswer:
    return {
        "as_of": as_of,
        "promise": found.scope.promise_id,
        "claim": found.claim,
        "window": _days(found.scope.window),
        "where": dict(found.scope.where),
        "sentence": found.sentence,
        "caution": found.caution or None,
        "parts": [_part(row) for _, row in found.parts.iterrows()],
        "causes": None if causes is None else [_cause(each) for each in causes],
        "split": _split(changed) if changed else None,
    }


def _part(row: pd.Series) -> PartAnswer:
    return {
        "where": dict(row["where"]),
        "decided": int(row["decided"]),
        "broken": int(row["broken"]),
        "expected": float(row["expected"]),
        "excess": float(row["excess"]),
        "low": float(row["low"]),
        "high": float(row["high"]),
        "p": float(row["p"]),
        "adjusted": None if pd.isna(row["adjusted"]) else float(row["adjusted"]),
        "standing": str(row["standing"]),
        "stands_out": bool(row["standing"] == "more"),
        "covered_by": dict(row["covered_by"]) or None,
    }


def _cause(each: NamedCause) -> CauseAnswer:
    return {
        "event": each.event,
        "where": dict(each.where),
        "cause": each.cause,
        "who": each.who,
        "written_at": each.written_at.isoformat(),
        "superseded_by": each.superseded_by,
    }


def _split(changed: Split) -> SplitAnswer:
    return {
        "earlier": _days(changed.earlier),
        "before": changed.before,
        "after": changed.after,
        "segments": [
            {"segment": str(row.segment), "mix": float(row.mix), "performance": float(row.performance)}
            for row in changed.segments.itertuples()
        ],
        "values": [
            {
                "value": str(row.value),
                "before": int(row.before),
                "after": int(row.after),
                "before_broken": int(row.before_broken),
                "after_broken": int(row.after_broken),
                "mix": float(row.mix),
                "performance": float(row.performance),
            }
            for row in changed.values.itertuples()
        ],
        "chance": changed.is_chance,
        "sentence": changed.sentence,
    }  # fmt: skip


def _days(window: Window) -> DaysAnswer:
    return {
        "from": window.first.isoformat() if window.first else None,
        "to": window.last.isoformat() if window.last else None,
    }
