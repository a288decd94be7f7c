"""Fills the tables of event logs: handoffs and why they waited, what was done, and which way cases took."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from aspromised.declare.model import Chain, Stage
from aspromised.declare.workspace import Workspace
from aspromised.judge.clocks.local_days import DAY_US
from aspromised.judge.clocks.opening_hours import open_time
from aspromised.judge.faults import Faults
from aspromised.judge.planning.plan import placed_message
from aspromised.judge.readiness.counting import NotKnownError
from aspromised.judge.waiting.courses import DeclaredCourse
from aspromised.judge.waiting.event_log import EventLog, read_events
from aspromised.schema.waiting import ACTIVITY_DAILY, COURSE_DAILY, HANDOFF_DAILY, LOG_READ
from aspromised.sql.engine import Engine, EngineError
from aspromised.sql.limits import stopped
from aspromised.sql.tables import insert
from aspromised.sql.templates import text
from aspromised.stats.waiting.activity_log import NO_RESOURCE, ActivityLog, cumulated
from aspromised.stats.waiting.causes import DeclaredHours, Handoffs, waiting_causes

MOST_COURSES = 50
"""Ways off the declared one that are told activity by activity; rarer ones are told by how they left it."""


def judge_waiting(con: Engine, workspace: Workspace, as_of: datetime, schema: str, faults: Faults) -> None:
    """Fill the tables of event logs with all chains that are read from one; a chain that cannot be has its reason."""
    for name, chain in workspace.chains.items():
        if chain.events is None:
            continue
        told = [
            chain.events.started is not None,
            chain.events.resource is not None,
            chain.events.team is not None,
        ]
        try:
            if errors := faults.of_chain(name):
                raise NotKnownError("\n".join(map(placed_message, errors)))
            counts = _fill_chain(con, workspace, name, chain, as_of, schema)
            row = [name, *counts, *told, None]
        except NotKnownError as error:
            row = [name, None, None, None, *told, str(error)]
        except EngineError as error:
            why = f"its data cannot be read: {stopped(error) or str(error).strip().splitlines()[0]}"
            row = [name, None, None, None, *told, why]
        con.run(insert(LOG_READ, schema), row)


def _fill_chain(
    con: Engine, workspace: Workspace, name: str, chain: Chain, as_of: datetime, schema: str
) -> list[int]:
    """Fill the tables of one chain; return how many activities were read, left out, and cases unfinished."""
    assert chain.events is not None, "only chains that are read from a log come here"
    events = read_events(con, workspace, chain, as_of)
    called = [_called(chain, activity) for activity in events.activities]
    is_told = chain.events.started is not None
    log = events.log
    if not is_told:  # nobody can tell what its resource worked on
        log = ActivityLog(log.case, log.activity, np.full(len(log), NO_RESOURCE), log.start, log.end)
    hours = _declared_hours(workspace, chain, events)
    found = waiting_causes(log, events.local, declared=hours)
    waits = _Waits(found, *_opening_hours(log, found, hours))
    _fill(con, schema, name, HANDOFF_DAILY.name, _handoff_rows(events, waits, called), _HANDOFFS)
    stages = {stage.stage: stage for stage in chain.stages}
    done = _activity_rows(events, found, called, stages, is_told)
    _fill(con, schema, name, ACTIVITY_DAILY.name, done, _ACTIVITIES)
    unfinished = _fill_courses(con, schema, name, DeclaredCourse.of(chain), done)
    return [len(log), events.left_out, unfinished]


def _called(chain: Chain, activity: str) -> str:
    """Return the name of the stage that an activity of the log ends, or its own."""
    return next((stage.stage for stage in chain.stages if stage.done == activity), activity)


class _Waits(NamedTuple):
    """Handoffs, with the time outside and inside the opening hours of the stage: of those whose causes are not told."""

    found: Handoffs
    outside: np.ndarray
    inside: np.ndarray
    is_split: np.ndarray


def _opening_hours(
    log: ActivityLog, found: Handoffs, hours: DeclaredHours
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each handoff the waiting outside and inside its stage's opening hours, and whether it has any."""
    until = log.start[found.target]
    since, which = until - found.waiting, hours.of_activity[log.activity[found.target]]
    inside = np.zeros(len(until), dtype=np.int64)
    for number, opened in enumerate(hours.opened):
        inside = np.where(which == number, opened(until) - opened(since), inside)
    return found.waiting - inside, inside, which >= 0


