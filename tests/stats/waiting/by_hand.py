"""The same answers in the plainest way: loops over instances, and the waits walked through five minutes at a time."""

from collections import Counter, defaultdict
from itertools import groupby, pairwise
from math import log

STEP = 5 * 60 * 1_000_000
QUARTER = 3 * STEP


def concurrent(cases):
    """Return the pairs of activities that run beside each other, of lists of (end, start, activity) in that order."""
    ab, seen, at_once = Counter(), Counter(), Counter()
    for case in cases:
        often = Counter(activity for _, _, activity in case)
        for (end, start, a), (later_end, later_start, b) in pairwise(case):
            if often[a] == often[b] == 1:
                ab[a, b] += 1
                seen[frozenset((a, b))] += end > start or later_end > later_start
                at_once[frozenset((a, b))] += later_start < end
    return {
        (a, b)
        for a, b in ab
        if ab[b, a] and abs(ab[a, b] - ab[b, a]) / (ab[a, b] + ab[b, a] + 1) < 0.9
        if not seen[frozenset((a, b))] or at_once[frozenset((a, b))] > 0.05 * seen[frozenset((a, b))]
    }


def enabled_by(rows):
    """Return for each row the place of the row that enabled it, or None."""
    cases = defaultdict(list)
    for place, (case, activity, _, start, end) in enumerate(rows):
        cases[case].append((end, start, activity, place))
    ordered = [sorted(case) for case in cases.values()]
    pairs = concurrent([[row[:3] for row in case] for case in ordered])
    source = {}
    for case in ordered:
        for position, (_, start, activity, place) in enumerate(case):
            before = [row for row in case[:position] if row[0] <= start and (row[2], activity) not in pairs]
            source[place] = before[-1][3] if before else None
    return source


def batches(rows, enabled):
    """Return for each row when its batch was complete."""
    ready = list(enabled)
    work = defaultdict(list)
    for place, (_, activity, resource, start, end) in enumerate(rows):
        if resource >= 0:
            work[resource, activity].append((start, end, place))
    for doings in work.values():
        doings.sort()
        groups, until = [], None
        for start, end, place in doings:
            if until is None or start > until or enabled[place] > groups[-1][0][0]:
                if until is None or start > until:
                    until = end
                groups.append([(start, end, place)])
            else:
                groups[-1].append((start, end, place))
            until = max(until, end)
        for group in groups:
            if len(group) > 1:
                complete = max(enabled[place] for _, _, place in group)
                for _, _, place in group:
                    ready[place] = complete
    return ready


def hours(rows, offset):
    """Return for each resource the quarters of the week, counted from Monday midnight, in which it works."""
    seen, days = defaultdict(Counter), defaultdict(set)
    for _, _, resource, start, end in rows:
        walls = [(moment + offset(moment)) // QUARTER for moment in (start, max(start, end - 1))]
        same_day = walls[0] // 96 == walls[1] // 96
        for wall in range(walls[0], walls[1] + 1) if same_day else walls:
            seen[resource, (wall // 96 + 3) % 7][wall % 96] += 1
        days[resource] |= {wall // 96 for wall in walls}
    works = defaultdict(set)
    for (resource, weekday), counts in seen.items():
        weeks = (max(days[resource]) - min(days[resource])) // 7 + 1
        if sum((day + 3) % 7 == weekday for day in days[resource]) >= 0.1 * weeks:
            works[resource] |= {weekday * 96 + quarter for quarter in _of_a_day(counts)}
    return works


def _of_a_day(counts):
    """Return the quarters of a day in which somebody works who was seen so often in each."""
    whole, before, inside = sum(counts.values()), 0, []
    for quarter in range(96):
        if before + counts[quarter] > 0.01 * whole and before < 0.99 * whole:
            inside.append(quarter)
        before += counts[quarter]
    quiet = sorted(counts[quarter] for quarter in inside if counts[quarter])
    quiet = quiet[(len(quiet) - 1) // 4]
    breaks = set()
    for _, run in groupby(inside, key=lambda quarter: counts[quarter] == 0):
        run = list(run)
        if counts[run[0]] == 0 and len(run) * quiet >= log(1000):
            breaks |= set(run)
    return set(inside) - breaks


def causes(rows, offset):
    """Return of each handoff (source, target) the waiting and its parts: batching, prioritisation, contention,
    unavailability, extraneous."""
    source = enabled_by(rows)
    began = defaultdict(lambda: float("inf"))
    for case, _, _, start, _ in rows:
        began[case] = min(began[case], start)
    enabled = [
        began[row[0]] if source[place] is None else rows[source[place]][4] for place, row in enumerate(rows)
    ]
    ready, works = batches(rows, enabled), hours(rows, offset)
    answer = {}
    for place, (_, _, resource, start, _) in enumerate(rows):
        if source[place] is None:
            continue
        parts = [0] * 5
        for moment in range(enabled[place], start, STEP) if resource >= 0 else ():
            parts[_cause(rows, resource, moment, enabled, place, ready[place], works, offset)] += STEP
        answer[source[place], place] = (start - enabled[place], *parts)
    return answer


def _cause(rows, resource, moment, enabled, place, ready, works, offset):
    if moment < ready:
        return 0
    doing = [at for at, row in enumerate(rows) if row[2] == resource and row[3] <= moment < row[4]]
    if doing:
        return 2 if any(enabled[at] <= enabled[place] for at in doing) else 1
    wall = moment + offset(moment)
    return 4 if (wall // QUARTER + 3 * 96) % (7 * 96) in works[resource] else 3
