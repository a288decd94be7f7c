"""One refresh at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from aspromised.store import private
from aspromised.store.layout import Layout
from aspromised.words.problems import AsPromisedError
from aspromised.words.trouble import translate_os_errors


@contextmanager
def refresh_lock(layout: Layout) -> Iterator[None]:
    """Hold the workspace's refresh lock, what is made meanwhile private; AsPromisedError names the process that has it.

    The kernel drops the lock with the process, so a killed refresh leaves nothing to clear away.
    """
    with translate_os_errors(layout.home):
        private.folder(layout.home)
        private.touch(layout.lock)
        file = layout.lock.open("a+")
    with file, private.making():
        _take(file, layout)
        yield


def _take(file: IO[str], layout: Layout) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        message = f"another refresh of {layout.root} is running (process {holder}): wait for it to finish"
        raise AsPromisedError(message) from None
    with translate_os_errors(layout.lock):
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), str(os.getpid()).encode())  # unbuffered: closing has nothing left to write
