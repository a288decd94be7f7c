"""What the analyses need of a snapshot."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Protocol, TypeVar

import pandas as pd

Found = TypeVar("Found")


class Queryable(Protocol):
    """Rows, and what is said of the whole: a published snapshot, one judged again, or a test's own tables."""

    @property
    def meta(self) -> Mapping[str, str]:
        """The snapshot's moment, time zone, company."""

    def query(self, sql: str, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of a query."""


def remembered(find: Callable[..., Found]) -> Callable[..., Found]:
    """Return `find(snapshot, *names)` such that a published snapshot, which never changes, is worked through once a name.

    What is found is shared by all who ask: nobody may change it. Anything else than a snapshot is asked each time.

    >>> remembered(lambda tables: len(tables))({"a": 1})
    1
    """

    @wraps(find)
    def found(snapshot: Queryable, *names: str) -> Found:
        memo = getattr(snapshot, "derived", None)
        if memo is None:
            return find(snapshot, *names)
        result: Found = memo.get((find.__module__, find.__qualname__, names), lambda: find(snapshot, *names))
        return result

    return found
