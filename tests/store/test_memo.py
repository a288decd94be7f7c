"""What is remembered is computed once, bounded, and let go."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from aspromised.store.memo import Memo
from tests.analyse.shelf import shelf


def test_many_readers_at_once_compute_once():
    memo: Memo[str] = Memo(most=100, size_of=len)
    start = Barrier(8)

    def ask(_: int) -> str:
        start.wait()
        return memo.get("page", lambda: "shown")

    with ThreadPoolExecutor(8) as readers:
        assert list(readers.map(ask, range(8))) == ["shown"] * 8
    assert memo.computed == 1


def test_the_least_recently_used_goes_first():
    memo: Memo[str] = Memo(most=2, size_of=len)
    for key in ("a", "b", "a", "c"):
        memo.get(key, lambda key=key: key)
    assert [memo.get(key, lambda: "again") for key in ("a", "c", "b")] == ["a", "c", "again"]
    assert memo.size <= 2


def test_a_value_too_large_is_handed_out_and_not_kept():
    memo: Memo[str] = Memo(most=2, size_of=len)
    assert memo.get("large", lambda: "xxx") == "xxx"
    assert (len(memo), memo.size) == (0, 0)


def test_a_failure_is_not_remembered():
    memo: Memo[str] = Memo(most=2, size_of=len)
    with pytest.raises(ZeroDivisionError):
        memo.get("a", lambda: str(1 // 0))
    assert memo.get("a", lambda: "x") == "x"


def test_what_is_stale_is_forgotten():
    memo: Memo[str] = Memo(most=9, size_of=len)
    memo.get(1, lambda: "x")
    memo.get(2, lambda: "y")
    memo.forget(lambda key: key == 1)
    assert (len(memo), memo.size) == (1, 1)


def test_a_snapshot_is_asked_a_question_once_and_every_answer_is_the_askers_own():
    snapshot = shelf()
    first = snapshot.query("select key, value from meta order by key")
    first.loc[0, "value"] = "changed by its reader"
    again = snapshot.query("select key, value from meta order by key")
    assert again["value"][0] == "2026-10-31T23:59:59.999999+00:00"
    assert snapshot.answers.computed == 1


def test_questions_that_differ_only_in_what_is_looked_for_are_two():
    snapshot = shelf()
    for looked_for in (["1"], [1], [True], [list(range(2000))], [[*range(1999), 7]]):
        snapshot.query("select $1 as x", looked_for)
    assert snapshot.answers.computed == 5
