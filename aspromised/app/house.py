"""Where the app's own pages and notebooks are, and what a workspace adds to them."""

import ast
from collections.abc import Iterable
from pathlib import Path

import aspromised
from aspromised.notebook.context import workspace_root
from aspromised.words.problems import AsPromisedError

_PACKAGE = Path(aspromised.__file__).resolve().parent
_SITE = _PACKAGE / "site"
"""Where an installed package carries what stands beside it in a checkout."""

HOUSE = _SITE if _SITE.is_dir() else _PACKAGE.parent
"""The folder of `app.py`, `pages/` and `notebooks/`."""


def workspace() -> Path:
    """Return the workspace the app shows: ASPROMISED_WORKSPACE, else the one around the current folder."""
    try:
        return workspace_root()
    except AsPromisedError:
        return Path.cwd()  # the pages say that there is none yet, and what to do


def find_notebook(name: str, root: Path) -> Path:
    """Return the notebook `name`: the workspace's own where it has one, else the house's."""
    own = root / "notebooks" / name
    return own if own.is_file() else HOUSE / "notebooks" / name


def further_pages(root: Path) -> list[Path]:
    """Return the pages a workspace brings along, by name; the house's own are listed in `main.py`."""
    return [] if root == HOUSE else sorted((root / "pages").glob("*.py"))


def further_notebooks(root: Path, named: Iterable[str]) -> list[Path]:
    """Return the workspace's notebooks that no page names, by name: each is a page of its own.

    `named` are the notebooks of the house's pages.
    """
    taken = {*named, *(name for page in further_pages(root) for name in notebooks_of(page))}
    return [path for path in sorted((root / "notebooks").glob("*.py")) if path.name not in taken]


def notebooks_of(page: Path) -> list[str]:
    """Return the notebooks a page script names in its call of `page(…, notebooks=[…])`; none if it cannot be read."""
    try:
        tree = ast.parse(page.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return []
    lists = (word.value for call in ast.walk(tree) if isinstance(call, ast.Call) for word in call.keywords
             if word.arg == "notebooks" and isinstance(word.value, ast.List))  # fmt: skip
    names = (name for one in lists for name in one.elts)
    return [name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str)]
