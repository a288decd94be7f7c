"""Files and folders that only their user can read, whatever the process's umask."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OTHERS = 0o077
_WRITTEN_BY_ALL = 0o002


def folder(path: Path) -> Path:
    """Return a folder of the program's own, made where it is missing; what stands in it is closed to others.

    OSError where a link stands in its place: what is made and cleared away there would be another's.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link to another place")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    close(path)
    return path


def close(path: Path) -> None:
    """Take from others what they may do with a file or folder; one of another user's is left as it is."""
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        with suppress(PermissionError):
            path.chmod(mode & ~_OTHERS)


def own(path: Path) -> Path:
    """Return a path where a file of the program's own stands, or nothing: what is written there is written nowhere else.

    OSError where a link stands, a file with another name elsewhere (a hard link), or something that is no file.
    """
    try:
        about = path.lstat()
    except FileNotFoundError:
        return path
    if stat.S_ISDIR(about.st_mode):
        raise OSError(errno.EISDIR, "it is a folder", str(path))
    if stat.S_ISLNK(about.st_mode):
        raise OSError(errno.ELOOP, "it is a link to another place", str(path))
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is no file: delete it", str(path))
    if about.st_nlink > 1:
        raise OSError(
            errno.EINVAL, "it has another name elsewhere (a hard link): put a copy in its place", str(path)
        )
    return path


def own_database(path: Path, *logs: str) -> Path:
    """Return a database's path where it and what it writes beside itself are our own, or nothing; OSError elsewhere."""
    for log in logs:
        own(path.with_name(path.name + log))
    return own(path)


def touch(path: Path) -> None:
    """Make an empty file where there is none, before a database makes one that others can read."""
    os.close(os.open(own(path), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    close(path)


@contextmanager
def making() -> Iterator[None]:
    """Let nothing that is made inside the block be read by others: what a database makes beside its file, too."""
    before = os.umask(_OTHERS)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def sharing() -> Iterator[None]:
    """Let what is made inside the block be shared as the umask says, but be written by everybody never."""
    before = os.umask(_OTHERS)
    os.umask(before | _WRITTEN_BY_ALL)
    try:
        yield
    finally:
        os.umask(before)


def write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after the power fails; OSError where it cannot be."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
