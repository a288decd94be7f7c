"""One vocabulary: a public name is defined once in the package, so that who reads it knows which is meant."""

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "aspromised"


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
    more = defined_often()
    assert not more, f"defined in several modules: give each a name that says which is meant: {more}"
