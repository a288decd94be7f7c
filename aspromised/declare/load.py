"""A folder of YAML files becomes a Workspace: all that can be read, and every problem found on the way."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aspromised.declare.by_object import OfObject, by_object
from aspromised.declare.model import Company
from aspromised.declare.objects import BY_ID, SINGLE, read_object
from aspromised.declare.partly import read_partly
from aspromised.declare.rules.timezones import unknown_timezone
from aspromised.declare.workspace import KeyPath, Partly, Workspace, frame
from aspromised.declare.yaml.explain import Fault
from aspromised.declare.yaml.tree import MAX_BYTES, Tree, read_tree
from aspromised.words.inside import leads_out, read_start, require_workspace
from aspromised.words.problems import Place, Problem, did_you_mean

MOST_IN_A_FILE = 200
"""As many problems of one file are told."""

ENOUGH = 1_000
"""After as many problems the rest of a file is not read: it was made to hurt."""

Entry = tuple[KeyPath, Any]
"""The way to an object from the top of its file, and its plain value."""


def load(root: Path) -> Workspace:
    """Return all that is declared under `root`; AsPromisedError only where there is no workspace at all."""
    root = Path(root).resolve()
    require_workspace(root)
    reading = _Reading(root)
    for path in _files(root):
        reading.file(path.relative_to(root).as_posix(), path)
    return reading.workspace(root)


def _files(root: Path) -> list[Path]:
    found = [*(root / "promises").rglob("*.yaml"), *(root / "promises").rglob("*.yml")]
    sources = [root / "data" / "sources.yaml", root / "data" / "sources.yml"]
    shown = (path for path in sorted(found) if not _is_hidden(path.relative_to(root)))
    return [path for path in (*sources, *shown) if path.is_symlink() or (path.exists() and not path.is_dir())]


def _is_hidden(path: Path) -> bool:
    """Return whether an editor or notebook keeps the file for itself, as in .ipynb_checkpoints."""
    return any(part.startswith(".") for part in path.parts)


@dataclass
class _Reading:
    """What has been read so far."""

    root: Path
    objects: dict[KeyPath, Any] = field(default_factory=dict)
    first: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unreadable: dict[KeyPath, tuple[Problem, ...]] = field(default_factory=dict)
    partly: dict[KeyPath, Partly] = field(default_factory=dict)
    places: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)

    def file(self, name: str, path: Path) -> None:
        """Read one file; nothing in it stops the others from being read."""
        try:
            if leads_out(path, self.root):
                raise OSError(
                    errno.EXDEV, "it is a link that leads out of the workspace; put a copy in its place"
                )
            tree = read_tree(name, read_start(path, MAX_BYTES))
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            self.problems.append(Problem("unreadable-file", message, Place(name, 1, 1)))
            return
        self.lines[name] = tree.lines
        told = [problem for _, problem in tree.faults]
        read = by_object(tree)
        for entry in _entries(tree, told):
            if len(told) > ENOUGH:
                self._give_up(entry[0], told[-1])
                continue
            told += self._object(tree, read.get(entry[0], OfObject()), entry, len(told) < MOST_IN_A_FILE)
        self.problems += _not_too_many(told)

    def _give_up(self, at: KeyPath, why: Problem) -> None:
        if at not in self.objects:
            self.unreadable.setdefault(at, (why,))

    def _object(self, tree: Tree, of: OfObject, entry: Entry, is_worth_it: bool) -> list[Problem]:
        """Read one object of a file, in part if that `is_worth_it`; return what is wrong with it."""
        at, value = entry
        found, faults = read_object(str(at[0]), value)
        told = [_problem(tree, fault, at) for fault in faults if not of.explains(at + fault.path)]
        if at in self.first:
            message = f"'{at[-1]}' is declared twice: first in {self.first[at]}"
            return [_problem(tree, Fault("duplicate-id", message, at, at_key=True)), *told]
        self.first[at] = tree.keys[at]
        self.places |= of.places
        self.keys |= of.keys
        if found is not None and not of.faults:
            self.objects[at] = found
            return told
        if is_worth_it:
            told += [_problem(tree, fault, at) for fault in self._partly(of, entry)]
        self.unreadable[at] = (*dict.fromkeys(problem for _, problem in of.faults), *told)
        return told

    def _partly(self, of: OfObject, entry: Entry) -> Iterator[Fault]:
        """Keep what can be read of an object with faults; yield what is wrong with a value under a misspelt key."""
        at, value = entry
        found = read_partly(str(at[0]), value)
        if found is None:
            return
        unknown = {*of.lost, *(at + path for path in found.unknown)}
        self.partly[at] = Partly(found.readings, frozenset(unknown))
        for meant, written in found.meant.items():
            known = [path for path in of.places if path[: len(at + written)] == at + written]
            self.places |= {at + meant + path[len(at + written) :]: of.places[path] for path in known}
        yield from found.faults

    def _company(self, root: Path) -> Company:
        """Return the declared company, or one that stands in for it so that the rest can be read."""
        stand_in = Company(name=root.name or "company", timezone="UTC")
        company: Company | None = self.objects.get(("company",))
        if company is None:
            if ("company",) not in self.unreadable:
                message = "no company is declared: add 'company: {name: …, timezone: Europe/London}'"
                self.problems.append(Problem("missing-company", message))
            return stand_in
        if wrong := unknown_timezone(company.timezone):
            place = self.places[("company", "timezone")]
            problem = Problem("timezone", wrong, place, frame=frame(place, self.lines))
            self.problems.append(problem)
            self.unreadable[("company",)] = (problem,)  # days of another zone would be published as if true
            return company.model_copy(update={"timezone": "UTC"})
        return company

    def workspace(self, root: Path) -> Workspace:
        """Return what was read as a workspace, its problems in the order of their places."""
        company = self._company(root)
        declared: dict[str, Any] = {kind: self._of(kind) for kind in BY_ID}
        declared |= {kind: self.objects.get((kind,)) for kind in SINGLE if kind != "company"}
        return Workspace(
            root=root,
            company=company,
            problems=tuple(sorted(self.problems, key=problem_order)),
            unreadable=self.unreadable,
            partly=self.partly,
            places=self.places,
            keys=self.keys,
            lines=self.lines,
            **declared,
        )

    def _of(self, kind: str) -> dict[str, Any]:
        return {str(at[1]): found for at, found in self.objects.items() if at[0] == kind}


def _entries(tree: Tree, told: list[Problem]) -> Iterator[Entry]:
    """Yield each object of a file; what is no object is added to `told`."""
    if tree.value is None:
        return
    if not isinstance(tree.value, dict):
        told.append(_problem(tree, Fault("wrong-type", "a file holds keys such as 'promises:'")))
        return
    for kind, value in tree.value.items():
        if kind in SINGLE:
            yield (kind,), value
        elif kind not in BY_ID:
            near = did_you_mean(kind, [*BY_ID, *SINGLE]) if len(told) < MOST_IN_A_FILE else ""
            told.append(
                _problem(tree, Fault("unknown-key", f"unknown key '{kind}'.{near}", (kind,), at_key=True))
            )
        elif isinstance(value, dict):
            nameless = [name for name in value if not str(name).strip()]
            for name in nameless:
                message = f"an id of '{kind}' is empty: give it a name"
                told.append(_problem(tree, Fault("empty-id", message, (kind, name), at_key=True)))
            yield from (((kind, name), each) for name, each in value.items() if name not in nameless)
        elif value is not None:
            message = f"'{kind}' must be a mapping of ids, each with its object: write 'an-id:' without a dash, and what it holds below it"
            told.append(_problem(tree, Fault("wrong-type", message, (kind,))))


def _problem(tree: Tree, fault: Fault, below: KeyPath = ()) -> Problem:
    place = tree.place_of(below + fault.path, fault.at_key)
    at = below + fault.path
    return Problem(fault.code, fault.message, place, frame=frame(place, {tree.path: tree.lines}), at=at)


def _not_too_many(told: list[Problem]) -> list[Problem]:
    """Return the problems of a file, each once, cut where more would help nobody."""
    once = sorted(dict.fromkeys(told), key=problem_order)
    if len(once) <= MOST_IN_A_FILE:
        return once
    rest = f"{len(once) - MOST_IN_A_FILE} more problems in this file are not shown"
    return [*once[:MOST_IN_A_FILE], Problem("too-many", rest, once[MOST_IN_A_FILE].place)]


def problem_order(problem: Problem) -> tuple[Place, str]:
    """Return what problems are sorted by: their place, those without one first."""
    return problem.place or Place("", 0, 0), problem.message
