"""The ledger of `status` on a terminal: promises, their segments, or one promise period by period."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from aspromised.cli.answers.figures import DaysAnswer, VersionAnswer
from aspromised.cli.answers.standing import PeriodsAnswer
from aspromised.cli.say import first_of, say, say_table
from aspromised.words.figures import (
    count,
    day,
    percent,
    percentage_points,
    points_between,
    points_to_target,
    target,
)
from aspromised.words.vocabulary import STATUS_ICON

_FIGURES = ("kept", "95 % interval", "target", "gap", "items short", "n", "open", "exempt", "unknown")
SEVERAL, ANOTHER = "– several wordings", "– another wording"
"""What stands in place of a verdict where figures are of several wordings, or of another than is told."""
DROP = ("gap", "95 % interval", "open", "exempt", "unknown", "items short")
"""What a narrow terminal goes without, the last first: what is promised, its status, rate, target and n stay."""


def print_ledger(answer: Mapping[str, Any], label: str, whole: bool = False) -> None:
    """Print a row a promise with a row for each of its wordings and segment values; then why promises were not judged.

    Over all days (`whole`) a promise of several wordings has no figures of its own: they would be of no wording.
    """
    rows, below = [], []
    for row in answer["promises"]:
        is_several = whole and (several(row) or row["pooled"])
        rows.append([row["id"], *([""] * (len(_FIGURES) + 1) if is_several else _cells(row))])
        rows += [[f"  {since_words(version)}", *_cells(version)] for version in several(row)]
        rows += [
            [f"  {value['name']} = {value['value']}", *_part_cells(value, whole)] for value in row["segments"]
        ]
        below += [f"{row['id']} {since_words(version)}: “{version['claim']}”" for version in several(row)]
        below += [f"{row['id']}: {first_of(row['problem'])}"] if row["problem"] else []
    say_table(f"{label}, as of {_moment(answer)}", rows, ("promise", "status", *_FIGURES), ("status",), DROP)
    say(*below)


def several(row: Mapping[str, Any]) -> list[VersionAnswer]:
    """Return the wordings of a promise where others than the one it is told in have items in the window."""
    return row["versions"] if len(row["versions"]) > 1 or row["pooled"] else []


def since_words(version: DaysAnswer) -> str:
    """Return when a wording stood: from its first day, or to its last where another followed.

    >>> since_words({"from": "2025-01-01", "to": "2026-02-28"}), since_words({"from": "2026-03-01", "to": None})
    ('to 28 Feb 2026', 'from 1 Mar 2026')
    """
    side, told = ("to", version["to"]) if version["to"] else ("from", version["from"])
    return f"{side} {day(date.fromisoformat(str(told)))}"


def print_periods(answer: PeriodsAnswer) -> None:
    """Print a row a period, oldest first, with the versions in force in it; below, the words of each where they differ."""
    words = {row["version"]: row["claim"] for row in answer["periods"]}
    is_one = len(set(words.values())) < 2
    said = f": “{answer['claim']}”" if is_one else ""
    title = f"{answer['promise']}, as of {_moment(answer)}{said}"
    rows = [[row["label"], *_cells(row), row["versions"] or "–"] for row in answer["periods"]]
    say_table(title, rows, ("period", "status", *_FIGURES, "version"), ("status",), (*DROP, "version"))
    say(*([] if is_one else [f"version {version}: “{claim}”" for version, claim in words.items()]))


def _moment(answer: Mapping[str, Any]) -> str:
    return str(answer["as_of"])[:16].replace("T", " ")


def _gap(row: Mapping[str, Any]) -> str:
    """How far it is from its target; of a spread, whose ends stand below the table, what its deviation leaves of what is promised."""
    if row.get("sd") is not None:
        return points_between(row["at_most"], row["sd"])
    return (
        percentage_points(row["gap"]) if row["rate"] is None else points_to_target(row["rate"], row["target"])
    )


def _part_cells(part: Mapping[str, Any], whole: bool) -> Sequence[str]:
    """The cells of a segment's value; over all days it has no figures of several wordings, as its promise has none."""
    return [""] * (len(_FIGURES) + 1) if whole and part["pooled"] else _cells(part)


def _cells(row: Mapping[str, Any]) -> Sequence[str]:
    is_pooled = row.get("pooled", False)
    if row["status"] is None and not is_pooled:
        return ["! not judged", *[""] * len(_FIGURES)]
    if row.get("is_later"):
        return ["– not promised yet", *[""] * len(_FIGURES)]
    short = -row["gap_items"] if row["gap_items"] is not None and row["gap_items"] < 0 else 0
    return [
        (SEVERAL if row["wordings"] > 1 else ANOTHER)
        if is_pooled
        else f"{STATUS_ICON[row['status']]} {row['status']}",
        percent(row["rate"]),
        f"{percent(row['low'])} to {percent(row['high'])}" if row["rate"] is not None else "",
        target(row["target"]),
        _gap(row),
        count(short) if short else "",
        count(row["kept"] + row["broken"]),
        *(count(row[name]) for name in ("open", "exempt", "unknown")),
    ]
