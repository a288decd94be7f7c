"""What is planned, typeset: go or no-go gate by gate with its outlook, and the weeks of the next quarter."""

from itertools import groupby
from operator import itemgetter

import pandas as pd

from aspromised.analyse.launches.outlook.calendar import Headroom, Week
from aspromised.analyse.launches.outlook.planned import Outlook, Planned
from aspromised.analyse.launches.readiness.verdicts import Launched
from aspromised.analyse.launches.readiness.words import MET, READINESS_COLOUR, READINESS_MARK, verdict_words
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import address, lead
from aspromised.chart.launches.ledgers import GATE_COLOUR, needs, roomy, whole
from aspromised.words.figures import MINUS, chance, day, percent, plural
from aspromised.words.text import html as escape


def outlook_ledger(planned: tuple[Planned, ...]) -> Ledger | None:
    """Return a ledger, one row a gate of every planned launch, the next launch first; None where nothing is planned."""
    pairs = [(each, outlook) for each in planned for outlook in each.outlooks]
    if not pairs:
        return None
    columns = {
        "gate": Column("Gate", html=True),
        "today": Column("Today", html=True),
        "chance": Column("Chance of being met at launch", "right", html=True),
        "ahead": Column("What its history supports", html=True),
    }
    frame = pd.DataFrame([_row(outlook) for _, outlook in pairs], columns=list(columns))
    frame = frame.assign(group=[_group(each) for each, _ in pairs])
    return ledger(frame, columns, label="What is planned, gate by gate", group="group")


def _group(each: Planned) -> str:
    return f"{each.launch.says} · {day(each.launch.launched_day)}, in {plural(each.days_left, 'day')} · {READINESS_MARK[each.launch.verdict]} {verdict_words(each.launch)}"


def _row(outlook: Outlook) -> list[str]:
    gate = outlook.gate
    optional = ", optional" if gate.optional else ""
    today = f'<span class="ap-{GATE_COLOUR[gate.met]}">{MET[gate.met]}</span><br><small>{escape(gate.evidence)}</small>'
    likely = chance(outlook.chance) if outlook.chance is not None else "–"
    return [
        f"{escape(gate.gate)}<br><small>{escape(needs(gate))}{optional}</small>",
        roomy(today),
        likely,
        roomy(f"<small>{escape(outlook.ahead)}</small>"),
    ]


def calendar_ledger(weeks: list[Week]) -> Ledger:
    """Return a ledger, one row a week, or one for weeks that read alike: what is launched, what runs on, and the least headroom of each planned capacity."""
    planned = _planned_capacities(weeks)
    columns = {
        "week": Column("Week", html=True),
        "launched": Column("Launches", html=True),
        "running": Column("Runs on", html=True),
        **{f"headroom-{name}": Column(f"Least headroom, {name}", "right", html=True) for name in planned},
    }
    told = [
        (
            [_names(week.launched), _running(week.running)]
            + [_headroom(found) for found in week.headroom if found.capacity in planned],
            week,
        )
        for week in weeks
    ]
    alike = [[week for _, week in group] for _, group in groupby(told, key=itemgetter(0))]
    cells = [words for words, _ in groupby(told, key=itemgetter(0))]
    rows = [[_span(group), *words] for group, words in zip(alike, cells, strict=True)]
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="The weeks of the next quarter")


def _planned_capacities(weeks: list[Week]) -> list[str]:
    """The capacities planned for any of the weeks."""
    found = (each.capacity for week in weeks for each in week.headroom if each.share is not None)
    return sorted(set(found))


def _span(weeks: list[Week]) -> str:
    first, last = weeks[0].first, weeks[-1].last
    if first == last:
        return whole(day(last))
    number = f"<br><small>{len(weeks)} weeks alike</small>" if len(weeks) > 1 else ""
    begins = day(first) if first.year != last.year else f"{first.day} {first:%b}"
    return f"{whole(f'{begins} to {day(last)}')}{number}"


def _names(launches: tuple[Launched, ...]) -> str:
    return "<br>".join(
        f'{_opened(each)}<br><small>{day(each.launched_day)}: </small><span class="ap-{READINESS_COLOUR[each.verdict]}">{READINESS_MARK[each.verdict]}'
        f" {verdict_words(each)}</span>"
        for each in launches
    )


def _running(launches: tuple[Launched, ...]) -> str:
    said = [
        f"{_opened(each)} <small>{f'to {day(each.ends_day)}' if each.ends_day else 'without an end'}</small>"
        for each in launches
    ]
    return roomy("<br>".join(said), 9) if said else ""


def _opened(each: Launched) -> str:
    return lead(escape(each.says), address(promotion=each.promotion_id))


def _headroom(found: Headroom) -> str:
    if found.share is None or found.on is None:
        return "<small>not planned</small>"
    colour = "short" if found.share < 0 else "unknown"
    share = f"{MINUS if round(found.share, 3) < 0 else ''}{percent(abs(found.share))}"
    mark = "✕ " if found.share < 0 else ""
    return f'<span class="ap-{colour}">{mark}{share}</span><br><small>{found.on:%a} {found.on.day} {found.on:%b}</small>'


def calendar_note(weeks: list[Week]) -> str | None:
    """Return how the headroom is to be read, and which capacity is not planned so far ahead; None where there is no capacity."""
    planned = _planned_capacities(weeks)
    known = {each.capacity for week in weeks for each in week.headroom}
    unplanned = ", ".join(sorted(known - set(planned)))
    said = (
        f"Nothing is planned of {unplanned} in these weeks, so its headroom cannot be told."
        if unplanned
        else ""
    )
    read = (
        "Headroom: what is available over the usual load and what the promotions of that day are expected to add; below zero the"
        " plan cannot be kept. The usual load is held as it is today, the average of up to six whole weeks before: neither its trend,"
        " which the outlook of a launch goes by, nor a season that is to come is in it."
    )
    return " ".join(filter(None, [read if planned else "", said])) or None
