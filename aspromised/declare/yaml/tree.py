"""One YAML file as plain values that know their place. Hostile files are refused quickly, with a place."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from aspromised.declare.workspace import KeyPath, frame
from aspromised.declare.yaml.nesting import too_deep
from aspromised.declare.yaml.scalars import plain_scalar
from aspromised.declare.yaml.syntax import plain_words
from aspromised.words.problems import Place, Problem

MAX_BYTES = 1_000_000
_MAX_DEPTH = 50
_TOO_DEEP = f"nested more than {_MAX_DEPTH} deep"

_CONTROL = re.compile(r"[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: 20 × faster


@dataclass
class Tree:
    """A file's values, the place of each value and of each key, and what is wrong with the YAML itself."""

    path: str
    lines: list[str] = field(default_factory=list)
    value: Any = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    faults: list[tuple[KeyPath, Problem]] = field(default_factory=list)

    def fault(self, code: str, message: str, place: Place, at: KeyPath = ()) -> Problem:
        """Record a problem of the value at `at`, and return it."""
        problem = Problem(code, message, place, frame=frame(place, {self.path: self.lines}))
        self.faults.append((at, problem))
        return problem

    def place_of(self, path: KeyPath, at_key: bool = False) -> Place:
        """Return the place of a value (or its key), else of the nearest value around it."""
        if at_key and path in self.keys:
            return self.keys[path]
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.path, 1, 1))


class _RefusedError(Exception):
    """Reading of this file stops here; the problem is already recorded."""


def read_tree(path: str, content: bytes) -> Tree:
    """Return the tree of a file's bytes; never raises. What cannot be read is told in `faults`."""
    tree = Tree(path)
    try:
        text = _text(tree, content)
        tree.lines = text.split("\n")
        _refuse_control_characters(tree, text)
        _refuse_depth(tree, text)
        tree.value = _Builder(tree, text).document()
    except _RefusedError:
        tree.value = None
    except yaml.YAMLError as error:
        tree.value = None
        _syntax_fault(tree, error)
    return tree


def _text(tree: Tree, content: bytes) -> str:
    if len(content) > MAX_BYTES:
        tree.fault("too-large", "the file is larger than 1 MB: split it into several", Place(tree.path, 1, 1))
        raise _RefusedError
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        place = _place_after(tree.path, before)
        tree.fault("not-utf8", "the file is not UTF-8 text: save it as UTF-8", place)
        raise _RefusedError from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place_after(path: str, before: str) -> Place:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(path, len(lines), len(lines[-1]) + 1)


def _refuse_control_characters(tree: Tree, text: str) -> None:
    if found := _CONTROL.search(text):
        message = f"the character U+{ord(found[0]):04X} cannot stand in YAML: remove it"
        tree.fault("syntax", message, _place_after(tree.path, text[: found.start()]))
        raise _RefusedError


def _refuse_depth(tree: Tree, text: str) -> None:
    if found := too_deep(text, _MAX_DEPTH):
        tree.fault("syntax", _TOO_DEEP, Place(tree.path, *found))
        raise _RefusedError


def _syntax_fault(tree: Tree, error: yaml.YAMLError) -> None:
    message, mark = plain_words(error, tree.lines)
    place = Place(tree.path, mark.line + 1, mark.column + 1) if mark else Place(tree.path, 1, 1)
    tree.fault("syntax", message, place)


class _Builder:
    """Builds a tree from YAML events: no aliases are ever followed, so nothing can blow up."""

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)
        self.references: dict[KeyPath, Problem] = {}

    def document(self) -> Any:
        """Return the file's one document; None where it is empty."""
        value = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.tree.fault(
                        "yaml", "a second document begins here: write one a file", self.place(event)
                    )
                    raise _RefusedError
            elif isinstance(event, yaml.NodeEvent):
                value = self.value(event, ())
        return value

    def place(self, event: Any) -> Place:
        """Return where an event begins."""
        return Place(self.tree.path, event.start_mark.line + 1, event.start_mark.column + 1)

    def value(self, event: Any, path: KeyPath) -> Any:
        """Return the plain value that begins with `event`, recording its place."""
        self._record(event, path)
        if len(path) > _MAX_DEPTH:
            self.tree.fault("syntax", _TOO_DEEP, self.place(event))
            raise _RefusedError
        self._refuse_references(event, path)
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.ScalarEvent):
            return plain_scalar(event.value) if event.implicit[0] else event.value
        return self._sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _record(self, event: Any, path: KeyPath) -> None:
        block = isinstance(event, yaml.CollectionStartEvent) and not event.flow_style
        empty = isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.value
        key = self.tree.keys.get(path)
        self.tree.places[path] = key if key and (block or empty) else self.place(event)

    def _refuse_references(self, event: Any, path: KeyPath) -> None:
        if getattr(event, "tag", None):
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            message = f"the tag '{tag}' is not read here: write the plain value"
            self.tree.fault("yaml", message, self.place(event), path)
        if event.anchor:
            self._refuse_reference(event, path)

    def _refuse_reference(self, event: Any, path: KeyPath) -> None:
        """Tell of an anchor or alias: once an object, however many there are."""
        told = self.references.get(path[:2])
        if told:
            self.tree.faults.append((path, told))
        else:
            message = "anchors and aliases (&name, *name) are not read here: write the value out"
            self.references[path[:2]] = self.tree.fault("yaml", message, self.place(event), path)

    def _sequence(self, path: KeyPath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return items

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            if key is None:
                self._beside(path)
            elif key in entries:
                self._refuse_repeated(event, (*path, key))
                self._beside(path)
            else:
                self.tree.keys[(*path, key)] = self.place(event)
                entries[key] = self.value(next(self.events), (*path, key))
        return entries

    def _refuse_repeated(self, event: Any, path: KeyPath) -> None:
        first = self.tree.keys[path]
        message = f"'{path[-1]}' is given twice: first on line {first.line}"
        self.tree.fault("duplicate-key", message, self.place(event), path)

    def _beside(self, path: KeyPath) -> None:
        """Read past a value that is not kept."""
        depth = 0
        for event in self.events:
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth + len(path) > _MAX_DEPTH:
                self.tree.fault("syntax", _TOO_DEEP, self.place(event))
                raise _RefusedError
            if not depth:
                return

    def _key(self, event: Any, path: KeyPath) -> str | None:
        """Return the key that `event` spells, or None (with a fault) where it is no text."""
        message = None
        if not isinstance(event, yaml.ScalarEvent):
            message = "a key must be text: quote text that begins with '{', '[' or '*'"
            self._past(event)
        elif event.implicit[0] and event.value == "<<":
            message = "merge keys (<<) are not read here: write the keys out"
        elif event.implicit[0] and not isinstance(plain_scalar(event.value), str):
            message = (
                f"a key must be text: write '{event.value}' in quotes" if event.value else "a key is missing"
            )
        if message:
            self.tree.fault("yaml", message, self.place(event), (*path, ""))
            return None
        return str(event.value)

    def _past(self, event: Any) -> None:
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            inner = next(self.events)
            depth += isinstance(inner, yaml.CollectionStartEvent)
            depth -= isinstance(inner, yaml.CollectionEndEvent)
