"""Gates on a promise: its kept rate over the days before, as it was known at the start of each day."""

from datetime import date

from aspromised.declare.model import Gate
from aspromised.declare.workspace import Workspace
from aspromised.judge.readiness.state import TINY, State, cannot_tell, on_every_day
from aspromised.sql.engine import Engine
from aspromised.words.figures import count, percent, plural, target
from aspromised.words.nouns import item_noun

_KNOWN = """
select looked, cast(sum(kept) as bigint), cast(sum(broken) as bigint), cast(sum(open) as bigint)
from (select unnest(cast($days as date[])) as looked) as looking
join {schema}.known_daily as known
  on known.promise_id = $promise
 and known.day between looked - cast($over as integer) and looked - 1
 and known.known_from <= looked - 1
 and (known.known_until is null or known.known_until > looked - 1)
group by looked
"""


_WORDINGS = """
select looked, count(distinct version)
from (select unnest(cast($days as date[])) as looked) as looking
join {schema}.verdict_daily as counted
  on counted.promise_id = $promise
 and counted.segment = '(all)'
 and counted.day between looked - cast($over as integer) and looked - 1
 and counted.kept + counted.broken + counted.open + counted.exempt > 0
group by looked
"""
"""Under how many wordings the items of the days before were promised: a correction later takes none of them away."""


def promise_states(
    con: Engine, schema: str, workspace: Workspace, gate: Gate, days: list[date]
) -> dict[date, State]:
    """Return the state of a gate on a promise, by day: the rate of the days before it, on what was then known.

    Items of all wordings count, and the evidence says of how many where they are several. Where items counted on those days were still open, as they may be on the days they started, it is met only if it would
    be with all of them broken, not met if it would not be with all of them kept, and else nobody can tell.
    """
    needed, over = gate.kept_at_least, gate.over_days
    why = _why_not(con, schema, workspace, gate)
    if why or needed is None or over is None:
        why = why or (
            "it does not say what is needed" if needed is None else f"'{gate.over}' is not a number of days"
        )
        return on_every_day(days, cannot_tell(why, needed))
    asked = {"days": days, "promise": gate.promise, "over": over}
    rows = con.run(_KNOWN.format(schema=schema), asked)
    known = {day: (kept, broken, still_open) for day, kept, broken, still_open in rows}
    wordings = dict(con.run(_WORDINGS.format(schema=schema), asked))
    noun = item_noun(getattr(workspace.promises[str(gate.promise)].measure, "items", None))
    told = {day: _pooled(wordings.get(day, 1)) for day in days}
    return {day: _state(*known.get(day, (0, 0, 0)), needed, over, told[day], noun) for day in days}


def _pooled(wordings: int) -> str:
    """Return that several wordings of a promise are counted together, "" where it is one."""
    return f" in {wordings} wordings together" if wordings > 1 else ""


def _state(
    kept: int, broken: int, still_open: int, needed: float, over: int, pooled: str, noun: tuple[str, str]
) -> State:
    decided, span = kept + broken, plural(over, "day")
    if not decided:
        return cannot_tell(f"nothing was decided in the {span} before", needed)
    span += pooled
    rate, least = kept / decided, needed * (decided + still_open) - TINY
    met = kept >= least
    if not met and kept + still_open >= least:
        return cannot_tell(_waits(kept, decided, still_open, noun, span, needed), needed)
    words = f"{_told_apart(rate, needed, met)} of {plural(decided, *noun)} over {span}"
    sure = f", whatever becomes of {count(still_open)} still open" if still_open else ""
    return State(met, f"{words}{sure}; needs {target(needed)}", rate, needed)


def _waits(kept: int, decided: int, still_open: int, noun: tuple[str, str], span: str, needed: float) -> str:
    """Return what a gate waits for: the rate so far, and how far the open items may move it."""
    whole = decided + still_open
    ends = f"{percent(kept / whole)} to {percent((kept + still_open) / whole)}"
    return (
        f"{percent(kept / decided)} of {plural(decided, *noun)} over {span}, but {count(still_open)} more were still open:"
        f" {ends} with them; needs {target(needed)}"
    )


def _told_apart(rate: float, needed: float, met: bool) -> str:
    """Return the rate with as many decimals as tell it from what is needed."""
    for decimals in (1, 2, 3):
        if met or round(rate, decimals + 2) < needed:
            return percent(rate, decimals)
    return percent(rate, 4)


def _why_not(con: Engine, schema: str, workspace: Workspace, gate: Gate) -> str | None:
    promise = workspace.promises.get(str(gate.promise))
    if promise is None:
        return f"the promise '{gate.promise}' cannot be read"
    if promise.measure.kind == "spread":
        return f"'{gate.promise}' is a spread, which has no kept rate day by day"
    found = con.run(f"select problem from {schema}.promise where promise_id = ?", [gate.promise])
    return f"'{gate.promise}' was not judged: {found[0][0]}" if found and found[0][0] else None
