"""What each file holds, known by a hash of its bytes.

A file is read for its hash only where it could have been written since: its size, its times or its place on the disk
(inode) are others. The time of change (ctime) cannot be set back by a copy or a tool, as the time of modification can.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import time_ns

_BLOCK = 1 << 20
_SETTLED_NS = 2_000_000_000
"""A file written this lately may be written again within the same tick of the clock of its file system."""


@dataclass(frozen=True)
class Stamp:
    """What a file held when it was looked at; `state` is empty where it has to be read again to know."""

    file: str
    state: str
    content: str

    def __str__(self) -> str:
        return f"{self.file} {self.content}"


def stamps(files: Iterable[Path], known: Mapping[str, Stamp]) -> list[Stamp]:
    """Return the stamp of each file, those `known` from an earlier look where the file cannot have changed since."""
    return [_stamp(file, known.get(str(file))) for file in files]


def _stamp(file: Path, before: Stamp | None) -> Stamp:
    state = _state(file)
    if before and state and before.state == state:
        return before
    return Stamp(str(file), state, _content(file))


def _state(file: Path) -> str:
    """Return what changes whenever a file is written; nothing where that cannot be relied on."""
    told = file.stat()
    if os.name != "posix" or time_ns() - max(told.st_ctime_ns, told.st_mtime_ns) < _SETTLED_NS:
        return ""
    return f"{told.st_size} {told.st_mtime_ns} {told.st_ctime_ns} {told.st_ino}"


def _content(file: Path) -> str:
    digest = blake2b(digest_size=16)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
