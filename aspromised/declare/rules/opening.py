"""Opening hours as authors write them: "mon-fri", "08:00-12:30"."""

import re

from aspromised.words.vocabulary import MONDAY_FIRST

WEEKDAYS = tuple(name[:3] for name in MONDAY_FIRST)
_INTERVAL = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")

Interval = tuple[int, int]
"""Minutes after midnight: opening included, closing excluded."""


def parse_days(text: str) -> tuple[int, ...]:
    """Return the weekdays that `text` names, Monday being 0; ValueError where it names none.

    >>> parse_days("mon-fri"), parse_days("sat"), parse_days("sun-mon")
    ((0, 1, 2, 3, 4), (5,), (6, 0))
    """
    ends = [_weekday(part.strip()) for part in re.split("[-–]", text)]
    if len(ends) > 2:
        raise ValueError(_not_days(text))
    first, last = ends[0], ends[-1]
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _weekday(name: str) -> int:
    for names in (WEEKDAYS, MONDAY_FIRST):
        if name.lower() in names:
            return names.index(name.lower())
    raise ValueError(_not_days(name))


def _not_days(text: str) -> str:
    return f"'{text}' is not a day: write {', '.join(WEEKDAYS)}, or a range as in 'mon-fri'"


def parse_interval(text: str) -> Interval:
    """Return opening and closing in minutes after midnight; ValueError where they are not in order.

    >>> parse_interval("08:00-12:30"), parse_interval("22:00-24:00")
    ((480, 750), (1320, 1440))
    """
    match = _INTERVAL.fullmatch(text.strip())
    if not match:
        raise ValueError(f"'{text}' is not an interval: write it as in '08:00-12:30'")
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if max(int(match[2]), int(match[4])) > 59 or closes > 1440:
        raise ValueError(f"'{text}' is not an interval: a day ends at 24:00")
    if opens >= closes:
        raise ValueError(f"'{text}': closing comes after opening; past midnight, write two days")
    return opens, closes
