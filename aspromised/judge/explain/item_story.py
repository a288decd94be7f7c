"""The story of one item: each step of its clock in order of time, or what decided, and the verdict it led to."""

from dataclasses import dataclass, field
from datetime import date, datetime

from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import LocalDays
from aspromised.judge.explain.decisive import check_steps, count_steps, exempt_steps, repeat_steps
from aspromised.judge.explain.step import StoryStep, story_lines
from aspromised.judge.explain.timeline import ClockRun, clock_steps, sold_steps
from aspromised.judge.explain.trace import count_rows, counted_day, trace
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.kinds.seen import seen
from aspromised.judge.planning.plan import Plan
from aspromised.judge.run import plan_promise
from aspromised.judge.verdicts.verdict import NOT_PROMISED, AsOf
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, quoted, render
from aspromised.words.figures import day as day_words
from aspromised.words.figures import target as target_words
from aspromised.words.problems import AsPromisedError, MisuseError


@dataclass(frozen=True)
class Story:
    """What was promised of an item, what happened, and what that makes it."""

    promise_id: str
    item_id: str
    as_of: datetime
    verdict: str
    reason: str | None
    day: date | None
    version: int
    promised: tuple[StoryStep, ...]
    """What was promised: the claim in force, and what was sold to this customer."""
    steps: tuple[StoryStep, ...]
    """What happened, in order of time."""
    segments: dict[str, str] = field(default_factory=dict)
    run: ClockRun | None = None
    """How far its clock ran; None where it has none."""

    @property
    def lines(self) -> list[str]:
        """What was promised and each step in words, a line each."""
        return [*story_lines(self.promised), *story_lines(self.steps)]

    @property
    def in_one_line(self) -> str:
        """The steps and the verdict in one line: "started Fri … · shop closes 18:00 · … : broken by 11 min"."""
        return f"{' · '.join(story_lines(self.steps))}: {self.sentence}"

    @property
    def sentence(self) -> str:
        """The verdict in words: "broken by 11 min: done late"."""
        run, because = self.run, f": {self.reason}" if self.reason else ""
        if run is None or run.left is None:
            return f"{self.verdict}{because}"
        if self.verdict == "broken" and (run.wall_left or 0) < 0:
            by = f" by {run.told_left()}" if abs(run.wall_left or 0) >= 1 else ", by less than a second"
            return f"broken{by}{because}"
        if self.verdict == "open":
            return f"open: {run.told_left('left')}"
        if self.verdict == "kept" and run.left > 0:
            return f"kept, with {run.told_left('to spare')}"
        return f"{self.verdict}{because}"


def tell_story(con: Engine, workspace: Workspace, promise_id: str, item_id: str, as_of: datetime) -> Story:
    """Return the story of an item as of a moment; AsPromisedError says why there is none.

    Where a promise is judged by counts, an item is a day.
    """
    plan, moment = plan_promise(con, workspace, promise_id, as_of)
    _define_days(con, moment.days)
    kind = kind_of(plan)
    if not kind.has_items:
        return _story_of_counts(con, plan, moment, item_id, as_of)
    row = trace(con, plan, moment, item_id)
    if row is None:
        raise _no_story(con, plan, moment, item_id)
    is_promised = row["verdict"] != NOT_PROMISED
    run, promised = None, [_claim(plan, row["version"])] if is_promised else []
    if kind.has_clock:
        promised += sold_steps(con, workspace, plan, moment, row)
        steps, run = clock_steps(con, workspace, plan, moment, row)
    elif kind.matter:
        steps = repeat_steps(con, workspace, plan, moment, row)
    else:
        steps = check_steps(con, workspace, plan, row)
    steps += exempt_steps(workspace, plan, row)
    segments = {name: row[f"segment {n}"] for n, name in enumerate(plan.segments)}
    reason = row["reason"] if is_promised else _why_not(plan, row["day"])
    about = (row["verdict"], reason, row["day"], row["version"], tuple(promised), tuple(steps))
    return Story(promise_id, item_id, as_of, *about, segments, run if is_promised else None)


def _why_not(plan: Plan, day: date) -> str:
    """Why nothing was promised of an item whose version goes by the day."""
    first = plan.standings[0].from_
    if first and day < first:
        return f"started before the first version, from {day_words(first)}"
    return "nothing was sold to this customer then"


