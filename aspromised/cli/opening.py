"""Opens the snapshot for a command, or judges again for another moment; says on stderr where an older one serves than the newest."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from aspromised.analyse.health import doubted_sources, newest_records
from aspromised.analyse.queryable import Queryable
from aspromised.cli.options import warn_beyond
from aspromised.cli.say import say
from aspromised.store import snapshot
from aspromised.store.snapshot import NoSnapshot, Snapshot
from aspromised.words.inside import no_workspace
from aspromised.words.moments import as_of_moment
from aspromised.words.problems import MisuseError


def open_or_exit(root: Path) -> Snapshot:
    """Return the snapshot being served; NoSnapshot says how to make one, MisuseError that this is no workspace."""
    try:
        opened = snapshot.open_snapshot(root)
    except NoSnapshot as none:
        raise (MisuseError(why) if (why := no_workspace(root)) else none) from None
    if opened.warning:
        _say(opened.path, opened.warning)
    return opened


@lru_cache(maxsize=16)
def _say(_path: Path, warning: str) -> None:
    """Say it once in a command, however often it looks."""
    say(f"aspromised: {warning}", err=True)


@contextmanager
def judged_tables(
    root: Path,
    as_of: str | None,
    launches: bool = False,
    promise: str | None = None,
    chances: bool = False,
    handoffs: bool = False,
) -> Iterator[tuple[Queryable, Mapping[str, str]]]:
    """Give the snapshot's tables, or those judged again where another moment is asked for, with what launches did, and how likely
    what is open is to break, and chains, if asked for.

    What is to be doubted of the records is said on stderr; of one promise, of those it reads.
    """
    if as_of is None:
        with open_or_exit(root) as snapshot:
            say(*doubted_sources(snapshot, promise or ""), err=True)
            yield snapshot, snapshot.meta
        return
    # What judges takes a second to import, which those who read what was published need not wait for.
    from aspromised.declare.load import load
    from aspromised.rejudge import rejudged

    workspace = load(root)
    asked = as_of_moment(as_of, workspace.timezone)
    with rejudged(workspace, asked, launches, handoffs, chances=chances) as again:
        warn_beyond(newest_records(again), asked)
        say(*doubted_sources(again, promise or ""), err=True)
        yield again, again.meta
