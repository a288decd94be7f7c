"""A workspace: everything declared in one folder, and the problems found while reading it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aspromised.declare.model import (
    Calendar,
    Capacity,
    Chain,
    Change,
    Company,
    Complaints,
    Connection,
    Correction,
    Costs,
    Declared,
    JudgedOn,
    Promise,
    Promotion,
    Ratings,
    Source,
)
from aspromised.words.problems import Place, Problem

KeyPath = tuple[str | int, ...]
"""The way to a value from the top of the YAML: ("promises", "two-day-delivery", "measure", "only")."""


WHOLE_FILE_CODES = frozenset(
    {"syntax", "yaml", "too-large", "not-utf8", "unreadable-file", "missing-company"}
)
"""Codes of problems that keep a whole file, or the company, from being known."""


@dataclass(frozen=True)
class Partly:
    """What could be read of an object with faults: two readings, with unlike values where there was none to read."""

    readings: tuple[Declared, Declared]
    unknown: frozenset[KeyPath] = frozenset()
    """What stands in for something: nothing is told of it."""


@dataclass(frozen=True)
class Workspace:
    """All that is declared. What could not be read is missing here and told in `problems`."""

    root: Path
    company: Company
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)
    promotions: Mapping[str, Promotion] = field(default_factory=dict)
    chains: Mapping[str, Chain] = field(default_factory=dict)
    capacity: Mapping[str, Capacity] = field(default_factory=dict)
    complaints: Complaints | None = None
    ratings: Ratings | None = None
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    costs: Costs | None = None
    engine: JudgedOn | None = None
    connections: Mapping[str, Connection] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    unreadable: Mapping[KeyPath, tuple[Problem, ...]] = field(default_factory=dict)
    """("promises", "x") → why promise x could not be read; likewise for the other kinds of object."""
    partly: Mapping[KeyPath, Partly] = field(default_factory=dict)
    """What could be read of those nevertheless; nothing is judged by it."""
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    keys: Mapping[KeyPath, Place] = field(default_factory=dict)
    """The place of each key, where `places` has its value's."""
    lines: Mapping[str, list[str]] = field(default_factory=dict)
    """Each file's lines, by the path used in places; for frames."""

    @property
    def timezone(self) -> ZoneInfo:
        """The company's time zone, in which every report day is a day."""
        return ZoneInfo(self.company.timezone)

    @property
    def data(self) -> Path:
        """The folder that sources' files are relative to."""
        return self.root / "data"

    @property
    def untrustworthy(self) -> tuple[Problem, ...]:
        """Problems that leave the whole in doubt: a file that could not be read, whose days these are, or who judges."""
        company = (*self.unreadable.get(("company",), ()), *self.unreadable.get(("engine",), ()))
        of_objects = {problem for problems in self.unreadable.values() for problem in problems}
        whole = (p for p in self.problems if p.code in WHOLE_FILE_CODES and p not in of_objects)
        return (*whole, *company)

    def stands_in(self, at: KeyPath) -> bool:
        """Return whether the value at `at` only stands in for one that could not be read."""
        return any(_is_under(at, way) for partly in self.partly.values() for way in partly.unknown)

    def is_known(self, at: KeyPath) -> bool:
        """Return whether the value at `at` is as it was written, all of it: none of it stands in for what could not be read."""
        unknown = (way for partly in self.partly.values() for way in partly.unknown)
        return not any(_is_under(at, way) or _is_under(way, at) for way in unknown)

    def is_typed(self, source: str) -> bool:
        """Return whether how a source's rows are read is known, and of a query over others how all rows are."""
        declared = self.sources.get(source)
        asked = self.sources if declared and declared.sql else [source]
        return all(self.is_known(("sources", name, key)) for name in asked for key in _READING)

    def problem(self, code: str, message: str, at: KeyPath, **more: Any) -> Problem:
        """Return a problem placed at the nearest known ancestor of `at`, with its frame."""
        path = at
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path)
        return Problem(code, message, place, frame=frame(place, self.lines), at=at, **more)

    def problem_at_key(self, code: str, message: str, at: KeyPath, **more: Any) -> Problem:
        """Return a problem placed at the key of `at`, where `problem` points at its value."""
        place = self.keys.get(at)
        if place is None:
            return self.problem(code, message, at, **more)
        return Problem(code, message, place, frame=frame(place, self.lines), at=at, **more)


_READING = ("columns", "timestamp_format", "date_format", "decimal", "nulls")
"""The keys of a source that decide the types of its columns."""


def _is_under(at: KeyPath, way: KeyPath) -> bool:
    return at[: len(way)] == way


_WIDEST = 160
"""A longer line is shown from near the place on."""


def frame(place: Place | None, lines: Mapping[str, list[str]]) -> str:
    """Return the line at `place` with a caret under its column, or "" where the line is not known."""
    if place is None or place.path not in lines or not 1 <= place.line <= len(lines[place.path]):
        return ""
    gutter = f"{place.line:>5} | "
    line, column = _shown(lines[place.path][place.line - 1], place.column)
    return f"{gutter}{line}\n{' ' * (len(gutter) + column - 1)}^"


def _shown(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line to show, tabs and unprintable characters replaced, and the column in it."""
    start = max(0, column - 60) if len(line) > _WIDEST else 0
    part = line[start : start + _WIDEST]
    printable = (
        part
        if part.isprintable()
        else "".join(c if c.isprintable() else " " if c == "\t" else "?" for c in part)
    )
    return ("…" if start else "") + printable, column - start + bool(start)