def _declared_hours(workspace: Workspace, chain: Chain, events: EventLog) -> DeclaredHours:
    """Return the opening hours of the stages that the activities of a log end."""
    named = {stage.done: stage.calendar for stage in chain.stages if stage.calendar}
    calendars = sorted({named[activity] for activity in events.activities if activity in named})
    of_activity = [
        calendars.index(named[activity]) if activity in named else -1 for activity in events.activities
    ]
    opened = [_opened(workspace, name, events.log) for name in calendars]
    return DeclaredHours(np.array(of_activity, dtype=np.int64), opened)


def _opened(workspace: Workspace, name: str, log: ActivityLog) -> Callable[[np.ndarray], np.ndarray]:
    """Return how long a calendar has been open until moments; NotKnownError where it cannot be read."""
    calendar = workspace.calendars[name]
    if calendar.open == "always":
        return lambda moments: moments
    first, last = (1970 + int(moment // (365.2425 * DAY_US)) for moment in (log.start.min(), log.end.max()))
    try:
        hours = open_time(calendar, workspace.timezone, max(first - 1, 1968), min(last + 1, 2103))
    except (ValueError, LookupError, NotImplementedError) as error:
        raise NotKnownError(f"the calendar '{name}' cannot be read: {error}") from None
    before = cumulated(hours.closes - hours.opens)

    def until(moments: np.ndarray) -> np.ndarray:
        place = np.searchsorted(hours.opens, moments, side="right") - 1
        begun = np.maximum(place, 0)
        within = np.minimum(moments, hours.closes[begun]) - hours.opens[begun]
        so_far: np.ndarray = np.where(place < 0, 0, before[begun] + within)
        return so_far

    return until


def _names(names: list[str], codes: np.ndarray) -> Any:
    """Return the names behind codes, null of -1."""
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), pa.array(names, type=pa.string()))


def _handoff_rows(events: EventLog, waits: _Waits, called: list[str]) -> pa.Table:
    """Return a row a handoff, in the order of when its wait ended."""
    found, log = waits.found, events.log
    is_told, causes = found.told, {}
    for name in ("batching", "prioritisation", "contention"):
        causes[name] = pa.array(getattr(found, name), mask=~is_told)
    for name, otherwise in (("unavailability", waits.outside), ("extraneous", waits.inside)):
        values = np.where(is_told, getattr(found, name), otherwise)
        causes[name] = pa.array(values, mask=~(is_told | waits.is_split))
    sides = {"from": found.source, "to": found.target}
    told = {f"{side}_activity": _names(called, log.activity[at]) for side, at in sides.items()}
    told |= {f"{side}_resource": _names(events.resources, log.resource[at]) for side, at in sides.items()}
    told |= {f"{side}_team": _names(events.teams, events.team[at]) for side, at in sides.items()}
    begun = log.start[found.target]
    whole = {"case": log.case[found.target], "day": events.day(begun), "begun": begun, "place": found.target}
    return pa.table(whole | told | {"waiting": found.waiting} | causes)


_HANDOFFS = f"""
    with ordered as (
        select *, {
    ", ".join(
        f"row_number() over (partition by {keys} order by begun, place) = 1 as {name}"
        for name, keys in (
            ("first_of_all", '"case", from_activity, to_activity'),
            ("first_of_team", '"case", from_activity, to_activity, from_team, to_team'),
            ("first_of_resource", '"case", from_activity, to_activity, from_resource, to_resource'),
        )
    )
}
        from told
    )
    select date '1970-01-01' + day::integer as day, from_activity, to_activity, from_resource, to_resource, from_team, to_team,
        count(*) as handoffs, count(*) filter (where first_of_all) as cases,
        count(*) filter (where first_of_team) as cases_by_team,
        count(*) filter (where first_of_resource) as cases_by_resource,
        {
    ", ".join(
        f"sum({name}) / 1e6 as {name}_s"
        for name in ("waiting", "batching", "prioritisation", "contention", "unavailability", "extraneous")
    )
}
    from ordered group by all
"""


