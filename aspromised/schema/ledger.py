"""The tables of the ledger, as its migrations have left them. What people write: rows are added and never changed.

The migrations in `store/ledger/tables.py` are plain statements that are never edited; a test holds their end against this.
"""

from aspromised.schema.table import TableSchema, column

EVENT = TableSchema(
    "event",
    "What somebody wrote, a row each, each bound to the one before by its hash.",
    (
        column("id", "integer", "the event's number, from 1 without a gap"),
        column("at", "text", "when it was written, ISO 8601, UTC"),
        column("who", "text", "who wrote it, as they gave their name"),
        column("kind", "text", "the kind of event, such as `sign-off`"),
        column("subject", "text", "what it is about"),
        column("body", "text", "what was written, as JSON"),
        column("previous", "text", "the hash of the event before; 64 zeros for the first"),
        column("hash", "text", "the SHA-256 of this event and the hash before"),
    ),
)

LEDGER_VERSION = TableSchema(
    "ledger_version",
    "One row: how many migrations the database has seen.",
    (column("version", "integer", "the number"),),
)

LEDGER_TABLES = (EVENT, LEDGER_VERSION)
