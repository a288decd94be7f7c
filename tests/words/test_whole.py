"""Files are written whole, all of them, or none."""

import errno
from pathlib import Path

import pytest

from aspromised.words import whole
from aspromised.words.whole import write_all


@pytest.fixture(params=range(3))
def full(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes so many files and half of the next one."""
    room, usual = [request.param], whole._write

    def write(path: Path, text: str) -> None:
        if not room[0]:
            path.write_text(text[: len(text) // 2])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        room[0] -= 1
        usual(path, text)

    monkeypatch.setattr(whole, "_write", write)


@pytest.mark.usefixtures("full")
def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.yaml").write_text("mine")
    files = {tmp_path / name: "text" for name in ("promises/a/b.yaml", "data/mine.yaml", "c.yaml")}
    with pytest.raises(OSError, match="No space left"):
        write_all(files)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {
        "data",
        "data/mine.yaml",
    }
    assert (tmp_path / "data" / "mine.yaml").read_text() == "mine"


def test_a_file_that_cannot_be_put_in_its_place_takes_the_new_ones_back(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(IsADirectoryError):
        write_all({tmp_path / "a": "x", tmp_path / "b": "y"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_link_gives_way_and_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "foreign")
    write_all({tmp_path / "link": "ours"})
    assert not (tmp_path / "foreign").exists()
    assert (tmp_path / "link").read_text() == "ours"
