"""The YAML as it stood in another revision of the git repository, or in another folder."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from aspromised.declare.held_folder import held_folder
from aspromised.declare.load import load
from aspromised.declare.workspace import Workspace
from aspromised.declare.yaml.tree import MAX_BYTES
from aspromised.words.problems import MisuseError
from aspromised.words.trouble import translate_os_errors

_DECLARED = ("promises", "data/sources.yaml", "data/sources.yml")
_YAML = (".yaml", ".yml")
_SECONDS = 60
"""How long git may take for one answer."""
_COPY = "give --since a folder with another copy"

_SHUT = ("--no-pager", "--literal-pathspecs", "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false",
         "-c", "core.hooksPath=/dev/null", "-c", "core.sshCommand=false", "-c", "core.gitProxy=false",
         "-c", "core.alternateRefsCommand=false", "-c", "credential.helper=")  # fmt: skip
_FETCHES_NOTHING = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
"""A workspace's own git configuration may name commands, and git would run them to fetch what a clone left out.

So git fetches nothing here, runs nothing of those keys, takes no files beside `promises/` for a repository (`HEAD`,
`refs/`, `objects/` and `config`, which anybody can commit), and is asked by `rev-parse`, `ls-tree` and `cat-file` alone.
"""


@dataclass(frozen=True)
class _Blob:
    """A file of a revision: its path there, the id of what it holds, and how many bytes that is."""

    name: str
    id: str
    size: int = 0


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
        raise MisuseError(
            f"{root} is compared with an earlier state by git, and {_said(error)}: {_COPY}"
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
    try:
        blobs = _sized(root, list(_yaml_files(root, revision)))
        small = _contents(root, {blob.id: blob.size for blob in blobs if blob.size <= MAX_BYTES})
    except subprocess.CalledProcessError as error:
        raise MisuseError(f"git cannot read {revision[:7]}: {_said(error)}: {_COPY}") from None
    with translate_os_errors(to):
        for blob in blobs:
            path = to / blob.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(small.get(blob.id, b" " * (MAX_BYTES + 1)))


def _yaml_files(root: Path, revision: str) -> Iterator[_Blob]:
    """Give the YAML files of a revision; none whose name, which git does not check, leads out of the folder."""
    listed = _git(root, "ls-tree", "-r", "-z", revision, "--", *_DECLARED).decode("utf-8", "surrogateescape")
    for entry in filter(None, listed.split("\0")):
        about, _, name = entry.partition("\t")
        mode, _, blob = about.split()
        if mode.startswith("100") and name.endswith(_YAML) and ".." not in PurePosixPath(name).parts:
            yield _Blob(name, blob)


def _sized(root: Path, blobs: list[_Blob]) -> list[_Blob]:
    """Return the files with their sizes; MisuseError where git does not have what one holds."""
    told = _git(root, "cat-file", "--batch-check", given=_lines(blob.id for blob in blobs)).splitlines()
    found = []
    for blob, line in zip(blobs, told, strict=True):
        _, kind, *size = line.decode().split()
        if kind != "blob":
            raise MisuseError(
                f"git does not have {blob.name} of the revision here, as in a clone of a part, and nothing is fetched:"
                f" clone the repository whole, or {_COPY}"
            )
        found.append(replace(blob, size=int(size[0])))
    return found


def _contents(root: Path, sizes: dict[str, int]) -> dict[str, bytes]:
    """Return what the blobs hold, by their ids."""
    told, at, found = _git(root, "cat-file", "--batch", given=_lines(sizes)), 0, {}
    for blob, size in sizes.items():
        begin = told.index(b"\n", at) + 1
        at = begin + size + 1
        found[blob] = told[begin : begin + size]
    return found


def _git(root: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what git answers; CalledProcessError where it fails, MisuseError where there is none."""
    plain = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **_FETCHES_NOTHING}
    try:
        done = subprocess.run(
            ["git", *_SHUT, "-C", str(root), *words],
            input=given, capture_output=True, check=True, env=plain, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise MisuseError(f"git did not answer in time ({_SECONDS} s): {_COPY}") from None
    except FileNotFoundError:
        raise MisuseError(f"git is not installed: {_COPY}") from None
    return done.stdout


def _lines(words: Iterable[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()


def _said(error: subprocess.CalledProcessError) -> str:
    """Return the first line of what git complains of."""
    said: bytes = error.stderr
    return said.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
