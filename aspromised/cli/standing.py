"""`aspromised status`: the ledger of promises for a window."""

import json
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from aspromised.analyse.exemptions import Exemptions, exemptions
from aspromised.analyse.spread import Spread, spreads
from aspromised.analyse.status import COUNTS, Snapshot, segment_statuses, statuses
from aspromised.analyse.window import Window
from aspromised.cli.beside import exemptions_json, spread_json
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.declare.load import load
from aspromised.rejudge import rejudged
from aspromised.store.snapshot import open_snapshot
from aspromised.words.figures import count, percent, points, target
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import AsPromisedError, MisuseError, did_you_mean
from aspromised.words.vocabulary import STATUS_ICON


def status(
    promise: Annotated[str | None, typer.Argument(help="One promise; default all.")] = None,
    workspace: WorkspacePath = Path(),
    month: Annotated[str | None, typer.Option(help="A month, as in 2026-10.")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First local day, included.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last local day, included.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="SEGMENT", help="Also by the values of a segment.")
    ] = None,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show where each promise stands over a window; without one, over all days."""
    window = chosen_window(month, from_, to)
    with judged(workspace, as_of) as (snapshot, meta):
        table = statuses(snapshot, window)
        if promise is not None:
            table = _only(table, promise)
        spread, exempt = spreads(snapshot, window), exemptions(snapshot, window)
        rows = [
            {
                **_row(snapshot, row, window, by, whole=as_json),
                **(spread_json(spread[row["promise_id"]]) if row["promise_id"] in spread else {}),
                "exemptions": None if row["kind"] == "spread" else exemptions_json(exempt[row["promise_id"]]),
            }
            for row in table.to_dict("records")
        ]
        if by and not any(row["segments"] for row in rows):
            raise MisuseError(f"no promise shown has a segment '{by}' with items in {window.label}")
        answer = {"as_of": meta["as_of"], "promises": rows}
    if as_json:
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        _print(answer, window)
        _print_beside(spread.values(), [exempt[row["id"]] for row in rows])


@contextmanager
def judged(root: Path, as_of: str | None) -> Iterator[tuple[Snapshot, dict[str, str]]]:
    """Give the snapshot's tables, or those judged again where another moment is asked for."""
    if as_of is None:
        with open_snapshot(root) as snapshot:
            yield snapshot, snapshot.meta
        return
    workspace = load(root)
    with rejudged(workspace, as_of_moment(as_of, workspace.timezone)) as again:
        yield again, again.meta


def chosen_window(month: str | None, first: str | None, last: str | None) -> Window:
    """Return the window the options name; MisuseError where they name two."""
    if month and (first or last):
        raise MisuseError("give --month, or --from and --to, not both")
    return Window.month(month) if month else Window.days(first, last)


def _only(table: pd.DataFrame, promise: str) -> pd.DataFrame:
    ids = list(table["promise_id"])
    if promise not in ids:
        raise AsPromisedError(f"there is no promise '{promise}'.{did_you_mean(promise, ids)}")
    return table[table["promise_id"] == promise]


def _row(
    snapshot: Snapshot, row: dict[str, Any], window: Window, by: str | None, whole: bool
) -> dict[str, Any]:
    first, last = _days(snapshot, row["promise_id"], window)
    judgeable = not isinstance(row["problem"], str)
    segments = segment_statuses(snapshot, row["promise_id"], window) if judgeable and (whole or by) else None
    return {
        "id": row["promise_id"],
        "kind": row["kind"],
        "claim": row["claim"],
        "window": {"from": first, "to": last},
        **figures_of(row),
        "problem": row["problem"] if not judgeable else None,
        "segments": [
            {"name": value["segment"], "value": value["value"], **figures_of(value)}
            for value in (segments.to_dict("records") if segments is not None else [])
            if by in (None, value["segment"])
        ],
    }


def figures_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the counts and figures of a row of statuses as JSON has them: shares of ten digits, null for none."""
    figures = {
        name: _plain(row[name]) for name in (*COUNTS, "rate", "low", "high", "target", "gap", "status")
    }
    return {**figures, "gap_items": int(row["gap_items"]) if row["decided"] else None}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 10)
    return value


def _days(snapshot: Snapshot, promise_id: str, window: Window) -> tuple[str | None, str | None]:
    """Return the window's ends; where it is open, those of the promise's own days."""
    found = snapshot.query(
        "select min(day) as first, max(day) as last from verdict_daily where promise_id = $p and segment = '(all)'",
        {"p": promise_id},
    ).iloc[0]
    return _iso(window.first, found["first"]), _iso(window.last, found["last"])


def _iso(declared: date | None, found: pd.Timestamp) -> str | None:
    if declared is not None:
        return declared.isoformat()
    return None if pd.isna(found) else found.date().isoformat()


def _print(answer: dict[str, Any], window: Window) -> None:
    table = Table(
        title=f"{window.label}, as of {answer['as_of'][:16].replace('T', ' ')}", title_justify="left"
    )
    for name in ("promise", "status"):
        table.add_column(name, no_wrap=True)
    for name in ("kept", "95 % interval", "target", "gap", "items short", "n", "open", "exempt", "unknown"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in answer["promises"]:
        table.add_row(row["id"], *_cells(row))
        for value in row["segments"]:
            table.add_row(f"  {value['name']} = {value['value']}", *_cells(value))
    console = Console()
    console.print(table if console.is_terminal else _wide(table, console))
    for row in answer["promises"]:
        if row["problem"]:
            console.print(f"{row['id']}: {row['problem']}", markup=False, highlight=False)


def _print_beside(spread: Iterable[Spread], exempt: Iterable[Exemptions]) -> None:
    """Print what a table of rates cannot hold: spreads, and where much is left out."""
    shown = {each.promise_id for each in exempt}
    for each in spread:
        if each.promise_id in shown:
            typer.echo(f"{each.promise_id}: {each.sentence}")
    for left in exempt:
        if left.is_large:
            typer.echo(f"{left.promise_id}: {next(left.sentences())}")


def _wide(table: Table, console: Console) -> Table:
    """Let a table that is not shown on a terminal be as wide as it is."""
    console.width = 240
    return table


def _cells(row: dict[str, Any]) -> list[str]:
    if row["status"] is None:
        return ["! not judged", *[""] * 9]
    short = -row["gap_items"] if row["gap_items"] is not None and row["gap_items"] < 0 else 0
    return [
        f"{STATUS_ICON[row['status']]} {row['status']}",
        percent(row["rate"]),
        f"{percent(row['low'])} to {percent(row['high'])}" if row["rate"] is not None else "",
        target(row["target"]),
        points(row["gap"]),
        count(short) if short else "",
        count(row["kept"] + row["broken"]),
        *(count(row[name]) for name in ("open", "exempt", "unknown")),
    ]
