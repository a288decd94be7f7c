"""Writes tables as the kinds of file that sources read: parquet, csv, json lines, xlsx."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aspromised.demo.wall import ZONE


def write_parquet(table: pd.DataFrame, path: Path, dates: tuple[str, ...] = ()) -> Path:
    """Write `table`; `dates` are columns stored as days."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    for name in dates:
        index = arrow.schema.get_field_index(name)
        arrow = arrow.set_column(index, name, arrow.column(index).cast(pa.timestamp("us")).cast(pa.date32()))
    pq.write_table(arrow, path, compression="zstd")
    return path


def write_monthly(
    table: pd.DataFrame, month: pd.Series, folder: Path, dates: tuple[str, ...] = ()
) -> list[Path]:
    """Write one parquet file for each value of `month` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.parquet"):
        stale.unlink()
    return [
        write_parquet(table[month == name], folder / f"{name}.parquet", dates)
        for name in sorted(month.unique())
    ]


def write_csv(table: pd.DataFrame, path: Path, formats: Mapping[str, str], missing: str = "") -> Path:
    """Write `table` with instants as local time in the strftime pattern given for their column."""
    text = table.copy()
    for column, pattern in formats.items():
        text[column] = as_local_text(table[column], pattern)
    text.to_csv(path, index=False, na_rep=missing, lineterminator="\n")
    return path


def as_local_text(moments: pd.Series, pattern: str) -> pd.Series:
    """Return instants (or days) as local text; null stays null."""
    local = moments.dt.tz_convert(ZONE) if moments.dt.tz is not None else moments
    return local.dt.strftime(pattern).astype(object).where(moments.notna(), None)


def write_jsonl(table: pd.DataFrame, path: Path) -> Path:
    """Write one JSON object a line; instants as ISO 8601 with their offset, null as null."""
    text = table.copy()
    for column in text.columns:
        if isinstance(text[column].dtype, pd.DatetimeTZDtype):
            text[column] = as_local_text(text[column], "%Y-%m-%dT%H:%M:%S%z").str.replace(
                r"(\d\d)$", r":\1", regex=True
            )
    rows = text.astype(object).where(text.notna(), None).to_dict("records")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def story_json(value: Any) -> str:
    """Return `value` as stable, readable JSON."""
    return json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n"
