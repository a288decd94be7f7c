"""Runs a notebook with Jupyter's meaning: one namespace, cells in order, each shows its last expression."""

import __future__

import ast
import io
import linecache
import tokenize
from collections.abc import Callable, Mapping
from types import CodeType, ModuleType
from typing import Any

from aspromised.display.failure import Failure
from aspromised.display.renderer import Renderer, present
from aspromised.display.show import rendering
from aspromised.display.things import Markdown
from aspromised.notebook.cells import Cell, Notebook
from aspromised.notebook.failure import failure

PARAMETERS = "parameters"
"""The tag of the cell whose literals a reader may change."""

_FUTURES = 0
for _name in __future__.all_feature_names:
    _FUTURES |= getattr(__future__, _name).compiler_flag


class Run:
    """A run of a notebook: its cells step by step in one namespace, and each failure with the cell it happened in.

    `overrides` take effect after the cell tagged `parameters` (before all cells where there is none). A cell that fails
    is shown as its error in its place and the next ones may still run; they may fail in turn.
    """

    def __init__(
        self, notebook: Notebook, renderer: Renderer, overrides: Mapping[str, Any] | None = None
    ) -> None:
        _register(notebook)
        self.notebook = notebook
        self.renderer = renderer
        self.overrides = overrides or {}
        self.namespace = _namespace(renderer)
        self.failures: list[tuple[Cell, Failure]] = []
        self._compiler = _Compiler()
        if not any(PARAMETERS in cell.tags for cell in notebook.cells):
            self.namespace.update(self.overrides)

    def step(self, number: int) -> bool:
        """Run one cell; return whether it went well."""
        cell = self.notebook.cells[number]
        failed = len(self.failures)
        with rendering(self.renderer):
            self._show(cell)
        if PARAMETERS in cell.tags:
            self.namespace.update(self.overrides)
        return len(self.failures) == failed

    def _show(self, cell: Cell) -> None:
        if cell.kind == "markdown":
            present(Markdown(cell.source), self.renderer)
            return
        try:
            present(_execute(cell, self.namespace, self._compiler), self.renderer)
        except (Exception, SystemExit) as error:  # a page goes on after any error, as Jupyter does
            told = failure(error, cell)
            self.failures.append((cell, told))
            self.renderer.error(told)


def run(notebook: Notebook, renderer: Renderer, overrides: Mapping[str, Any] | None = None) -> Run:
    """Run every cell of `notebook`, shown by `renderer`; return what is left when it ends."""
    done = Run(notebook, renderer, overrides)
    for number in range(len(notebook.cells)):
        done.step(number)
    return done


def _namespace(renderer: Renderer) -> dict[str, Any]:
    """A fresh `__main__`, whose `print` writes into the notebook: stdout belongs to every session at once."""
    module = ModuleType("__main__")
    module.__dict__["print"] = _printer(renderer)
    return module.__dict__


def _printer(renderer: Renderer) -> Callable[..., None]:
    def notebook_print(*values: object, file: Any = None, **options: Any) -> None:
        text = io.StringIO()
        print(*values, file=file or text, **options)
        if file is None:
            renderer.text(text.getvalue().removesuffix("\n"))

    return notebook_print


def _execute(cell: Cell, namespace: dict[str, Any], compiler: "_Compiler") -> Any:
    """Run one cell and return the value of its last expression, None where it shows nothing."""
    body, last = compiler.compile(cell)
    exec(body, namespace)
    if last is None:
        return None
    value = eval(last, namespace)
    namespace["_"] = value
    return value


class _Compiler:
    """Compiles cells so that tracebacks name the notebook's own lines; `from __future__` lasts, as in Jupyter."""

    def __init__(self) -> None:
        self.flags = 0

    def compile(self, cell: Cell) -> tuple[CodeType, CodeType | None]:
        source = "\n" * (cell.first_line - 1) + cell.source + "\n"
        tree = compile(source, cell.filename, "exec", self.flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        last = _shown(tree, cell.source)
        body = self._code(tree, cell.filename, "exec")
        self.flags |= body.co_flags & _FUTURES
        return body, self._code(ast.Expression(last), cell.filename, "eval") if last else None

    def _code(self, tree: Any, filename: str, mode: str) -> CodeType:
        code: CodeType = compile(tree, filename, mode, self.flags, dont_inherit=True)
        return code


def _shown(tree: Any, source: str) -> ast.expr | None:
    """Take the last expression out of `tree`, unless a semicolon keeps it quiet."""
    if not tree.body or not isinstance(tree.body[-1], ast.Expr) or _quiet(source):
        return None
    last: ast.Expr = tree.body.pop()
    return last.value


def _quiet(source: str) -> bool:
    """Whether the cell's last word is a semicolon."""
    skip = {
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.COMMENT,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    words = [
        token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type not in skip
    ]
    return bool(words) and words[-1].string == ";"


def _register(notebook: Notebook) -> None:
    """Tell `linecache` the lines that run: the file may change while the page is open."""
    files: dict[str, list[str]] = {}
    for cell in notebook.code:
        lines = files.setdefault(cell.filename, [])
        lines.extend(["\n"] * (cell.first_line - 1 - len(lines)))
        lines.extend(f"{line}\n" for line in cell.source.splitlines())
    for filename, lines in files.items():
        linecache.cache[filename] = (sum(map(len, lines)), None, lines, filename)
