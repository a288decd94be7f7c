"""Declarations that are no ordinary files of the workspace: told, and never waited for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aspromised.declare.load import load
from aspromised.declare.yaml.tree import MAX_BYTES

COMPANY = "company: {name: A, timezone: UTC}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ws" / "promises").mkdir(parents=True)
    (tmp_path / "ws" / "data").mkdir()
    (tmp_path / "ws" / "promises" / "a.yaml").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "outside.yaml").write_text("promises: {secret: 1}\n", encoding="utf-8")
    return tmp_path / "ws"


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkfifo, "the file cannot be read: it is not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "leads out of the workspace"),
        (lambda path: path.symlink_to("../../outside.yaml"), "leads out of the workspace"),
        (lambda path: path.symlink_to("b.yaml"), "the file cannot be read: "),
        (sparse, "the file is larger than 1 MB: split it into several"),
    ],
)
@pytest.mark.parametrize("name", ["promises/b.yaml", "data/sources.yaml"])
def test_it_is_told_with_its_name(root: Path, name: str, make: Callable[[Path], None], said: str) -> None:
    make(root / name)
    problems = [problem for problem in load(root).problems if problem.place and problem.place.path == name]
    assert len(problems) == 1
    assert said in problems[0].message
    assert load(root).company.name == "A"


def test_no_more_of_a_large_file_is_read_than_shows_that_it_is_large(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    monkeypatch.setattr(
        "aspromised.declare.yaml.tree._text", lambda _, content: seen.append(len(content)) or ""
    )
    sparse(root / "promises" / "b.yaml")
    load(root)
    assert max(seen) == MAX_BYTES + 1


def test_a_folder_of_declarations_that_is_a_link_out_is_told(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "c.yaml").write_text("promises: {secret: 1}\n", encoding="utf-8")
    (root / "data" / "sources.yaml").symlink_to(elsewhere / "c.yaml")
    assert "leads out of the workspace" in str(load(root).problems)
    assert "secret" not in str(load(root).problems)


def test_a_link_within_the_workspace_and_a_folder_called_yaml_are_fine(root: Path) -> None:
    (root / "promises" / "x.yaml").mkdir()
    (root / "teams.yaml").write_text("calendars: {}\n", encoding="utf-8")
    (root / "promises" / "b.yaml").symlink_to("../teams.yaml")
    assert load(root).problems == ()


def test_a_workspace_that_is_itself_a_link_is_fine(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    assert load(root.parent / "link").problems == ()
