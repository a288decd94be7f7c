"""A renderer that remembers what it was asked to show."""

from typing import Any


class Recorder:
    """`shown` is a list of (method, thing)."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Any]] = []

    def __getattr__(self, method: str) -> Any:
        return lambda thing: self.shown.append((method, thing))
