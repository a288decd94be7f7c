"""Builds the demo workspace: records, declarations, and the truth about the stories planted in them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from aspromised.demo.anchors import last_full_month
from aspromised.demo.company.world import make_world
from aspromised.demo.declarations import write_declarations
from aspromised.demo.export.files import story_json
from aspromised.demo.export.records import write_records
from aspromised.demo.truth.prose import stories_markdown
from aspromised.demo.truth.tell import Truth, truth
from aspromised.words.whole import write_all


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
    tell("counting the truth")
    told = _tell_the_truth(data, truth(world, written))
    tell("declarations")
    declared, kept = write_declarations(root, world.at)
    return Built([*written.paths, *told, *declared], kept)


def _tell_the_truth(data: Path, found: Truth) -> list[Path]:
    """Write the day covered and the stories with their sizes; return the files."""
    texts = {
        "as-of.txt": found["as_of_day"] + "\n",
        "stories.json": story_json(found),
        "STORIES.md": stories_markdown(found),
    }
    write_all({data / name: text for name, text in texts.items()})
    return [data / name for name in texts]


def _silent(_: str) -> None:
    """Say nothing."""
