"""One vocabulary: a public name is defined once in the package, so that who reads it knows which is meant."""

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "aspromised"

OFTEN = {
    "ALL": 2, "AT_LEAST": 2, "COLOUR": 2, "COUNTED": 2, "COUNTS": 3, "Cell": 2, "Column": 3, "Counts": 2,
    "Declared": 3, "Demand": 2, "EPOCH": 2, "FEW": 2, "FIGURES": 2, "Faults": 2, "ITEM": 2,
    "ITEM_COLUMNS": 2, "JUDGED": 3, "Judging": 2, "KINDS": 3, "Ledger": 2, "MARK": 3, "MAX_DEPTH": 2,
    "MONTHS": 2, "MOST": 3, "NAMED": 2, "NOTHING": 2, "NOT_PROMISED": 2, "NUMBERS": 6, "Numbers": 2,
    "OPEN": 2, "PROMISE": 2, "Points": 2, "Progress": 4, "READINESS": 2, "REASON_COLUMNS": 3,
    "REMEMBERED_BYTES": 2, "Readiness": 2, "Rule": 2, "Run": 2, "SCHEMA": 2, "SET_ASIDE": 2, "SHOWN": 2,
    "SOURCE_HEALTH": 2, "Span": 3, "Story": 2, "TABLES": 3, "Table": 2, "Tables": 2, "Truth": 2, "UNITS": 4,
    "VERDICTS": 2, "VERSION_COLUMNS": 2, "Verdict": 2, "WEEK": 2, "WEEKDAYS": 2, "WEEKS": 5,
    "WEEK_COLUMNS": 2, "WEEK_NUMBERS": 2, "WHO": 3, "Window": 2, "add": 2, "as_json": 3, "backlog": 2,
    "backup": 2, "check": 3, "column": 2, "comment": 2, "complaints": 2, "declared": 2, "demand": 2,
    "document": 2, "doors": 2, "end_of_day": 2, "excess": 2, "facts": 2, "headroom": 2, "html": 2,
    "in_order": 4, "judged": 2, "lateness": 2, "latest_month": 2, "launches": 2, "line": 2, "load": 2,
    "main": 2, "markdown": 2, "next_steps": 2, "open_snapshot": 2, "open_time": 2, "opened": 3,
    "percent": 2, "planned": 3, "points": 2, "promotions": 2, "reading": 3, "reasons": 2, "record": 2,
    "refresh": 2, "restore": 2, "sentence": 2, "set_aside": 2, "show": 3, "signed": 2, "since": 2,
    "small_print": 2, "span": 2, "table": 4, "text": 5, "texts": 2, "weeks_figure": 3, "weeks_note": 3,
}  # fmt: skip
"""Names that are still defined in several modules, and in how many. It may only shrink: cure one, take it out here."""


def public_names(path: Path) -> set[str]:
    """Return the functions, classes and constants that a module defines for others."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


def defined_often() -> dict[str, int]:
    """Return the names that several modules define, and in how many."""
    found = Counter(name for path in PACKAGE.rglob("*.py") for name in public_names(path))
    return {name: number for name, number in found.items() if number > 1}


def test_a_public_name_is_defined_once() -> None:
    more = {name: number for name, number in defined_often().items() if number > OFTEN.get(name, 1)}
    assert not more, f"defined in several modules: give each a name that says which is meant: {more}"


def test_a_name_that_is_cured_leaves_the_list() -> None:
    found = defined_often()
    cured = {name: found.get(name, 1) for name, number in OFTEN.items() if found.get(name, 1) < number}
    assert not cured, f"write so, or leave out what is defined once: {cured}"
