"""What a killed process leaves in the system's temporary folder is gone with the next that needs one."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from aspromised.declare.held_folder import held_folder

HOLDS = """
import sys
from aspromised.declare.held_folder import held_folder
with held_folder() as folder:
    (folder / "spill").write_text("much")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def holding() -> tuple[subprocess.Popen[str], Path]:
    """Return a process that holds a folder, and the folder, as if it had been made long ago."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    folder = Path(process.stdout.readline().strip())
    os.utime(folder, (0, 0))
    return process, folder


def test_a_folder_whose_process_was_killed_is_swept_and_one_that_is_held_is_not(home: Path) -> None:
    (killed, left), (alive, held) = holding(), holding()
    killed.kill()
    killed.wait()
    assert (left / "spill").exists()
    with held_folder() as mine:
        assert sorted(home.iterdir()) == sorted([held, mine])
        assert mine.stat().st_mode & 0o777 == 0o700
    alive.communicate("")
    assert list(home.iterdir()) == []


def test_what_is_not_ours_or_was_made_just_now_is_left(home: Path) -> None:
    (home / "other").mkdir()
    (home / "aspromised-notes.txt").write_text("a file")
    (home / "aspromised-link").symlink_to(home / "other")
    for each in home.iterdir():
        os.utime(each, (0, 0), follow_symlinks=False)
    (home / "aspromised-new").mkdir()
    with held_folder():
        pass
    assert {each.name for each in home.iterdir()} == {
        "other",
        "aspromised-notes.txt",
        "aspromised-link",
        "aspromised-new",
    }