def _define_days(con: Engine, days: LocalDays) -> None:
    for statement in days.macros():
        con.run(statement)


def _claim(plan: Plan, version: int) -> StoryStep:
    standing = plan.standings[version - 1]
    since = f", as promised from {day_words(standing.from_)}" if standing.from_ else ""
    if len(plan.standings) > 1:
        since += f" (version {version} of {len(plan.standings)})"
    return StoryStep(f"promised: “{standing.claim}”, target {target_words(standing.target)}{since}")


def _story_of_counts(con: Engine, plan: Plan, moment: AsOf, item_id: str, as_of: datetime) -> Story:
    """Return what the counts of a day add up to, and the rows they come from."""
    try:
        day = date.fromisoformat(item_id)
    except ValueError:
        known = counted_day(con, plan, moment)
        example = f", as in --item {known}" if known else ""
        raise MisuseError(
            f"'{plan.promise_id}' is judged by counts already added up: name a day{example}"
        ) from None
    rows = count_rows(con, plan, moment, day)
    if not rows:
        near = counted_day(con, plan, moment, day)
        raise MisuseError(
            f"there are no counts of {day_words(day)}"
            + (f"; the nearest are of --item {near}" if near else "")
        )
    version = int(rows[0]["version"])
    steps, reason = count_steps(plan, rows)
    return Story(plan.promise_id, item_id, as_of, "counted", reason, day, version, (_claim(plan, version),), tuple(steps))  # fmt: skip


def _no_story(con: Engine, plan: Plan, moment: AsOf, item_id: str) -> AsPromisedError:
    """Return the error that says why an id has no verdict: not in the data, not covered, or not there yet at that moment."""
    column = quoted(getattr(plan.measure, "id", "")).sql(dialect="duckdb")
    query = f"select count(*) from source.{identifier(plan.source)} where cast({column} as varchar) = ?"
    if not con.run(query, [item_id])[0][0]:
        near = _nearest(con, plan, column, item_id) or " It may have been set aside: see Data health"
        where = f"in the column '{getattr(plan.measure, 'id', '')}' of the source '{plan.source}'"
        return MisuseError(f"there is no item '{item_id}' {where}.{near}")
    if plan.only is not None:
        only = render(seen(plan, plan.only, moment.moment_us), pretty=False)
        covered = f"{query} and ({only})"
        if not con.run(covered, [item_id])[0][0]:
            return AsPromisedError(f"'{item_id}' is not covered by this promise: only {plan.measure.only}")
    return AsPromisedError(f"'{item_id}' had not started at that moment")


_SAME = (
    r"regexp_replace(regexp_replace(lower({}), '[\s_./#:-]+', '', 'g'), '(^|[^0-9])0+([0-9])', '\1\2', 'g')"
)
"""What two ways of writing one id have in common: no case, spaces, signs between its parts, nor zeros that lead a number."""
_DIGITS = r"ltrim(regexp_replace({}, '[^0-9]+', '', 'g'), '0')"
_LOOKED_AT = 1_000_000
"""So many rows are looked at for an id that comes near."""


def _nearest(con: Engine, plan: Plan, column: str, item_id: str) -> str:
    """Return " Did you mean 'x'?" for an id that is written otherwise, or is one or two slips away; "" where there is none."""
    same = f"{_SAME.format('id')} = {_SAME.format('$1')}"
    digits = f"({_DIGITS.format('$1')} <> '' and {_DIGITS.format('id')} = {_DIGITS.format('$1')})"
    slips = "case when abs(length(id) - length($1)) <= 2 then damerau_levenshtein(id, $1) end"
    found = con.run(
        f"select id, {same} as is_same, {digits} as has_same_digits, {slips} as slips"
        f" from (select cast({column} as varchar) as id from source.{identifier(plan.source)} limit {_LOOKED_AT})"
        " where is_same or has_same_digits or slips <= least(2, length($1) // 3)"
        " order by is_same desc, has_same_digits desc, slips, id limit 1",
        [item_id[:60]],
    )
    return f" Did you mean '{found[0][0]}'?" if found else ""
