"""What happened on an item's clock, step by step in order of time, and how far it ran."""

from dataclasses import dataclass
from datetime import date

from aspromised.declare.model import ClockMeasure, ItemLength, PromiseInForce, TermsLength
from aspromised.declare.rules.clock import limit_unit, limit_words
from aspromised.declare.workspace import Workspace
from aspromised.judge.explain.opening import clock_changes, openings
from aspromised.judge.explain.step import StoryStep, moment_of, steps_in_order, summed_up
from aspromised.judge.explain.trace import PauseSeen, TraceRow, is_open_day, opening_moments, pauses, sold
from aspromised.judge.planning.plan import Ground, Plan
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.sql.engine import Engine
from aspromised.words.figures import day, duration, open_hours_words


@dataclass(frozen=True)
class ClockRun:
    """How far a clock ran, in seconds on its own ground and on the wall; `left` is negative where it is over."""

    limit: str
    is_business: bool
    elapsed: float | None
    of: float | None
    wall_elapsed: float | None
    wall_left: float | None

    @property
    def left(self) -> float | None:
        """What is left on its own clock; on the wall where the promise has no length of its own."""
        return self.wall_left if self.of is None or self.elapsed is None else round(self.of - self.elapsed, 6)

    @property
    def is_over(self) -> bool:
        """Whether it ran out: due is a moment on the wall, so also while its own clock stands still."""
        return (self.left or 0) < 0 or (self.wall_left or 0) < 0

    def own(self, seconds: float) -> str:
        """Return a length on its own clock in words."""
        return open_hours_words(seconds) if self.is_business else duration(seconds)

    def told(self, seconds: float, wall: float | None, word: str = "") -> str:
        """Return a length on its own clock and, where that differs, on the wall: "2 h left, 18 h on the wall"."""
        own = f"{self.own(seconds)} {word}".strip()
        differs = wall is not None and abs(wall - seconds) >= 1
        return f"{own}, {duration(wall)} on the wall" if differs else own

    def told_left(self, word: str = "") -> str:
        """Return what is left or over, without its sign; over only while the place is closed, as that."""
        wall = None if self.wall_left is None else abs(self.wall_left)
        if self.is_over and wall and wall >= 1 > abs(self.left or 0.0):
            return f"{duration(wall)} {word} on the wall, outside opening hours".replace("  ", " ")
        return self.told(abs(self.left or 0.0), wall, word)

    @property
    def sentence(self) -> str:
        """Elapsed and left side by side: "2 h 10 min of 4 business hours, 18 h on the wall; 1 h 50 min left"."""
        said = []
        if self.elapsed is not None:
            said.append(self.told(self.elapsed, self.wall_elapsed, f"of {self._of}"))
        if self.left is not None:
            said.append(self.told_left("over" if self.is_over else "left"))
        return "; ".join(said)

    @property
    def _of(self) -> str:
        plain = not self.limit.startswith(("by ", "less than ")) and not self.limit.endswith(("days", "day"))
        if plain or self.of is None:
            return self.limit
        return f"{self.own(self.of)} ({self.limit})"


def clock_steps(
    con: Engine, workspace: Workspace, plan: Plan, as_of: AsOf, row: TraceRow
) -> tuple[list[StoryStep], ClockRun]:
    """Return the steps of an item's clock in order of time, and how far it ran."""
    standing = plan.standings[row["version"] - 1]
    measure = standing.measure
    assert isinstance(measure, ClockMeasure), "asked of clocks only"
    ground = plan.ground_of(measure)
    seen = pauses(con, plan, as_of, str(row["item_id"]), ground)
    limit = limit_of(measure, row)
    steps = [
        *_started(con, workspace, measure, ground, row),
        *_of_calendar(con, workspace, ground, row),
        *(_paused(pause, workspace, ground, as_of) for pause in seen),
        *_changes(workspace, row),
        *_ended(workspace, row, as_of),
    ]
    if row["due"] is not None:
        steps.append(StoryStep("due", moment_of(row["due"], workspace.timezone), limit))
    return summed_up(steps_in_order(steps)), _run(standing, limit, row)


def limit_of(measure: ClockMeasure, row: TraceRow) -> str:
    """Return the limit in words, with the number where it came from the item or from what was sold."""
    length = measure.within or measure.less_than
    words = limit_words(measure) or ""
    if isinstance(length, ItemLength):
        number, source = row.get(f"length_{length.column}"), f"its {length.column}"
    elif isinstance(length, TermsLength):
        number, source = row.get("sold_length"), "as sold"
    else:
        return words
    if number is None:
        return words
    said = f"{number:g} {length.unit[:-1] if number == 1 else length.unit}"
    return f"{'less than ' if measure.less_than else ''}{said}, {source}"


