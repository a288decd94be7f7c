"""The YAML as it stood in another revision of the git repository, or in another folder."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aspromised.declare.held_folder import held_folder
from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.declare.yaml.tree import MAX_BYTES
from aspromised.words.problems import MisuseError

_DECLARED = ("promises", "data/sources.yaml", "data/sources.yml")
_YAML = (".yaml", ".yml")
_SECONDS = 60
"""How long git may take for one answer."""


@dataclass(frozen=True)
class Earlier:
    """Another state of a workspace, and what it is called."""

    workspace: Workspace
    name: str


@contextmanager
def earlier(root: Path, since: str) -> Iterator[Earlier]:
    """Give the declarations of `root` as of a git revision, or those of the folder `since`; MisuseError where neither is.

    A revision that has no declarations yet is an empty workspace.
    """
    folder = Path(since)
    if since and (folder / "promises").is_dir():
        yield Earlier(load(folder), since)
        return
    revision = _revision(root, since)
    with held_folder() as copy:
        _copy(root, revision, copy)
        yield Earlier(load(copy), f"{since} ({revision[:7]})" if not revision.startswith(since) else since)


def _revision(root: Path, since: str) -> str:
    """Return the commit that `since` names."""
    try:
        _git(root, "rev-parse", "--show-toplevel")
    except subprocess.CalledProcessError as error:
        said = _first_line(error.stderr).removeprefix("fatal: ")
        raise MisuseError(
            f"{root} is compared with an earlier state by git, and {said}: give --since a folder with another copy"
        ) from None
    try:
        return (
            _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}")
            .decode()
            .strip()
        )
    except subprocess.CalledProcessError:
        raise MisuseError(
            f"there is no revision '{since}', nor a folder of that name with 'promises' in it: give --since a branch,"
            " a tag, a commit or a folder"
        ) from None


def _copy(root: Path, revision: str, to: Path) -> None:
    """Write the YAML files of a revision under `to`; links are not followed."""
    (to / "promises").mkdir()
    listed = _git(root, "ls-tree", "-r", "-l", "-z", revision, "--", *_DECLARED).decode(
        "utf-8", "surrogateescape"
    )
    for entry in filter(None, listed.split("\0")):
        about, _, name = entry.partition("\t")
        mode, _, blob, size = about.split()
        if mode.startswith("100") and name.endswith(_YAML):
            path = to / name
            path.parent.mkdir(parents=True, exist_ok=True)
            small = int(size) <= MAX_BYTES
            path.write_bytes(_git(root, "cat-file", "blob", blob) if small else b" " * (MAX_BYTES + 1))


def _git(root: Path, *words: str) -> bytes:
    plain = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],
            stdin=subprocess.DEVNULL, capture_output=True, check=True, env=plain, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise MisuseError(
            f"git did not answer in time ({_SECONDS} s): give --since a folder with another copy"
        ) from None
    except FileNotFoundError:
        raise MisuseError("git is not installed: give --since a folder with another copy") from None
    return done.stdout


def _first_line(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip().partition("\n")[0]
