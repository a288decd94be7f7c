"""What each cell of a notebook depends on: which cells before it, and which names they read.

Read off the source, so it errs towards more: what may be changed by a cell counts as changed by it. A name is changed where
it is assigned, where something of it is (`x.a = 1`, `x[0] = 1`), where it is given to a function that is not ours, iterated
over, or asked by a method that changes it; and whatever it was made from is then changed with it. Our own functions and the
few builtins of `_LOOKING` change nothing. A notebook that looks up names at run time is one whole.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from aspromised.notebook.cells import Cell, Notebook

_OURS = "aspromised"
_LOOKING = frozenset(
    [
        "abs",
        "bool",
        "float",
        "format",
        "getattr",
        "hasattr",
        "int",
        "isinstance",
        "len",
        "print",
        "range",
        "repr",
        "round",
        "str",
        "type",
    ]
)
_CHANGING = frozenset(
    [
        "add",
        "append",
        "appendleft",
        "clear",
        "difference_update",
        "discard",
        "extend",
        "insert",
        "intersection_update",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "reverse",
        "send",
        "setdefault",
        "sort",
        "symmetric_difference_update",
        "update",
        "write",
    ]
)
_IN_PLACE = (None, "inplace")
_AT_RUN_TIME = frozenset(
    ["__builtins__", "__import__", "delattr", "eval", "exec", "globals", "locals", "setattr", "vars"]
)
_EVERYTHING = frozenset({"*"})


@dataclass(frozen=True)
class Dependence:
    """What one cell depends on: `cells` before it, all of them in order, and the `names` it and they read."""

    cells: tuple[int, ...]
    names: frozenset[str]

    def reads(self, name: str) -> bool:
        """Return whether what the cell shows may depend on a name, such as a parameter's."""
        return name in self.names or self.names is _EVERYTHING


@dataclass
class _Uses:
    """Names of one cell: those it reads, those it binds, and those whose values it may change."""

    read: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)


@lru_cache(maxsize=64)
def dependences(notebook: Notebook) -> tuple[Dependence, ...]:
    """Return what each cell of `notebook` depends on, one a cell."""
    try:
        uses = _Reader().uses(notebook.cells)
    except (_WholeError, SyntaxError):
        return tuple(Dependence(tuple(range(number)), _EVERYTHING) for number in range(len(notebook.cells)))
    found: list[Dependence] = []
    for number, use in enumerate(uses):
        near = [each for each in range(number) if (uses[each].bound | uses[each].changed) & use.read]
        cells = sorted({*near, *(far for each in near for far in found[each].cells)})
        found.append(
            Dependence(tuple(cells), frozenset(use.read.union(*(uses[each].read for each in cells))))
        )
    return tuple(found)


class _WholeError(Exception):
    """Nobody can tell from its source what this notebook reads."""


class _Reader:
    """Reads cells in order; what was imported, and what was made from what, lasts from cell to cell."""

    def __init__(self) -> None:
        self.ours: set[str] = set()
        self.packages: dict[str, str] = {}
        self.made_from: dict[str, set[str]] = {}

    def uses(self, cells: Iterable[Cell]) -> list[_Uses]:
        """Return the names of each cell; text has none."""
        return [self._uses(cell) if cell.kind == "code" else _Uses() for cell in cells]

    def _uses(self, cell: Cell) -> _Uses:
        use = _Uses(bound={"_"})
        for statement in ast.parse(cell.source).body:
            for node in ast.walk(statement):
                self._import(node)
            self._made(statement)
            for node in ast.walk(statement):
                self._node(node, use)
        use.read |= _reached(use.read, self.made_from)
        use.changed |= _reached(use.changed, self.made_from)
        use.changed |= _reached(use.changed, _turned(self.made_from))
        return use

    def _import(self, node: ast.AST) -> None:
        if isinstance(node, ast.ImportFrom):
            if node.module == "__future__" or any(each.name == "*" for each in node.names):
                raise _WholeError
            for each in node.names:
                self._imported(each.asname or each.name, "." if node.level else node.module or "")
        elif isinstance(node, ast.Import):
            for each in node.names:
                self._imported(each.asname or each.name.partition(".")[0], each.name)

    def _imported(self, name: str, module: str) -> None:
        package = module.partition(".")[0]
        self._forget(name)
        if package == _OURS:
            self.ours.add(name)
        else:
            self.packages[name] = f"package {package}"

    def _forget(self, name: str) -> None:
        self.ours.discard(name)
        self.packages.pop(name, None)

    def _made(self, statement: ast.stmt) -> None:
        """Note that whatever a statement binds may hold on to whatever it reads."""
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return
        read = self._names(statement)
        for name in set(_bound(statement)):
            self._forget(name)
            self.made_from.setdefault(name, set()).update(read)

    def _names(self, node: ast.AST) -> set[str]:
        """Return the names within `node` whose values may change; a package is one value."""
        named = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        own = {name for name in named if name in self.made_from or not hasattr(builtins, name)}
        return {self.packages.get(name, name) for name in own - self.ours}

    def _node(self, node: ast.AST, use: _Uses) -> None:
        use.bound |= set(_bound_by(node))
        match node:
            case ast.Global() | ast.Nonlocal():
                raise _WholeError
            case ast.Name(id=name) if name in _AT_RUN_TIME:
                raise _WholeError
            case ast.Name(id=name, ctx=ast.Load()):
                use.read |= {name, self.packages.get(name, name)}
            case ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()):
                pass
            case ast.Attribute() | ast.Subscript():
                use.changed |= self._names(node)
            case ast.AugAssign(target=target):
                use.read |= self._names(target)
                use.changed |= self._names(target)
            case ast.For(iter=walked) | ast.AsyncFor(iter=walked) | ast.comprehension(iter=walked):
                use.changed |= self._names(walked)
            case ast.Starred(value=walked) | ast.YieldFrom(value=walked):
                use.changed |= self._names(walked)
            case ast.Call():
                use.changed |= self._changed_by(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=asked)) as call) if not self._is_ours(call):
                use.changed |= self._names(asked)  # nobody looks at the answer: it was asked for its effect

    def _changed_by(self, call: ast.Call) -> set[str]:
        root = _root(call)
        if self._is_ours(call) or (root in _LOOKING and root not in self.made_from):
            return set()
        if isinstance(call.func, ast.Attribute) and root not in self.packages:
            is_changing = call.func.attr in _CHANGING or any(each.arg in _IN_PLACE for each in call.keywords)
            return self._names(call) if is_changing else set()
        return self._names(call)

    def _is_ours(self, call: ast.Call) -> bool:
        return _root(call) in self.ours


def _root(node: ast.AST) -> str:
    """Return the name that a call begins with, "" where it begins with something else."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bound(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        yield from _bound_by(each)


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import() | ast.ImportFrom():
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def _reached(names: Iterable[str], steps: Mapping[str, set[str]]) -> set[str]:
    """Return what is reached from `names` in any number of steps."""
    found: set[str] = set()
    left = list(names)
    while left:
        more = steps.get(left.pop(), set()) - found
        found |= more
        left.extend(more)
    return found


def _turned(steps: Mapping[str, set[str]]) -> dict[str, set[str]]:
    turned: dict[str, set[str]] = {}
    for name, sources in steps.items():
        for source in sources:
            turned.setdefault(source, set()).add(name)
    return turned
