"""What the analyses need of a snapshot."""

from collections.abc import Callable, Hashable, Mapping
from functools import wraps
from inspect import signature
from typing import Any, Protocol, TypeVar, cast

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
    """Return `find(snapshot, *asked)` such that a published snapshot, which never changes, is worked through once for the same.

    A table is the caller's own to change; what else is found is shared by all who ask, and nobody may change it. Anything
    else than a snapshot is asked each time.

    >>> remembered(lambda tables: len(tables))({"a": 1})
    1
    """

    called = signature(find)

    @wraps(find)
    def found(snapshot: Queryable, *asked: Hashable) -> Found:
        memo = getattr(snapshot, "derived", None)
        if memo is None:
            return find(snapshot, *asked)
        bound = called.bind(snapshot, *asked)
        bound.apply_defaults()
        result: Found = memo.get(
            (find.__module__, find.__qualname__, bound.args[1:]), lambda: find(*bound.args)
        )
        return cast(Found, result.copy(deep=False)) if isinstance(result, pd.DataFrame) else result

    return found
