"""How much a compressed file unpacks to, found by unpacking it and keeping nothing."""

import gzip
import zlib
from collections.abc import Iterable
from pathlib import Path

from aspromised.store.formats.raw import SourceProblem

UNPACKED_BYTES = 1 << 30
"""Bytes that any file may unpack to."""
TIMES = 200
"""Beyond that, a file may unpack to as many times its size: records hardly ever shrink to a hundredth."""
_DENSEST = 1032
"""What deflate can shrink at most."""
_BLOCK = 1 << 20


def refuse_bombs(files: Iterable[Path]) -> None:
    """Raise a SourceProblem where a .gz file unpacks to more than records do; nothing is kept in memory or on disk."""
    for file in files:
        if file.suffix.lower() == ".gz":
            _refuse(file)


def _refuse(file: Path) -> None:
    packed = file.stat().st_size
    most = max(UNPACKED_BYTES, TIMES * packed)
    if packed * _DENSEST <= most:
        return
    try:
        with gzip.open(file) as stream:
            while block := stream.read(_BLOCK):
                most -= len(block)
                if most < 0:
                    raise SourceProblem(
                        f"{file}: it unpacks to more than {TIMES} times its size, which records do not: unpack it and"
                        " look, and give the file unpacked if it is what you expect"
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise SourceProblem(
            f"{file}: not a whole .gz file: copy it again from where it came ({error})"
        ) from error
