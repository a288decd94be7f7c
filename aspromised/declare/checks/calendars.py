"""Calendars: time zones, days, opening intervals and public holidays."""

from collections.abc import Iterator

import holidays

from aspromised.declare.model import Calendar, Holidays
from aspromised.declare.rules.opening import WEEKDAYS, Interval, parse_days, parse_interval
from aspromised.declare.rules.timezones import unknown_timezone
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem, did_you_mean


def check_calendars(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the calendars."""
    for name, calendar in workspace.calendars.items():
        at = ("calendars", name)
        if calendar.timezone and (wrong := unknown_timezone(calendar.timezone)):
            yield workspace.problem("timezone", wrong, (*at, "timezone"))
        yield from _opening(workspace, calendar, (*at, "open"))
        if calendar.holidays:
            yield from _holidays(workspace, calendar.holidays, (*at, "holidays"))


def _opening(workspace: Workspace, calendar: Calendar, at: KeyPath) -> Iterator[Problem]:
    if calendar.open == "always":
        return
    if not any(calendar.open.values()) and workspace.is_known(at):
        yield workspace.problem("opening-hours", "this calendar is never open", at)
    seen: dict[int, str] = {}
    for days, intervals in calendar.open.items():
        try:
            weekdays = parse_days(days)
        except ValueError as error:
            yield workspace.problem_at_key("opening-hours", str(error), (*at, days))
            continue
        for again in sorted(set(weekdays) & seen.keys())[:1]:
            message = f"'{WEEKDAYS[again]}' is in '{seen[again]}' already"
            yield workspace.problem_at_key("opening-hours", message, (*at, days))
        seen |= dict.fromkeys(weekdays, days)
        yield from _intervals(workspace, intervals, (*at, days))


def _intervals(workspace: Workspace, intervals: list[str], at: KeyPath) -> Iterator[Problem]:
    before: Interval | None = None
    for number, text in enumerate(intervals):
        try:
            interval = parse_interval(text)
        except ValueError as error:
            yield workspace.problem("opening-hours", str(error), (*at, number))
            continue
        if before and interval[0] < before[1]:
            message = f"'{text}' begins before the interval before it ends"
            yield workspace.problem("opening-hours", message, (*at, number))
        before = interval


def _holidays(workspace: Workspace, closed: Holidays, at: KeyPath) -> Iterator[Problem]:
    if closed.country is None:
        if closed.subdivision is not None:
            yield workspace.problem("holidays", "a 'subdivision' needs its 'country'", (*at, "subdivision"))
        return
    countries = holidays.list_supported_countries()
    if closed.country not in countries:
        near = did_you_mean(closed.country, countries)
        message = f"'{closed.country}' is not a country code of the holidays package, such as GB.{near}"
        yield workspace.problem("holidays", message, (*at, "country"))
    elif not _has_subdivision(closed.country, closed.subdivision):
        known = countries[closed.country]
        message = f"'{closed.subdivision}' is not a subdivision of {closed.country}: " + (
            f"write one of {', '.join(known)}" if known else "it has none"
        )
        yield workspace.problem("holidays", message, (*at, "subdivision"))


def _has_subdivision(country: str, subdivision: str | None) -> bool:
    try:
        holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return False
    return True