def sold_steps(con: Engine, workspace: Workspace, plan: Plan, as_of: AsOf, row: TraceRow) -> list[StoryStep]:
    """Return what was sold to the item's customer, by whom and when."""
    terms = sold(con, plan, as_of, str(row["item_id"])) if plan.terms else None
    if terms is None or plan.terms is None:
        return []
    begins = day(moment_of(terms["sold_from"], workspace.timezone).date())
    ends = terms["sold_until"]
    until = f" until {day(moment_of(ends - 1, workspace.timezone).date())}" if ends is not None else ""
    by = f" by {terms['sold_by']}" if terms["sold_by"] else ""
    on = f" on {_as_day(terms['sold_on'])}" if terms["sold_on"] else ""
    number = f"{terms['number']:g} {plan.terms.unit}"
    return [StoryStep(f"sold to {row['bought_by']}{by}{on}: {number}, valid from {begins}{until}")]


def _as_day(text: str) -> str:
    """Return a day or moment as text in words, and text that is neither as it is."""
    try:
        return day(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def _started(
    con: Engine, workspace: Workspace, measure: ClockMeasure, ground: Ground, row: TraceRow
) -> list[StoryStep]:
    if row["started"] is None:
        return []
    steps = [StoryStep("started", moment_of(row["started"], workspace.timezone))]
    if row["clock_at"] is None or not measure.cut_off:
        return steps
    by_days = not ground.is_wall and limit_unit(measure) == "business days"
    if by_days and not is_open_day(con, ground, row["started"]):
        why = f"{ground.calendar} is closed that day"
    elif row["clock_at"] > row["started"]:
        zone = workspace.calendars[measure.calendar].timezone if ground.suffix and measure.calendar else None
        why = f"after the cut-off of {measure.cut_off}{f' ({zone})' if zone else ''}"
    else:
        return steps
    from_ = moment_of(_counts_from(con, ground, row), workspace.timezone)
    return [*steps, StoryStep(f"{why}: counts from", from_)]


def _counts_from(con: Engine, ground: Ground, row: TraceRow) -> int:
    """Return when the clock can first run: at its start, or where the place is closed then, at its next opening."""
    if ground.is_wall or row["due"] is None:
        return int(row["clock_at"])
    changes = opening_moments(con, ground, row["clock_at"] - 1, row["due"] + 1)
    return next((us for us, opens in changes[:1] if opens), int(row["clock_at"]))


def _of_calendar(con: Engine, workspace: Workspace, ground: Ground, row: TraceRow) -> list[StoryStep]:
    """Return when the place opens and closes, from the clock's start until it is due."""
    if row["clock_at"] is None or row["due"] is None:
        return []
    return openings(con, workspace, ground, row["clock_at"], row["due"])


def _paused(pause: PauseSeen, workspace: Workspace, ground: Ground, as_of: AsOf) -> StoryStep:
    begins, ends = (moment_of(us, workspace.timezone) for us in (pause.from_us, pause.to_us))
    seconds = (pause.to_us - pause.from_us) / 1_000_000
    notes = [f"{pause.parts} pauses that overlap"] if pause.parts > 1 else []
    if not pause.counts:
        notes.append("not counted: the clock had run out")
    elif not ground.is_wall and pause.covered_us < pause.to_us - pause.from_us:
        covered = open_hours_words(pause.covered_us / 1_000_000) if pause.covered_us else "none"
        notes.append(f"{covered} of it in opening hours")
    lasts = pause.to_us == as_of.moment_us
    what = f"paused {duration(seconds)} so far, since" if lasts else f"paused {duration(seconds)}"
    return StoryStep(what, begins, ", ".join(notes), None if lasts else ends, seconds, "pause")


def _changes(workspace: Workspace, row: TraceRow) -> list[StoryStep]:
    if row["started"] is None or row["due"] is None:
        return []
    from_, until = (moment_of(us, workspace.timezone) for us in (row["started"], row["due"]))
    return clock_changes(workspace.timezone, from_, until) if (until - from_).days < 400 else []


def _ended(workspace: Workspace, row: TraceRow, as_of: AsOf) -> list[StoryStep]:
    steps = []
    if row["cancelled"] is not None:
        steps.append(StoryStep("cancelled", moment_of(row["cancelled"], workspace.timezone)))
    if row["done"] is not None:
        steps.append(StoryStep("done", moment_of(row["done"], workspace.timezone)))
    elif row["cancelled"] is None:
        steps.append(StoryStep("not done by", moment_of(as_of.moment_us, workspace.timezone)))
    return steps


def _run(standing: PromiseInForce, limit: str, row: TraceRow) -> ClockRun:
    def seconds(us: int | None) -> float | None:
        return None if us is None else us / 1_000_000

    assert isinstance(standing.measure, ClockMeasure)
    started, due, ends = row["started"], row["due"], row["ends_at"]
    return ClockRun(
        limit,
        (limit_unit(standing.measure) or "").startswith("business"),
        seconds(row["elapsed_us"]),
        seconds(row["limit_us"]),
        seconds(None if started is None else ends - started),
        seconds(None if due is None else due - ends),
    )
