"""Files that stay in their folder and are read no further than needed."""

import errno
import os
import stat
from pathlib import Path

from aspromised.words.problems import MisuseError


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path, its links followed, lies outside a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def is_utf8(path: Path) -> bool:
    """Return whether the name of a path is text; a name in another encoding can be told to no database."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def written(path: Path) -> str:
    r"""Return a path as text, its bytes that are none written out.

    >>> written(Path("a\udcff"))
    'a\\udcff'
    """
    return str(path).encode(errors="backslashreplace").decode()


def read_start(path: Path, most: int) -> bytes:
    """Return the first `most` + 1 bytes of a file, so that a longer one shows; OSError where it is no file of bytes.

    A pipe or a device, which could be read for ever, is not read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
        return file.read(most + 1)


def no_workspace(root: Path) -> str:
    """Return that `root` is no workspace and what to do, with the nearest folder around it that is one; "" where it is one."""
    root = Path(root).resolve()
    if (root / "promises").is_dir():
        return ""
    what = "there is no folder 'promises' in it" if root.is_dir() else "there is no such folder"
    around = next((each for each in root.parents if (each / "promises").is_dir()), None)
    instead = f"Did you mean --workspace {around}?" if around else "`aspromised init` makes one."
    return f"No workspace in {root}: {what}. {instead}"


def require_workspace(root: Path) -> None:
    """Raise MisuseError where `root` is no workspace."""
    if not is_utf8(Path(root).resolve()):
        raise MisuseError(
            f"the path {written(Path(root).resolve())} is not text in UTF-8: give the folder another name"
        )
    if why := no_workspace(root):
        raise MisuseError(why)
