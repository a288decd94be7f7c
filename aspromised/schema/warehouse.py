"""The tables of the warehouse beside the sources' own: what was loaded, when, and what was set aside.

When one changes here, raise `LAYOUT_VERSION` in `store/warehouse.py`: a test notices.
"""

from aspromised.schema.table import TableSchema, column, maybe

_SOURCE = column("source", "varchar", "the source's name in the YAML")

WAREHOUSE_VERSION = TableSchema(
    "warehouse_version",
    "One row: the layout of these tables.",
    (column("version", "integer", "the layout's number"),),
)

PUBLISHED = TableSchema(
    "published",
    "One row: the snapshot published last.",
    (column("snapshot", "varchar", "its id"), column("checksum", "ubigint", "the checksum of its file")),
)

LOADED = TableSchema(
    "loaded",
    "What each source was loaded from.",
    (
        _SOURCE,
        column("fingerprint", "varchar", "a digest of its content and declaration"),
        column("declared", "varchar", "a digest of what decides how its rows are read"),
    ),
)

LOADED_FILE = TableSchema(
    "loaded_file",
    "The files of each source.",
    (
        _SOURCE,
        column("file", "varchar", "the path"),
        column("state", "varchar", "its size and time, to see without reading that it is the same"),
        column("content", "varchar", "a digest of what it held"),
        column("columns", "varchar", "its columns and their types, as JSON"),
    ),
)

ROWS_SET_ASIDE = TableSchema(
    "set_aside",
    "Rows that could not be read as declared, as they came.",
    (
        _SOURCE,
        column("row", "varchar", "the row as it came: JSON, or the line of the file that is no row"),
        column("reason", "varchar", "why"),
    ),
)

LOADED_HEALTH = TableSchema(
    "source_health",
    "How each source fared when it was last loaded.",
    (
        _SOURCE,
        column("kind", "varchar", "`parquet`, `csv`, `json`, `xlsx`, `sql`, `connection` or `files`"),
        column("files", "integer", "how many files it was read from"),
        column("rows_in", "bigint", "rows read"),
        column("rows_kept", "bigint", "rows that made it into the table"),
        column("rows_set_aside", "bigint", "rows that could not be read as declared"),
        column("duplicates_resolved", "bigint", "rows that gave way to a later one of the same key"),
        column("loaded_at", "timestamp", "when it was loaded, UTC"),
        maybe("problem", "varchar", "why it could not be loaded; null where it was"),
        maybe("notes", "varchar", "what is worth knowing of one that was loaded"),
    ),
)  # fmt: skip

WAREHOUSE_TABLES = (WAREHOUSE_VERSION, PUBLISHED, LOADED, LOADED_FILE, ROWS_SET_ASIDE, LOADED_HEALTH)
