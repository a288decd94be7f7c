"""What a file's tree knows of each object in it, gathered once however many objects there are."""

from dataclasses import dataclass, field

from aspromised.declare.objects import SINGLE
from aspromised.declare.workspace import KeyPath
from aspromised.declare.yaml.tree import Tree
from aspromised.words.problems import Place, Problem


@dataclass
class OfObject:
    """The places of one object's values and keys, and the faults of its YAML."""

    places: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    faults: list[tuple[KeyPath, Problem]] = field(default_factory=list)
    lost: set[KeyPath] = field(default_factory=set)
    """The values that could not be read: what is wrong with them has been told."""

    def explains(self, path: KeyPath) -> bool:
        """Return whether a fault of the YAML already explains what is wrong at `path`."""
        return any(path[:length] in self.lost for length in range(len(path) + 1))


def by_object(tree: Tree) -> dict[KeyPath, OfObject]:
    """Return what `tree` knows of each object, by the way to it."""
    found: dict[KeyPath, OfObject] = {}
    for path, place in tree.places.items():
        found.setdefault(_object(path), OfObject()).places[path] = place
    for path, place in tree.keys.items():
        found.setdefault(_object(path), OfObject()).keys[path] = place
    for path, problem in tree.faults:
        of = found.setdefault(_object(path), OfObject())
        of.faults.append((path, problem))
        if problem.code != "duplicate-key":
            of.lost.add(path)
    return found


def _object(path: KeyPath) -> KeyPath:
    return path[:1] if path and path[0] in SINGLE else path[:2]
