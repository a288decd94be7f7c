"""What is shown in the place of a cell that failed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TracebackLine:
    """One line of a traceback: where, and what stands there."""

    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}" if self.code else f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Failure:
    """An error in a cell. `steps` lead from the notebook's line to the one that raised; the first is the cell's."""

    message: str
    steps: tuple[TracebackLine, ...]
    frame: str = ""
    """The line with a caret, for a syntax error."""

    @property
    def trace(self) -> str:
        """The steps, one a line, and the caret where there is one."""
        return "\n".join([*map(str, self.steps), *([self.frame] if self.frame else [])])
