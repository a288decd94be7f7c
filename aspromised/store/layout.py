"""Where a workspace keeps what the program makes; all of it can be deleted and made again."""

from dataclasses import dataclass
from pathlib import Path

KEPT_SNAPSHOTS = 3
"""How many published snapshots are kept: the one being served and those before it."""


@dataclass(frozen=True)
class Layout:
    """The paths under `.aspromised/` of one workspace."""

    root: Path

    @property
    def home(self) -> Path:
        """The folder of everything the program makes."""
        return self.root / ".aspromised"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that a refresh writes and nothing else opens for long."""
        return self.home / "warehouse.duckdb"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what does not fit in memory."""
        return self.home / "spill"

    @property
    def snapshots(self) -> Path:
        """The folder of published snapshots, one file each, never overwritten."""
        return self.home / "snapshots"

    @property
    def unfinished(self) -> Path:
        """The snapshot being written, which has no name yet; the holder of the refresh lock writes one at a time."""
        return self.snapshots / ".new.unfinished"

    @property
    def pointer(self) -> Path:
        """The file that names the snapshot being served."""
        return self.home / "CURRENT"

    @property
    def lock(self) -> Path:
        """The file that a running refresh holds locked; it holds the refresh's process number."""
        return self.home / "refresh.lock"
