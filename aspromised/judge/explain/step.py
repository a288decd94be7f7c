"""One thing that happened to an item, and steps in their order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby

from aspromised.words.figures import later_moment

MOST = 12
"""So many dated steps are told; what repeats beyond that is counted."""


@dataclass(frozen=True)
class StoryStep:
    """One thing that happened to an item, or was promised of it. `at` and `until` have the company's zone."""

    what: str
    at: datetime | None = None
    note: str = ""
    until: datetime | None = None
    seconds: float | None = None
    """How long it lasted, where it lasted."""
    kind: str = ""
    """What it repeats: "opening" or "pause"; nothing for what happens once."""

    def words(self, before: datetime | None, in_seconds: bool = False) -> str:
        """Return the step in words, after `before` was the moment named last."""
        said, notes = self.what, [self.note] if self.note else []
        if self.at and self.until:
            begun = later_moment(self.at, before, in_seconds)
            notes.insert(0, f"{begun}–{later_moment(self.until, self.at, in_seconds)}")
        elif self.at:
            said += f" {later_moment(self.at, before, in_seconds)}"
        return f"{said} ({', '.join(notes)})" if notes else said


def moment_of(us: int, zone: tzinfo) -> datetime:
    """Return an instant (µs UTC) as the wall clock of a zone shows it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)).astimezone(zone)


def steps_in_order(steps: Iterable[StoryStep]) -> list[StoryStep]:
    """Return steps by time, those without one first; at one moment, in the order given."""
    return sorted(steps, key=lambda step: (step.at is not None, step.at or datetime.min.replace(tzinfo=UTC)))


def summed_up(steps: Sequence[StoryStep], most: int = MOST) -> list[StoryStep]:
    """Return at most about `most` steps: of what repeats, the first and the last, and how many lie between.

    >>> [step.what for step in summed_up([StoryStep(f"opens {n}", kind="opening") for n in range(9)], 5)]
    ['opens 0', 'opens 1', '… 5 more openings and closings', 'opens 7', 'opens 8']
    """
    for kind, (one, many) in _REPEATED.items():
        if len(steps) > most:
            steps = _cut(steps, kind, one, many, max(4, most - sum(step.kind != kind for step in steps)))
    return list(steps)


_REPEATED = {"opening": ("opening or closing", "openings and closings"), "pause": ("pause", "pauses")}


def _cut(steps: Sequence[StoryStep], kind: str, one: str, many: str, room: int) -> list[StoryStep]:
    """Leave `room` steps of a kind, half of them the first, half the last; what was left out is counted where it was."""
    places = [place for place, step in enumerate(steps) if step.kind == kind]
    half = max(1, (room - 1) // 2)
    hidden = set(places[half : len(places) - half])
    if len(hidden) < 2:
        return list(steps)
    told: list[StoryStep] = []
    for is_hidden, run in groupby(enumerate(steps), lambda each: each[0] in hidden):
        kept = [step for _, step in run]
        told += [StoryStep(f"… {len(kept)} more {one if len(kept) == 1 else many}")] if is_hidden else kept
    return told


def story_lines(steps: Sequence[StoryStep]) -> list[str]:
    """Return each step in words, naming only what changes from moment to moment."""
    told, before = [], None
    in_seconds = _need_seconds([step.at for step in steps if step.at])
    for step in steps:
        told.append(step.words(before, in_seconds))
        before = step.until or step.at or before
    return told


def _need_seconds(moments: Sequence[datetime]) -> bool:
    """Return whether minutes would not do: all within two hours, or two of them in one minute."""
    exact = {moment for moment in moments if moment.microsecond != _LAST}
    exact |= {m + timedelta(microseconds=1) for m in moments if m.microsecond == _LAST}
    if not any(moment.second for moment in exact):
        return False
    minutes = {moment.replace(second=0, microsecond=0) for moment in exact}
    return len(minutes) < len(exact) or max(exact) - min(exact) < timedelta(hours=2)


_LAST = 999_999