def _activity_rows(
    events: EventLog, found: Handoffs, called: list[str], stages: Mapping[str, Stage], is_told: bool
) -> pa.Table:
    """Return a row an activity done: of which case, when, by which team, and whether an escalation followed."""
    log = events.log
    kinds = [stages[name].kind if name in stages else None for name in called]
    escalates = np.array([kind == "escalation" for kind in kinds], dtype=bool)
    handed_up = np.zeros(len(log), dtype=bool)
    handed_up[found.source[escalates[log.activity[found.target]]]] = True
    return pa.table({
        "case": log.case, "day": events.day(log.end), "begun": log.start, "ended": log.end,
        "place": log.activity, "activity": _names(called, log.activity),
        "kind": pa.array(kinds, type=pa.string()).take(pa.array(log.activity)),
        "team": _names(events.teams, events.team), "handed_up": handed_up, "is_open": events.is_open,
        "worked": pa.array(log.end - log.start, mask=np.full(len(log), not is_told)),
    })  # fmt: skip


_ACTIVITIES = """
    select date '1970-01-01' + day::integer as day, activity, kind, team, count(*) as times,
        count(*) filter (where handed_up) as handed_up, sum(worked) / 1e6 as worked_s
    from told group by all
"""


def _fill_courses(con: Engine, schema: str, name: str, way: DeclaredCourse, done: pa.Table) -> int:
    """Fill the ways that cases took; return how many cases had not come to the end."""
    con.register("told", done)
    con.create("courses_told", _COURSES.replace(":last", text(way.last or "")))
    con.unregister("told")
    courses = [
        tuple(course) for (course,) in con.run("select distinct course from courses_told where is_finished")
    ]
    left = {course: way.departures(course) for course in courses}
    told = pa.table({
        "course": pa.array([list(course) for course in left], type=pa.list_(pa.string())),
        "why": pa.array(list(left.values()), type=pa.list_(pa.string())),
    })  # fmt: skip
    _fill(con, schema, name, COURSE_DAILY.name, told, _BY_COURSE)
    return int(con.run("select count(*) from courses_told where not is_finished")[0][0])


_COURSES = """
    with ordered as (
        select "case", day, activity::varchar as activity, kind, team, is_open, ended, begun, place,
            lag(activity::varchar) over run is distinct from activity::varchar as is_new
        from told window run as (partition by "case" order by ended, begun, place)
    ),
    by_activity as (
        select "case", activity, count(distinct team) as teams, count(team) as of_teams from ordered group by all
    ),
    by_case as (
        select "case", max(day) as day,
            list(activity order by ended, begun, place) filter (where is_new) as course,
            count(distinct activity) filter (where kind in ('approval', 'escalation')) as levels,
            count(*) filter (where kind = 'escalation') as hand_ups,
            count(*) filter (where activity = :last and not is_open) > 0 as is_finished
        from ordered group by "case"
    ),
    by_team as (
        select "case", max(teams) <= 1 as one_team, sum(of_teams) as of_teams from by_activity group by "case"
    )
    select date '1970-01-01' + day::integer as day, course, levels, hand_ups, is_finished,
        case when of_teams > 0 then one_team end as one_team
    from by_case join by_team using ("case")
"""

_BY_COURSE = f"""
    with frequent as (
        select course from courses_told join told using (course)
        where is_finished and len(why) > 0 group by course order by count(*) desc, course limit {MOST_COURSES}
    )
    select day, case when len(why) = 0 or course in (select course from frequent) then course end as course,
        len(why) = 0 as is_declared, why, count(*) as cases, count(*) filter (where levels > 0) as decided,
        count(*) filter (where levels = 1) as first_level, sum(hand_ups)::bigint as hand_ups,
        case when count(one_team) > 0 then count(*) filter (where one_team) end as one_team
    from courses_told join told using (course) where is_finished group by all
"""


def _fill(con: Engine, schema: str, name: str, table: str, told: pa.Table, query: str) -> None:
    """Fill a chain's rows of a table with what a query makes of rows."""
    con.register("told", told)
    con.run(
        f"insert into {schema}.{table} by name select {text(name)} as chain_id, * from ({query}) order by day"
    )
    con.unregister("told")
