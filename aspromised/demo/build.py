"""Builds the demo workspace: records, declarations, and the truth about the stories planted in them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from aspromised.demo.anchors import last_full_month
from aspromised.demo.declarations import write_declarations
from aspromised.demo.records import last_day, write_records
from aspromised.demo.world import make_world


class Built(list[Path]):
    """The files written; `kept` are declarations left alone because someone had edited them."""

    def __init__(self, paths: list[Path], kept: list[Path]) -> None:
        super().__init__(paths)
        self.kept = kept


def build(
    root: Path,
    until: str | None = None,
    seed: int = 20,
    orders: int = 250_000,
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Write the demo company under `root`, 24 months ending with `until` ('YYYY-MM'); return what was written."""
    tell = progress or _silent
    world = make_world(until or last_full_month(date.today()), seed, orders, tell)
    data = root / "data"
    written = write_records(world, data, tell)
    as_of = data / "as-of.txt"
    as_of.write_text(last_day(world) + "\n", encoding="utf-8")
    tell("declarations")
    declared, kept = write_declarations(root, world.at)
    return Built([*written.paths, as_of, *declared], kept)


def _silent(_: str) -> None:
    """Say nothing."""
