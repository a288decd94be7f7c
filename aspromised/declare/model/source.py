"""Where records come from and how they are typed."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from aspromised.declare.model.base import ColumnName, Declared, Expression, Id, LengthText
from aspromised.words.lengths import Length

ColumnType = Literal["text", "integer", "number", "boolean", "date", "timestamp", "timestamptz"]


class Connection(Declared):
    """A database; its address comes from the environment."""

    kind: Literal["postgres"] = Field(description="What kind of database it is.")
    url_env: str = Field(description="The environment variable that holds the URL.")
    time_out: LengthText | None = Field(None, description="How long one query may take; default 10 minutes.")

    @property
    def longest(self) -> Length:
        """How long one query may take."""
        return self.time_out or Length(Decimal(10), "minutes")


class Source(Declared):
    """One table of records: files, a query of a connection, a view over other sources, or what Spark reads itself."""

    files: str | None = Field(
        None, description="Path or pattern relative to data/: parquet, csv, json(l), xlsx."
    )
    connection: Id | None = Field(None, description="A connection, with `query`.")
    query: str | None = Field(None, description="The query to run there.")
    sql: str | None = Field(None, description="A query over other sources.")
    spark: str | None = Field(
        None,
        description="Parquet that `engine` reads itself and nothing here does: a folder or pattern as the cluster sees it"
        " (`s3a://lake/orders/`, `/data/orders/*.parquet`), or a table of its catalog (`lake.orders`).",
        examples=["s3a://lake/orders/", "lake.orders"],
    )
    key: ColumnName | None = Field(None, description="Column that identifies a row.")
    latest_by: ColumnName | None = Field(
        None, description="Several rows a key: the latest by this column wins."
    )
    arrived: ColumnName | None = Field(
        None,
        description="Column: when the row became known. What is judged as of an earlier moment does without rows that had not"
        " arrived; with `latest_by`, the version known then is taken.",
    )
    columns: dict[ColumnName, ColumnType] = Field(
        {},
        description="Types; what is not declared is inferred. A column that is empty in every row fits whatever is asked of it."
        " In a `timestamp` a day without a time of day is its midnight; a `date` takes every value for its day, which a promise may"
        " be kept to the end of. Undeclared, a column of days and moments alike is text, and so is one that rows are told apart by (a key, an id, a segment) unless its numbers are whole.",
    )
    timestamp_format: str | None = Field(
        None,
        description="strptime pattern of timestamps in text, where they are not written 2026-10-31 14:05:"
        " '%d.%m.%Y %H:%M' reads 31.10.2026 14:05.",
    )
    date_format: str | None = Field(
        None, description="strptime pattern of dates in text: '%d.%m.%Y' reads 31.10.2026."
    )
    decimal: Literal[".", ","] = Field(
        ".",
        description="Decimal sign of numbers in CSV and other text: with ',' 1,5 is 1½ and 1.234,5 is 1234½; 1.234 alone"
        " could be either, and is no number unless `thousands` tells.",
    )
    thousands: Literal[".", ",", " ", "'"] | None = Field(
        None,
        description="What parts thousands of numbers in CSV and other text, another sign than `decimal`: with `decimal: ','`"
        " and `thousands: '.'` both 1.234 and 1.234,00 are 1234.",
    )
    nulls: list[str] = Field([""], description="Texts read as null, in this source only.")
    timezone: str | None = Field(None, description="Of timestamps without a zone; default the company's.")
    must: list[Expression] = Field([], description="Rows that fail are set aside with the reason.")
    fresh_within: LengthText | None = Field(
        None,
        description="How old the newest record may be: by `arrived`, else `latest_by`, else what promises say happened"
        " (`started`, `done`, `at`), never by what is due or planned.",
    )

    @property
    def keeps_versions(self) -> bool:
        """Whether rows that give way to later ones are kept, each with when it was known."""
        return bool(self.key and self.latest_by and self.arrived)
