"""What is shown in the place of a cell that failed: the message, and the lines a person can mend."""

import linecache
import os
import traceback
from collections.abc import Iterable
from pathlib import Path

from aspromised.display.failure import Failure, TracebackLine
from aspromised.notebook.cells import Cell
from aspromised.words.problems import AsPromisedError

_OURS = f"{Path(__file__).parent}{os.sep}"
_LONGEST = 6


def failure(error: BaseException, cell: Cell) -> Failure:
    """Return what to show for `error`, raised by `cell`: our runner's own lines are left out."""
    if isinstance(error, SyntaxError) and error.filename == cell.filename:
        step = TracebackLine(
            _short(cell.filename), error.lineno or cell.first_line, (error.text or "").strip()
        )
        return Failure(f"SyntaxError: {error.msg}", (step,), _caret(error))
    return Failure(_message(error), _steps(error, cell))


def _message(error: BaseException) -> str:
    said = str(error)
    if isinstance(error, AsPromisedError):
        return said
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    cause = error.__cause__
    return f"{text} (because of {type(cause).__name__}: {cause})" if cause else text


def _steps(error: BaseException, cell: Cell) -> tuple[TracebackLine, ...]:
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if frame.filename == cell.filename), len(frames))
    return tuple(_step(frame) for frame in _shortened(_theirs(frames[first:], cell)))


def _theirs(frames: Iterable[traceback.FrameSummary], cell: Cell) -> list[traceback.FrameSummary]:
    """The notebook's frames and the one that raised; what lies between belongs to libraries."""
    frames = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    return [frame for frame in frames[:-1] if frame.filename == cell.filename] + frames[-1:]


def _shortened(frames: list[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """At most six: a recursion shows its beginning and its end."""
    return frames if len(frames) <= _LONGEST else frames[:3] + frames[-3:]


def _step(frame: traceback.FrameSummary) -> TracebackLine:
    code = linecache.getline(frame.filename, frame.lineno or 0).strip()
    return TracebackLine(_short(frame.filename), frame.lineno or 0, code)


def _short(filename: str) -> str:
    """The path as its reader knows it: `notebooks/gaps.py`, `pandas/core/frame.py`."""
    parts = Path(filename).parts
    for folder in ("site-packages", "notebooks"):
        if folder in parts:
            at = len(parts) - 1 - parts[::-1].index(folder)
            return "/".join(parts[at + (folder == "site-packages") :])
    return "/".join(parts[-2:])


def _caret(error: SyntaxError) -> str:
    if not error.text or not error.offset:
        return ""
    line = error.text.rstrip("\n")
    return f"{line}\n{' ' * (error.offset - 1)}^"
