"""A first workspace works at once, and never writes over anything."""

import errno
from pathlib import Path

import pytest

from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.publish.scaffold import scaffold
from aspromised.words.problems import AsPromisedError, MisuseError


def test_a_first_workspace_loads_and_checks_clean(tmp_path: Path) -> None:
    written = scaffold(tmp_path / "mine", "Anna's: No. 1 #shop", "Europe/Zurich")
    workspace = load(tmp_path / "mine")
    assert check(workspace) == []
    assert workspace.company.name == "Anna's: No. 1 #shop"
    assert list(workspace.promises) == ["two-day-delivery"]
    assert sorted(path.name for path in written) == [
        ".gitignore", "aspromised.schema.json", "company.yaml", "delivery.yaml", "example-orders.csv", "sources.yaml"
    ]  # fmt: skip


def test_the_example_rows_are_twelve_and_say_so(tmp_path: Path) -> None:
    scaffold(tmp_path, "A", "UTC")
    rows = (tmp_path / "data" / "example-orders.csv").read_text().splitlines()
    assert len(rows) == 13
    assert all(row.startswith("example-") for row in rows[1:])


def test_every_yaml_points_editors_to_the_schema(tmp_path: Path) -> None:
    for path in scaffold(tmp_path, "A", "UTC"):
        if path.suffix == ".yaml":
            first = path.read_text().splitlines()[0]
            target = first.removeprefix("# yaml-language-server: $schema=")
            assert (path.parent / target).resolve() == (tmp_path / "aspromised.schema.json").resolve()


def test_nothing_is_written_over_or_half_written(tmp_path: Path) -> None:
    mine = tmp_path / "data" / "sources.yaml"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(AsPromisedError, match=r"sources\.yaml is there already"):
        scaffold(tmp_path, "A", "UTC")
    assert mine.read_text() == "mine"
    assert not (tmp_path / "promises").exists()


def test_a_wrong_time_zone_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="Did you mean 'Europe/London'"):
        scaffold(tmp_path, "A", "Europe/Lundon")


def test_after_a_full_disk_it_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr("os.fsync", full)
        scaffold(tmp_path / "mine", "A", "UTC")
    assert list(tmp_path.iterdir()) == []
    assert scaffold(tmp_path / "mine", "A", "UTC")


def test_a_link_to_nowhere_is_a_file_that_is_there_already(tmp_path: Path) -> None:
    (tmp_path / "promises").mkdir()
    (tmp_path / "promises" / "company.yaml").symlink_to(tmp_path / "foreign")
    with pytest.raises(AsPromisedError, match=r"company\.yaml is there already"):
        scaffold(tmp_path, "A", "UTC")
