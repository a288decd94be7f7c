"""Files that are there whole, all of them, or not at all: a full disk leaves nothing half begun."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_all(files: Mapping[Path, str]) -> None:
    """Write texts to their paths, with the folders they need; OSError leaves what stood there before, and nothing else.

    Each is written beside its place first. A link that stands there gives way; it is not followed.
    """
    begun: list[Path] = []
    waiting: dict[Path, Path] = {}
    try:
        for path, text in files.items():
            begun += _made_folders(path.parent)
            waiting[path] = _unused(path)
            begun.append(waiting[path])
            _write(waiting[path], text)
        for path, new in waiting.items():
            was_there = os.path.lexists(path)
            new.replace(path)
            begun += [] if was_there else [path]
    except BaseException:
        _take_back(begun)
        raise


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder and those around it; return the ones that were missing, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()][::-1]
    made = []
    try:
        for each in missing:
            each.mkdir()
            made.append(each)
    except BaseException:
        _take_back(made)
        raise
    return made


def _unused(path: Path) -> Path:
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _take_back(begun: list[Path]) -> None:
    """Delete files and folders that were begun, the last first; what is gone or in use by now is left."""
    for each in reversed(begun):
        with suppress(OSError):
            each.rmdir() if each.is_dir() and not each.is_symlink() else each.unlink()
