"""Which items a question is about: a promise over a window, whole or inside one value of a segment."""

from dataclasses import dataclass

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.schema.snapshot import segment_column
from aspromised.words.vocabulary import NONE_VALUE, WHOLE


@dataclass(frozen=True)
class Scope:
    """Items of `promise_id` over `window`, all of them or those whose `segment` has `value`."""

    promise_id: str
    window: Window
    segment: str = ""
    value: str = ""

    @property
    def is_part(self) -> bool:
        """Whether only one value of a segment is looked at."""
        return bool(self.segment and self.value)

    @property
    def of_items(self) -> str:
        """SQL over tables with a column a segment (`verdict_cell`, `item`), but for the window."""
        part = f" and {segment_value(self.segment)} = $value" if self.is_part else ""
        return f"promise_id = $promise{part}"

    @property
    def of_item_parameters(self) -> dict[str, object]:
        """The named parameters of `of_items`."""
        return {"promise": self.promise_id, **({"value": self.value} if self.is_part else {})}

    @property
    def of_daily(self) -> str:
        """SQL over tables by segment and value (`verdict_daily`, `lateness_daily`), with the window."""
        return (
            f"promise_id = $promise and segment = $segment and coalesce(value, '{NONE_VALUE}') = $value"
            f" and {self.window.condition}"
        )

    @property
    def of_daily_parameters(self) -> dict[str, object]:
        """The named parameters of `of_daily`."""
        segment, value = (self.segment, self.value) if self.is_part else (WHOLE, WHOLE)
        return {"promise": self.promise_id, "segment": segment, "value": value, **self.window.parameters}


def segment_value(segment: str) -> str:
    """Return SQL for a segment's value in a table with a column a segment.

    >>> segment_value("region"), segment_value("reason")
    ('coalesce("region", \\'(none)\\')', 'coalesce("reason_", \\'(none)\\')')
    """
    name = segment_column(segment).replace('"', '""')
    return f"coalesce(\"{name}\", '{NONE_VALUE}')"


def segments_of(snapshot: Queryable, promise_id: str) -> list[str]:
    """Return the segments a promise declares, in the order of their declaration."""
    every = snapshot.query("select promise_id, segments from promise")
    found = every.loc[every["promise_id"] == promise_id, "segments"]
    return list(found.iloc[0]) if len(found) and found.iloc[0] is not None else []


def part_name(segment: str, value: str) -> str:
    """Return a segment's value as a reader says it.

    >>> part_name("picker_tenure", "under 3 months"), part_name("region", "(none)")
    ('picker tenure under 3 months', 'no region')
    """
    name = segment.replace("_", " ")
    return f"no {name}" if value == NONE_VALUE else f"{name} {value}"
