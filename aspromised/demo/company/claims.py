"""Claims for damaged goods: the log of who did what when, with an approval, hand-ups, a way round and payouts in one go."""

import heapq
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from aspromised.demo.company.demand import DailyDemand
from aspromised.demo.wall import DAY, HOUR, MINUTE, NEVER, instants

_Windows = tuple[tuple[int, int], ...]
_CARE: tuple[_Windows, ...] = (((8 * HOUR, 20 * HOUR),),) * 5 + (((9 * HOUR, 17 * HOUR),), ())
_OFFICE: tuple[_Windows, ...] = (((9 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR + 30 * MINUTE)),) * 5 + (
    (),
    (),
)
_RUNS: tuple[_Windows, ...] = tuple(((14 * HOUR, 18 * HOUR),) if day in (1, 4) else () for day in range(7))
"""When each weekday is worked, from Monday: payouts are made in one go on Tuesdays and Fridays."""

_PAYOUTS = "finance payouts"

_DESKS = {"north desk": (0.4, 0.08, 0.05), "south desk": (0.3, 0.31, 0.05), "online desk": (0.3, 0.09, 0.25)}
"""Of each desk: its share of the claims, how often it hands up, how often it gives a voucher instead."""

_MOVED, _CHANGED = 0.07, 0.005
"""The share of claims that a second desk assesses again, and of approvals that change what was asked."""


@dataclass(order=True)
class _Worker:
    """Who does things, and when they are free."""

    free: int
    name: str = field(compare=False)
    hours: tuple[_Windows, ...] = field(compare=False)

    def start(self, ready: int, takes: int) -> int:
        """Return when it can begin what takes so long and is ready then, within one of its stretches of work."""
        moment = max(ready, self.free)
        day = moment // DAY
        while True:
            for opens, closes in self.hours[(day + 3) % 7]:
                begin = max(moment, day * DAY + opens)
                if begin + takes <= day * DAY + closes:
                    return begin
            day += 1


@dataclass(frozen=True)
class _Step:
    """One thing to be done of a claim: by whom, for how long, and how long after the one before it can be begun."""

    activity: str
    team: str
    takes: int
    after: int = 0
    outcome: str | None = None


def claim_events(rng: np.random.Generator, demand: DailyDemand, orders: int, as_of: int) -> pd.DataFrame:
    """Return the log of claims up to a moment: each claim's activities with team, resource, begin and end."""
    number = int(np.clip(orders * 0.024, 1_500, 6_000))
    day = np.sort(rng.choice(demand.days, number, p=demand.usual / demand.usual.sum()))
    made = day * DAY + rng.integers(8 * 60, 20 * 60, number) * MINUTE
    ways = [
        _way(rng, desk) for desk in rng.choice(list(_DESKS), number, p=[each[0] for each in _DESKS.values()])
    ]
    rows = _worked_through([int(moment) for moment in made], ways, as_of)
    table = pd.DataFrame(
        rows, columns=["claim_id", "activity", "team", "resource", "started", "ended", "outcome"]
    )
    table = table.sort_values(["started", "claim_id"], kind="stable").reset_index(drop=True)
    ended = table.pop("ended").to_numpy()
    begun = table.pop("started").to_numpy()
    return table.assign(started_at=instants(begun), ended_at=instants(np.where(ended <= as_of, ended, NEVER)))


def _way(rng: np.random.Generator, desk: str) -> list[_Step]:
    """Return what is done of a claim, in order."""
    _, hands_up, gives_voucher = _DESKS[desk]
    photos = int(rng.lognormal(np.log(5 * 60), 0.9)) * MINUTE if rng.random() < 0.6 else 0
    steps = [_Step("CLAIM TAKEN", desk, int(rng.integers(6, 13)) * MINUTE), _assessed(rng, desk, photos)]
    if rng.random() < _MOVED:
        other = str(rng.choice([name for name in _DESKS if name != desk]))
        steps.append(_assessed(rng, other, int(rng.integers(60, 600)) * MINUTE))
    if rng.random() < gives_voucher:
        steps.append(_Step("VOUCHER ISSUED", desk, int(rng.integers(5, 11)) * MINUTE))
    else:
        if rng.random() < hands_up:
            steps.append(_Step("HANDED UP", "care lead", int(rng.integers(10, 31)) * MINUTE))
        outcome = "changed" if rng.random() < _CHANGED else "as asked"
        papers = int(rng.lognormal(np.log(14 * 60), 0.7)) * MINUTE
        steps += [
            _Step("APPROVED", "finance approvals", int(rng.integers(6, 16)) * MINUTE, papers, outcome),
            _Step("PAID OUT", _PAYOUTS, 3 * MINUTE),
        ]
    return [*steps, _Step("CLAIM CLOSED", desk, int(rng.integers(3, 7)) * MINUTE)]


def _assessed(rng: np.random.Generator, desk: str, after: int) -> _Step:
    return _Step("ASSESSED", desk, int(rng.integers(25, 51)) * MINUTE, after)


def _worked_through(made: list[int], ways: list[list[_Step]], as_of: int) -> list[tuple[object, ...]]:
    """Return what was begun by a moment, each done by who of its team can begin first, in the order it was ready."""
    workers = {desk: [_Worker(0, f"{desk} {place}", _CARE) for place in (1, 2)] for desk in _DESKS}
    workers["care lead"] = [_Worker(0, "care lead 1", _OFFICE)]
    workers["finance approvals"] = [_Worker(0, f"approver {place}", _OFFICE) for place in (1, 2)]
    workers[_PAYOUTS] = [_Worker(0, "payouts 1", _RUNS)]
    waiting = [(moment, claim, 0) for claim, moment in enumerate(made)]
    heapq.heapify(waiting)
    rows: list[tuple[object, ...]] = []
    while waiting:
        ready, claim, place = heapq.heappop(waiting)
        step = ways[claim][place]
        start, worker = min((each.start(ready, step.takes), each) for each in workers[step.team])
        if start > as_of:
            continue
        worker.free = start + step.takes
        rows.append(
            (f"D{claim + 1:05d}", step.activity, step.team, worker.name, start, worker.free, step.outcome)
        )
        if place + 1 < len(ways[claim]):
            following = ways[claim][place + 1]
            ready = worker.free + following.after
            heapq.heappush(
                waiting, (_next_run(ready) if following.team == _PAYOUTS else ready, claim, place + 1)
            )
    return rows


def _next_run(moment: int) -> int:
    """Return when the next payouts begin: what is approved later waits for the next run."""
    day = moment // DAY
    while not (runs := _RUNS[(day + 3) % 7]) or day * DAY + runs[0][0] < moment:
        day += 1
    return int(day * DAY + runs[0][0])
