"""What the machine refuses, in a sentence that says how to mend it: a full disk, a limit, a right, a file in the way."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from aspromised.words.problems import AsPromisedError


class TroubleError(AsPromisedError):
    """The machine, not what was declared or loaded, stands in the way."""


_AGAIN = "and run it again"
_MENDS = {
    errno.ENOSPC: f"the disk is full: free some space on it, {_AGAIN}",
    errno.EDQUOT: f"your quota of disk space is used up: free some of it, {_AGAIN}",
    errno.EFBIG: f"no file may grow that large here: raise the limit (`ulimit -f unlimited`), {_AGAIN}",
    errno.EROFS: f"the disk can only be read: make it writable, or work in a copy elsewhere, {_AGAIN}",
    errno.EACCES: f"you have no right to it: take or ask for the right, {_AGAIN}",
    errno.EPERM: f"you have no right to it: take or ask for the right, {_AGAIN}",
    errno.EIO: "the disk cannot read or write there: check it, and copy what matters elsewhere",
    errno.ENOTDIR: "a file stands where a folder is needed: move it away",
    errno.EEXIST: "a file stands where a folder is needed: move it away",
    errno.EISDIR: "a folder stands where a file is needed: move it away",
    errno.ENOENT: "there is no such file or folder: check its name",
    errno.EMFILE: f"too many files are open: raise the limit (`ulimit -n 4096`), {_AGAIN}",
    errno.ENFILE: f"too many files are open on this machine: close some programs, {_AGAIN}",
    errno.ENAMETOOLONG: "the name is too long: give a shorter one",
    errno.ELOOP: "it is a link to another place, or links lead in a circle there: put a folder or a file in its place",
    errno.ENOMEM: f"the machine's memory is used up: close some programs, {_AGAIN}",
}
_REFUSES_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_OF_FILES = ("IOException", "FatalException", "TransactionException")
_BY_WORDS = {os.strerror(number).lower(): number for number in _MENDS}
_FILE = re.compile(r'(?:file|directory|folder) \\?"([^"\\]+)', re.IGNORECASE)
_NO_TEMPORARY = f"no folder for temporary files can be written: free some space on the disk, or name another in TMPDIR, {_AGAIN}"
_REMEMBERED = f"it needs more memory than it may take: give it more (ASPROMISED_MEMORY=4GB), {_AGAIN}"


def trouble(error: BaseException) -> TroubleError | None:
    """Return an error of the operating system, as Python or a database tells it, as one sentence; None for others.

    >>> print(trouble(OSError(28, "No space left on device", "/data/x.pdf")))
    cannot use /data/x.pdf: the disk is full: free some space on it, and run it again
    >>> trouble(ValueError("no"))
    """
    said = _said(error)
    return TroubleError(said) if said else None


def refuses_writing(error: BaseException) -> bool:
    """Return whether an error says that the disk takes no more, which is no damage and no fault of what is written."""
    return _number(error) in _REFUSES_WRITING


@contextmanager
def translate_os_errors(where: object = "") -> Iterator[None]:
    """Raise what the machine refuses inside the block as a TroubleError, about `where` unless it names a file itself."""
    try:
        yield
    except OSError as error:
        raise TroubleError(_said(error, where)) from error


def _said(error: BaseException, where: object = "") -> str:
    number, place = _number(error), _place(error) or where
    if isinstance(error, FileNotFoundError) and "temporary directory" in str(error):
        return _NO_TEMPORARY
    begin = f"cannot use {place}: " if place else ""
    if number in _MENDS:
        return begin + _MENDS[number]
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return f"{begin}{error.strerror or error}"
    if isinstance(error, MemoryError):
        return _REMEMBERED
    return ""


def _is_engine(error: BaseException) -> bool:
    """Return whether DuckDB raised it; this floor of the house does without it."""
    return type(error).__module__.partition(".")[0] in ("duckdb", "_duckdb")


def _number(error: BaseException) -> int | None:
    if isinstance(error, OSError):
        return error.errno
    if not _is_engine(error) or type(error).__name__ not in _OF_FILES:
        return None  # a message may quote what an author or a row says
    said = str(error).lower()
    return next((number for words, number in _BY_WORDS.items() if words in said), None)


def _place(error: BaseException) -> str:
    if isinstance(error, OSError):
        return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
    found = _FILE.search(str(error))
    return found[1] if found else ""
