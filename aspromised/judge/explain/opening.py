"""What a calendar does between two moments, as steps: it closes, it opens, and the days in between it was closed."""

from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays

from aspromised.declare.model import Calendar
from aspromised.declare.rules.opening import parse_days
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import change_between
from aspromised.judge.explain.step import StoryStep, moment_of
from aspromised.judge.explain.trace import is_open_day, opening_moments
from aspromised.judge.planning.plan import Ground
from aspromised.sql.engine import Engine
from aspromised.words.figures import duration


def openings(
    con: Engine, workspace: Workspace, ground: Ground, from_us: int, until_us: int
) -> list[StoryStep]:
    """Return when the place opens and closes between two instants; opening says which days it had been closed."""
    if ground.calendar is None:
        return []
    calendar = workspace.calendars[ground.calendar]
    zone = ZoneInfo(calendar.timezone) if calendar.timezone else workspace.timezone
    begins = moment_of(from_us, zone).date()
    since = begins if is_open_day(con, ground, from_us) else begins - timedelta(days=1)
    steps = []
    for us, opens in opening_moments(con, ground, from_us, until_us):
        there = moment_of(us, zone)
        notes = [_closed_between(calendar, since, there.date())] if opens else []
        if ground.suffix:
            notes.append(f"{there:%H:%M} in {zone.key}")
        since = there.date()
        what = f"{ground.calendar} {'opens' if opens else 'closes'}"
        note = ", ".join(filter(None, notes))
        steps.append(StoryStep(what, moment_of(us, workspace.timezone), note, kind="opening"))
    return steps


def clock_changes(zone: ZoneInfo, from_: datetime, until: datetime) -> list[StoryStep]:
    """Return the changes of the wall clock between two moments: "clocks go forward 1 h"."""
    steps, day = [], from_
    while day < until:
        after = min(day + timedelta(days=1), until)
        before_offset, offset = (each.astimezone(zone).utcoffset() for each in (day, after))
        assert before_offset is not None and offset is not None
        if offset != before_offset:
            at = change_between(zone, day.astimezone(_UTC), after.astimezone(_UTC)).astimezone(zone)
            forward = offset > before_offset
            how = duration(abs((offset - before_offset).total_seconds()))
            steps.append(StoryStep(f"clocks go {'forward' if forward else 'back'} {how}, to", at))
        day = after
    return steps


_UTC = ZoneInfo("UTC")


def _closed_between(calendar: Calendar, closed: date, opened: date) -> str:
    """Return the days wholly closed between two, in words: "closed Sat, Sun, Mon 6 Apr: Easter Monday"."""
    days = [closed + timedelta(days=n) for n in range(1, (opened - closed).days)]
    if not days:
        return ""
    named = [(day, _holiday(calendar, day)) for day in days]
    said = []
    for is_named, run in groupby(named, lambda each: bool(each[1])):
        some = list(run)
        if is_named:
            said += [f"{day:%a} {day.day} {day:%b}: {name}" for day, name in some]
        else:
            said.append(_span([day for day, _ in some]))
    return f"closed {', '.join(said)}"


def _span(days: list[date]) -> str:
    if len(days) > 3:
        return f"{days[0]:%a} {days[0].day} {days[0]:%b} to {days[-1]:%a} {days[-1].day} {days[-1]:%b}"
    return ", ".join(f"{day:%a}" for day in days)


def _holiday(calendar: Calendar, day: date) -> str:
    """Return why a day is closed that its weekday would open; nothing where the weekday is closed anyhow."""
    closed = calendar.holidays
    assert calendar.open != "always", "a place that is always open has no closed days"
    if closed is None or not any(day.weekday() in parse_days(days) for days in calendar.open):
        return ""
    if day in closed.extra:
        return "closed by the calendar"
    found = holidays.country_holidays(closed.country, subdiv=closed.subdivision, years=day.year).get(day) if closed.country else None  # fmt: skip
    return str(found) if found and day not in closed.except_ else ""
