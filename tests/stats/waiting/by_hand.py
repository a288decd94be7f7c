"""The same answers in the plainest way: loops over instances, and the waits walked through five minutes at a time."""

from collections import Counter, defaultdict
from itertools import pairwise

STEP = 5 * 60 * 1_000_000
QUARTER = 3 * STEP


def concurrent(cases):
    """Return the pairs of activities that run beside each other, of lists of activities in order of their ends."""
    ab = Counter(
        pair for case in cases for pair in pairwise(case) if all(case.count(each) == 1 for each in pair)
    )
    return {(a, b) for a, b in ab if ab[b, a] and abs(ab[a, b] - ab[b, a]) / (ab[a, b] + ab[b, a] + 1) < 0.9}


def enabled_by(rows):
    """Return for each row the place of the row that enabled it, or None."""
    cases = defaultdict(list)
    for place, (case, activity, _, start, end) in enumerate(rows):
        cases[case].append((end, start, activity, place))
    ordered = [sorted(case) for case in cases.values()]
    pairs = concurrent([[activity for _, _, activity, _ in case] for case in ordered])
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
    seen, active = defaultdict(list), defaultdict(set)
    for _, _, resource, start, end in rows:
        for moment in (start, max(start, end - 1)):
            wall = moment + offset(moment)
            day, quarter = divmod(wall // QUARTER, 96)
            seen[resource].append(((day + 3) % 7 * 96 + quarter, day))
            active[resource, (day + 3) % 7].add(day)
    works = {}
    for resource, moments in seen.items():
        counts = Counter(quarter for quarter, _ in moments)
        days = {quarter: {day for each, day in moments if each == quarter} for quarter in counts}
        works[resource] = {q for q in counts if len(days[q]) >= 0.1 * len(active[resource, q // 96])}
        for quarter in sorted(counts, key=lambda each: (-counts[each], each)):
            if sum(counts[each] for each in works[resource]) < 0.7 * len(moments):
                works[resource].add(quarter)
    return works


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
