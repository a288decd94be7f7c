"""Files that stay in their folder and are read no further than needed."""

import errno
import os
import stat
from pathlib import Path


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path, its links followed, lies outside a folder."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def read_start(path: Path, most: int) -> bytes:
    """Return the first `most` + 1 bytes of a file, so that a longer one shows; OSError where it is no file of bytes.

    A pipe or a device, which could be read for ever, is not read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is not a file")
        return file.read(most + 1)
