"""Sources whose rows stay where they lie, as the store sees them: who reads them there, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa


@dataclass(frozen=True)
class RowsThere:
    """A source that was read there: its columns with their DuckDB types, where its rows went, and some that were set aside.

    Those are as they stand there, with how many rows have their key in a last column where that is why, else null.
    """

    columns: Mapping[str, str]
    rows_in: int
    kept: int
    set_aside: int
    duplicates_resolved: int
    aside: pa.Table


class There(Protocol):
    """Reads sources where they lie."""

    def look(self, name: str) -> Mapping[str, str]:
        """Return the columns of a source with their types, without a look at its rows; AsPromisedError where it cannot be read."""

    def read(self, name: str, most: int) -> RowsThere:
        """Return where the rows of a source went, and so many at most of those set aside."""

    def newest(self, name: str, columns: Sequence[str], moment: datetime) -> datetime | None:
        """Return the newest of these columns that is not after a moment, in UTC without a zone; None where nothing tells."""
