"""The ledger of `status` on a terminal: promises, their segments, or one promise period by period."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from aspromised.words.figures import count, day, percent, points, target
from aspromised.words.vocabulary import STATUS_ICON

FIGURES = ("kept", "95 % interval", "target", "gap", "items short", "n", "open", "exempt", "unknown")


def print_ledger(answer: Mapping[str, Any], label: str, whole: bool = False) -> None:
    """Print a row a promise with a row for each of its wordings and segment values; then why promises were not judged.

    Over all days (`whole`) a promise of several wordings has no figures of its own: they would be of no wording.
    """
    table = _table(f"{label}, as of {_moment(answer)}", "promise")
    for row in answer["promises"]:
        table.add_row(row["id"], *([] if whole and several(row) else _cells(row)))
        for version in several(row):
            table.add_row(f"  {since(version)}", *_cells(version))
        for value in row["segments"]:
            table.add_row(f"  {value['name']} = {value['value']}", *_cells(value))
    console = _print(table)
    for row in answer["promises"]:
        for version in several(row):
            said = f"{row['id']} {since(version)}: “{version['claim']}”"
            console.print(said, markup=False, highlight=False, soft_wrap=True)
        if row["problem"]:
            console.print(f"{row['id']}: {row['problem']}", markup=False, highlight=False)


def several(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the wordings of a promise where more than one has items in the window."""
    return row["versions"] if len(row["versions"]) > 1 else []


def since(version: Mapping[str, Any]) -> str:
    """Return when a wording stood: from its first day, or to its last where another followed.

    >>> since({"from": "2025-01-01", "to": "2026-02-28"}), since({"from": "2026-03-01", "to": None})
    ('to 28 Feb 2026', 'from 1 Mar 2026')
    """
    return (
        f"to {day(date.fromisoformat(version['to']))}"
        if version["to"]
        else f"from {day(date.fromisoformat(version['from']))}"
    )


def print_periods(answer: Mapping[str, Any]) -> None:
    """Print a row a period, oldest first, with the versions in force in it."""
    table = _table(f"{answer['promise']}, as of {_moment(answer)}: “{answer['claim']}”", "period")
    table.add_column("version", justify="right", no_wrap=True)
    for row in answer["periods"]:
        table.add_row(row["label"], *_cells(row), row["versions"] or "–")
    _print(table)


def _moment(answer: Mapping[str, Any]) -> str:
    return str(answer["as_of"])[:16].replace("T", " ")


def _table(title: str, first: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in (first, "status"):
        table.add_column(name, no_wrap=True)
    for name in FIGURES:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _print(table: Table) -> Console:
    """Print a table; one that is not shown on a terminal is as wide as it is."""
    console = Console()
    if not console.is_terminal:
        console.width = 280
    console.print(table)
    return console


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    if row["status"] is None:
        return ["! not judged", *[""] * len(FIGURES)]
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
