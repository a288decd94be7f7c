"""`show(thing)`: one way to say what is shown, whoever shows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aspromised.display import jupyter, plain
from aspromised.display.renderer import Renderer, present

_renderer: ContextVar[Renderer | None] = ContextVar("renderer", default=None)


@contextmanager
def rendering(renderer: Renderer) -> Iterator[None]:
    """Let `show` speak through `renderer` inside the block."""
    token = _renderer.set(renderer)
    try:
        yield
    finally:
        _renderer.reset(token)


def show(*things: Any) -> None:
    """Show each thing where the notebook is running: in the app, in Jupyter, on paper."""
    renderer = _renderer.get() or _outside()
    for thing in things:
        present(thing, renderer)


def _outside() -> Renderer:
    """Jupyter's display; print where there is no Jupyter either."""
    return jupyter.renderer() if jupyter.shell() else plain.PlainRenderer()
