"""What DuckDB says of a file that cannot be read any more."""

import duckdb

from aspromised.words.trouble import trouble

_NOT_DAMAGE = ("set lock on file", "different configuration", "read-only")
_DAMAGE = ("not a valid duckdb database file", "could not read enough bytes", "corrupt", "checksum", "wal file", "internal error",
           "database has been invalidated", "version number")  # fmt: skip


def is_damage(error: duckdb.Error) -> bool:
    """Return whether a DuckDB file cannot be read any more; a disk that takes no more, or a lock, is no damage."""
    said = str(error).lower()
    if trouble(error) or any(words in said for words in _NOT_DAMAGE):
        return False
    return isinstance(error, duckdb.SerializationException | duckdb.InternalException) or any(
        words in said for words in _DAMAGE
    )
