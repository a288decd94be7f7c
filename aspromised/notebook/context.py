"""Where a notebook finds its numbers: the snapshot of the app, or of the workspace it is opened in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from aspromised.store.snapshot import Snapshot, open_snapshot, serving
from aspromised.words.problems import AsPromisedError

ROOT_VARIABLE = "ASPROMISED_WORKSPACE"
"""The environment variable that names the workspace."""

_snapshot: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)


@contextmanager
def reading(snapshot: Snapshot) -> Iterator[None]:
    """Let notebooks read `snapshot` inside the block."""
    token = _snapshot.set(snapshot)
    try:
        yield
    finally:
        _snapshot.reset(token)


def snapshot() -> Snapshot:
    """Return the snapshot this notebook reads: the app's, else the current one of the workspace around us.

    NoSnapshot where nothing was refreshed yet.
    """
    return _snapshot.get() or current(workspace_root())


def current(root: Path) -> Snapshot:
    """Return the workspace's newest snapshot, opened once; a refresh is seen at the next call."""
    return _opened(root, snapshot_name(root))


def snapshot_name(root: Path) -> str:
    """Return the name of the snapshot that would be opened now, "" where there is none."""
    return serving(root) or ""


@lru_cache(maxsize=2)
def _opened(root: Path, _name: str) -> Snapshot:
    return open_snapshot(root)


def workspace_root() -> Path:
    """Return the workspace: ASPROMISED_WORKSPACE, else the nearest folder upwards that has `promises/`."""
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return Path(named).expanduser().resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "promises").is_dir():
            return folder
    raise AsPromisedError(f"no workspace at {here} or above: run `aspromised init`, or set {ROOT_VARIABLE}")
