"""Keys that are whole numbers close together are told apart by a bit each, and only where that proves it."""

import duckdb
import pytest

from aspromised.store.typing.typed import _are_different


@pytest.mark.parametrize(
    ("kind", "keys", "known"),
    [
        ("bigint", [3, 1, 2], True),
        ("bigint", [-5, 0, 7, -4], True),
        ("integer", [1, 2, 2], False),
        ("bigint", [9_000_000_000_000_000_000, -9_000_000_000_000_000_000], False),
        ("bigint", [5], True),
        ("bigint", [], False),
        ("varchar", ["1", "2"], False),
        ("double", [1.0, 2.0], False),
    ],
)
def test_that_keys_differ_is_said_only_where_a_bit_each_proves_it(kind, keys, known):
    with duckdb.connect() as con:
        con.execute(f'create table t ("The Key" {kind})')
        for key in keys:
            con.execute("insert into t values (?)", [key])
        assert _are_different(con, "t", "the key") is known
