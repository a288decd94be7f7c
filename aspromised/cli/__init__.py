"""The commands."""

import atexit
import gc
import os
import sys

from aspromised.cli.commands import app
from aspromised.store.layout import KEPT_SNAPSHOTS
from aspromised.words.problems import AsPromisedError, BrokenSnapshot, MisuseError
from aspromised.words.text import line, lines
from aspromised.words.trouble import trouble

MISUSE = 2
_ALLOCATED = 200_000
"""How many objects are made before those of no use are looked for: some hundred times Python's own number."""


def main() -> None:
    """Run a command; a problem is told on stderr, without a traceback: exit 1, misuse 2.

    What the machine refuses, wherever it does, is a problem too.
    """
    gc.set_threshold(_ALLOCATED, 20, 20)
    atexit.register(gc.freeze)  # what the libraries made is not looked through once more on the way out
    try:
        _run()
    except MisuseError as error:
        sys.exit(_tell(error, MISUSE))
    except AsPromisedError as error:
        sys.exit(_tell(error, 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        known = trouble(error) or _stopped(error)
        if known is None:
            raise
        sys.exit(_tell(known, 1))


def _stopped(error: Exception) -> AsPromisedError | None:
    from aspromised.sql.engine import EngineError
    from aspromised.sql.limits import stopped

    reason = stopped(error) if isinstance(error, EngineError) else None
    return AsPromisedError(f"a query was stopped: {reason}") if reason else None


def _run() -> None:
    """Run the command, and have on its way what it printed: a full disk is told here, not when the program ends."""
    try:
        _run_on_what_can_be_read()
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # it cannot be printed any more
            raise


def _run_on_what_can_be_read() -> None:
    """Run the command; where a snapshot turns out to be broken, again on the one before, which says so."""
    for _ in range(KEPT_SNAPSHOTS):
        try:
            app(prog_name="aspromised")
        except BrokenSnapshot:
            continue
    app(prog_name="aspromised")


def _tell(error: AsPromisedError, code: int) -> int:
    told = f"aspromised: {error}"
    print(line(told) if code == MISUSE else lines(told), file=sys.stderr)
    return code
