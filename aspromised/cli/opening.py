"""Opens the snapshot for a command, and says on stderr where an older one serves than the newest."""

from functools import lru_cache
from pathlib import Path

from aspromised.cli.say import say
from aspromised.store import snapshot
from aspromised.store.snapshot import NoSnapshot, Snapshot
from aspromised.words.inside import no_workspace


def open_or_exit(root: Path) -> Snapshot:
    """Return the snapshot being served; NoSnapshot says how to make one, or that this is no workspace."""
    try:
        opened = snapshot.open_snapshot(root)
    except NoSnapshot as none:
        raise (NoSnapshot(why) if (why := no_workspace(root)) else none) from None
    if opened.warning:
        _say(opened.path, opened.warning)
    return opened


@lru_cache(maxsize=16)
def _say(_path: Path, warning: str) -> None:
    """Say it once in a command, however often it looks."""
    say(f"aspromised: {warning}", err=True)
