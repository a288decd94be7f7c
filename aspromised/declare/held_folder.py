"""Folders for what is forgotten at the end, which do not outlive a process that is killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "aspromised-"
_YOUNG = 60
"""Seconds in which a folder may be made and not be held yet."""


@contextmanager
def held_folder() -> Iterator[Path]:
    """Give an empty folder that only its user can read, deleted at the end.

    It lies in the system's temporary folder, and those of ours there that nobody holds any more are deleted first: the
    kernel lets go of a folder with the process, however that ended.
    """
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    for folder in home.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another's, held, or gone meanwhile
            about = folder.lstat()
            if about.st_uid == os.getuid() and time.time() - about.st_mtime > _YOUNG:
                with _held(folder):
                    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder; OSError where it is none, or another process holds it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
