"""One good workspace broken one way at a time: exactly what is said, and where."""

from pathlib import Path

import pytest

from aspromised.declare.check import check
from aspromised.declare.load import load
from tests.declare.golden import CASES, ERRORS, said_of, workspace_of


def test_the_good_base_has_no_problem() -> None:
    assert check(load(ERRORS / "base")) == []


@pytest.mark.parametrize("case", CASES)
def test_a_broken_file_is_told_exactly(case: str, tmp_path: Path) -> None:
    expected = (ERRORS / f"{case}.txt").read_text(encoding="utf-8")
    assert said_of(workspace_of(case, tmp_path)) == expected


def test_every_case_finds_something() -> None:
    silent = [case for case in CASES if "no problems" in (ERRORS / f"{case}.txt").read_text(encoding="utf-8")]
    assert silent == []
