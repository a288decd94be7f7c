"""Broken workspaces: one good base, and beside it files that each break one thing, with what is said of them.

`promises-no-such-team.yaml` stands in for the base's `promises/promises.yaml`; a case whose first word
names no file of the base is laid beside them. Run this module to write the expected texts anew, then read them.
"""

import shutil
from pathlib import Path

from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.report import report

ERRORS = Path(__file__).parents[1] / "golden" / "errors"
CASES = sorted(path.stem for path in ERRORS.glob("*.yaml"))


def workspace_of(case: str, folder: Path) -> Path:
    """Return a folder holding the base with the case's file laid over it."""
    root = folder / "workspace"
    shutil.copytree(ERRORS / "base", root)
    laid = f"{case.split('-')[0]}.yaml"
    target = root / ("data" if laid == "sources.yaml" else "promises") / laid
    shutil.copyfile(ERRORS / f"{case}.yaml", target)
    return root


def said_of(root: Path) -> str:
    """Return what `check` says of a workspace, as text; notes on what is not judged yet left out."""
    told = [problem for problem in check(load(root)) if problem.severity != "note"]
    return report(told, "text") + "\n"


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    for name in CASES:
        with TemporaryDirectory() as made:
            (ERRORS / f"{name}.txt").write_text(said_of(workspace_of(name, Path(made))), encoding="utf-8")
