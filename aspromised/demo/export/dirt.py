"""Rows that no system should have written, so that setting aside has something to do. Counts are known."""

from collections.abc import Callable

import numpy as np
import pandas as pd

Spoil = Callable[[pd.DataFrame], pd.DataFrame]


def spoiled(
    rng: np.random.Generator,
    table: pd.DataFrame,
    key: str,
    among: pd.Series,
    count: int,
    prefix: str,
    spoil: Spoil,
) -> pd.DataFrame:
    """Return `count` spoiled copies of rows of `among`, each under a key of its own."""
    places = rng.choice(np.flatnonzero(among.to_numpy()), size=count, replace=False)
    copies = table.iloc[np.sort(places)].copy()
    copies[key] = [f"{prefix}{number:04d}" for number in range(1, count + 1)]
    return spoil(copies)


def few(count: int, rows: int) -> int:
    """Return `count`, or fewer where a company is so small that its exports would be spoilt: at most one in twenty of its rows.

    >>> few(4, 1600), few(4, 40)
    (4, 2)
    """
    return min(count, rows // 20)


def backwards(start: str, end: str) -> Spoil:
    """Return a spoiler that puts `end` three hours before `start`."""

    def spoil(rows: pd.DataFrame) -> pd.DataFrame:
        rows[end] = rows[start] - pd.Timedelta(hours=3)
        return rows

    return spoil


def setting(**values: object) -> Spoil:
    """Return a spoiler that sets columns to a value."""

    def spoil(rows: pd.DataFrame) -> pd.DataFrame:
        for column, value in values.items():
            rows[column] = rows[column].mask(rows[column].notna()) if value is None else value
        return rows

    return spoil


def mixed_in(rng: np.random.Generator, table: pd.DataFrame, dirty: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the table with the dirty rows mixed in at random places."""
    whole = pd.concat([table, *dirty], ignore_index=True)
    order = np.argsort(
        np.concatenate([np.arange(len(table)), rng.random(len(whole) - len(table)) * len(table)]),
        kind="stable",
    )
    return whole.iloc[order].reset_index(drop=True)
