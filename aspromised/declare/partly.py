"""What can be read of an object with faults, so that one run of `check` tells what several would tell one after the other.

What is wrong gives way to a value that fits. Nothing may be told of that, nor of what follows from it: so there are two
readings, with values as unlike as can be, and a problem is told where both have it (`told_of_all`).
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from aspromised.declare.model import Declared
from aspromised.declare.objects import SINGLE, read_object
from aspromised.declare.rules.timezones import unknown_timezone
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.declare.yaml.explain import Fault
from aspromised.words.problems import Problem

_MOST_FAULTS = 20
_MOST_VALUES = 1_000
"""What has more was made to hurt, and is not read in part."""
_ROUNDS = 8
"""So many times a value that stands in may show another fault, as a mapping does whose keys are missing."""

_ABSENT = object()
_STAND_INS: tuple[tuple[Any, ...], tuple[Any, ...]] = (
    (_ABSENT, "1 second", "hours", "1%", "1 point", "2000-01-01", "01:00", "week", "always", True, 1, [], {}),
    ("2 days", "weeks", "99%", "2 points", "2099-12-31", "23:00", "month", False, 1000, {}, [], _ABSENT),
)
"""A value of each kind that authors write, for either reading; the first that fits is taken."""


@dataclass
class Read:
    """What was read of an object, all ways from its top: `meant` are keys by what was written for them."""

    readings: tuple[Declared, Declared]
    unknown: set[KeyPath]
    meant: dict[KeyPath, KeyPath]
    faults: list[Fault]
    """What is wrong with the values of misspelt keys, at the ways as they are written."""


def read_partly(kind: str, value: Any) -> Read | None:
    """Return what can be read of the object that `value` declares with faults, None where there is too little to read."""
    if not isinstance(value, dict) or _size(value) > _MOST_VALUES:
        return None
    first, second = (_Reading(kind, deepcopy(value), number) for number in (0, 1))
    one, other = first.read(), second.read()
    if one is None or other is None:
        return None
    return Read((one, other), first.unknown | second.unknown, first.meant, first.faults)


def _size(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_size, inside))


@dataclass
class _Reading:
    """One of the readings of an object."""

    kind: str
    value: dict[str, Any]
    number: int
    unknown: set[KeyPath] = field(default_factory=set)
    meant: dict[KeyPath, KeyPath] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Declared | None:
        for _ in range(_ROUNDS):
            found, faults = read_object(self.kind, self.value)
            if found is not None:
                return found
            if len(faults) > _MOST_FAULTS:
                return None
            self.faults += [said for fault in faults if (said := self._as_written(fault))]
            self._mend_all(faults)
        return None

    def _mend_all(self, faults: list[Fault]) -> None:
        before = set(self.unknown)
        for fault in faults:
            just = self.unknown - before
            if not any(fault.path[: len(way)] == way for way in just):  # another value stands there by now
                self._mend(fault)

    def _as_written(self, fault: Fault) -> Fault | None:
        """Return a fault that only the key that was meant brought to light."""
        written = next((way for way in self.meant if fault.path[: len(way)] == way), None)
        if written is None or fault.path in self.unknown:
            return None
        return replace(fault, path=self.meant[written] + fault.path[len(written) :])

    def _mend(self, fault: Fault) -> None:
        if fault.code == "unknown-key":
            self._respell(fault)
        elif fault.code == "no-kind":
            self._tell_kind()
        elif fault.code == "missing-key":
            self._stand_in((*fault.path, fault.key), fault)
        else:
            self._stand_in(fault.path, fault)

    def _respell(self, fault: Fault) -> None:
        around, key = self._around(fault.path)
        value = around.pop(key, None) if isinstance(around, dict) else None
        if isinstance(around, dict) and fault.key and fault.key not in around:
            around[fault.key] = value
            self.meant[(*fault.path[:-1], fault.key)] = fault.path

    def _tell_kind(self) -> None:
        """Let a measure without a kind be a check in one reading and a clock in the other."""
        key, value = (("kept_when", "true"), ("by", "2 days"))[self.number]
        self.value["measure"][key] = value
        self.unknown.add(("measure", key))

    def _stand_in(self, path: KeyPath, fault: Fault) -> None:
        if not path:
            return  # it is no mapping at all
        self.unknown.add(path)
        choices = fault.choices[:1] if self.number == 0 else fault.choices[-1:]
        around, key = self._around(path)
        for stand_in in (*choices, *_STAND_INS[self.number]):
            if stand_in is not _ABSENT:
                around[key] = deepcopy(stand_in)
            elif isinstance(around, dict):
                around.pop(key, None)
            else:
                continue  # what comes after it would stand in another place
            if self._fits(path):
                return

    def _fits(self, path: KeyPath) -> bool:
        _, faults = read_object(self.kind, self.value)
        missing = [(*each.path, each.key) for each in faults if each.code == "missing-key"]
        wrong = [each.path for each in faults if each.code in ("wrong-type", "bad-value")]
        return path not in (*missing, *wrong)

    def _around(self, path: KeyPath) -> tuple[Any, Any]:
        """Return the mapping or list that holds the value at `path`, and its key there."""
        around: Any = self.value
        for part in path[:-1]:
            around = around[part]
        return around, path[-1]


def readings(workspace: Workspace) -> list[Workspace]:
    """Return the workspace with what could be read in part: itself alone where everything could be read."""
    if not workspace.partly:
        return [workspace]
    return [_reading(workspace, number) for number in (0, 1)]


def _reading(workspace: Workspace, number: int) -> Workspace:
    changed: dict[str, Any] = {}
    for at, partly in workspace.partly.items():
        kind, found = str(at[0]), partly.readings[number]
        if kind in SINGLE:
            changed[kind] = found
        else:
            changed.setdefault(kind, dict(getattr(workspace, kind)))[at[1]] = found
    if (company := changed.get("company")) and unknown_timezone(company.timezone):
        changed["company"] = company.model_copy(update={"timezone": "UTC"})
    return replace(workspace, **changed)


def told_of_all(workspace: Workspace, find: Callable[[Workspace], Iterable[Problem]]) -> list[Problem]:
    """Return the problems that `find` finds however the workspace is read, but of what stands in for something."""
    found = [list(find(each)) for each in readings(workspace)]
    common = [problem for problem in found[0] if all(problem in others for others in found[1:])]
    return [problem for problem in common if not workspace.stands_in(problem.at)]
