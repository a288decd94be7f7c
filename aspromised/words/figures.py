"""Figures as readers see them: rates with one decimal, gaps in points with a sign, counts with separators.

A figure is rounded once, here, from the exact number, and halves go up. What is shown as the change between two figures
that are both shown is the difference of the two as they are shown, so that a reader who subtracts finds it.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise

MINUS = "−"
NOTHING = "–"

_LAST = 999_999
_STEPS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def rounded(number: float, decimals: int = 0) -> Decimal:
    """Return a number with so many decimals, halves up; noise beyond the ninth digit decides nothing.

    >>> rounded(100 * 0.7625, 1), rounded(100 * (0.7625 - 0.9), 1), rounded(-13.75, 1), rounded(0.5)
    (Decimal('76.3'), Decimal('-13.7'), Decimal('-13.7'), Decimal('1'))
    """
    halves = ROUND_HALF_UP if number >= 0 else ROUND_HALF_DOWN
    return Decimal(f"{number:.9f}").quantize(Decimal(1).scaleb(-decimals), halves)


def percent(share: float | None, decimals: int = 1) -> str:
    """Return a share as a percentage.

    >>> percent(0.94968), percent(None), percent(0.95, 0)
    ('95.0 %', '–', '95 %')
    """
    return NOTHING if _missing(share) else f"{rounded(100 * share, decimals)} %"  # type: ignore[operator]


def signed_percent(share: float) -> str:
    """Return a share with the minus of the house.

    >>> signed_percent(-0.067), signed_percent(0.125)
    ('−6.7 %', '12.5 %')
    """
    return (MINUS if round(share, 3) < 0 else "") + percent(abs(share))


def target(share: float | None) -> str:
    """Return a target as it was declared, without decimals it does not have.

    >>> target(0.95), target(0.9995)
    ('95 %', '99.95 %')
    """
    return NOTHING if _missing(share) else f"{round(100 * share, 2):g} %"  # type: ignore[operator]


def chance(share: float | None) -> str:
    """Return a probability as a reader can use it: whole per cent, never a certainty it does not have.

    >>> chance(0.9687), chance(0.004), chance(0.9999), chance(None)
    ('97 %', 'under 1 %', 'over 99 %', '–')
    """
    if _missing(share):
        return NOTHING
    if share < 0.01 or share > 0.99:  # type: ignore[operator]
        return "under 1 %" if share < 0.5 else "over 99 %"  # type: ignore[operator]
    return percent(share, 0)


def times(number: float | None) -> str:
    """Return how many times, to two figures.

    >>> times(2.25), times(0.64), times(13.4)
    ('2.2', '0.6', '13')
    """
    return NOTHING if _missing(number) else f"{number:.{0 if number >= 9.95 else 1}f}"  # type: ignore[operator]


def percentage_points(gap: float | None) -> str:
    """Return a gap between shares in points, with its sign, where one of the two is not shown.

    >>> percentage_points(-0.0413), percentage_points(0.0002), percentage_points(0.012)
    ('−4.1 points', '0.0 points', '+1.2 points')
    """
    if _missing(gap):
        return NOTHING
    return _points(rounded(100 * gap, 1))  # type: ignore[operator]


def points_between(share: float | None, other: float | None, decimals: int = 1) -> str:
    """Return how far a share is from another that is shown beside it, both by `percent`: the difference as they are shown.

    >>> points_between(0.9136, 0.8944), points_between(0.9209, 0.9301), points_between(0.95, None)
    ('+2.0 points', '−0.9 points', '–')
    """
    if _missing(share) or _missing(other):
        return NOTHING
    return _points(rounded(100 * share, decimals) - rounded(100 * other, decimals))  # type: ignore[operator]


def points_to_target(share: float | None, aim: float | None, decimals: int = 1) -> str:
    """Return how far a share is from a target that is shown beside it, by `percent` and `target`: the difference as shown.

    >>> points_to_target(0.7625, 0.9), points_to_target(0.9991, 0.9995), points_to_target(0.9497, 0.95, 2)
    ('−13.7 points', '−0.05 points', '−0.03 points')
    """
    if _missing(share) or _missing(aim):
        return NOTHING
    return _points(rounded(100 * share, decimals) - Decimal(target(aim).removesuffix(" %")))  # type: ignore[operator]


def without_sign(points: str) -> str:
    """Return points without their sign: where the words say which way.

    >>> without_sign(points_between(0.91, 0.93))
    '2.0 points'
    """
    return points.lstrip(f"+{MINUS}")


def bound(points: float) -> Decimal:
    """Return an end of an interval in points: one digit, or two where one would show a zero that it excludes.

    >>> str(bound(-2.75)), str(bound(-0.04)), str(bound(0.61))
    ('-2.7', '-0.04', '0.6')
    """
    return rounded(points, 1 if abs(points) >= 0.05 else 2)


def points_of(share: float | None, upper: float | None = None) -> str:
    """Return a spread, or a range of it, in points, without a sign.

    >>> points_of(0.05), points_of(0.0403), points_of(0.027, 0.0951)
    ('5 points', '4.0 points', '2.7 to 9.5 points')
    """
    if upper is not None:
        return f"{points_of(share).removesuffix(' points')} to {points_of(upper)}"
    if _missing(share):
        return NOTHING
    whole = f"{round(100 * share, 6):g}"  # type: ignore[operator]
    return f"{whole if '.' not in whole and whole != '0' else rounded(100 * share, 1)} points"  # type: ignore[operator]


def count(number: float | None) -> str:
    """Return a whole number with separators.

    >>> count(1240), count(-3)
    ('1,240', '−3')
    """
    if _missing(number):
        return NOTHING
    whole = int(rounded(number))  # type: ignore[arg-type]
    return f"{MINUS if whole < 0 else ''}{abs(whole):,}"


def signed(number: float | None) -> str:
    """Return a whole number with its sign.

    >>> signed(12), signed(-1240), signed(0)
    ('+12', '−1,240', '0')
    """
    return NOTHING if _missing(number) else f"{'+' if rounded(number) > 0 else ''}{count(number)}"  # type: ignore[arg-type]


def plural(number: float, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> plural(1, "item"), plural(2400, "item"), plural(0, "promise")
    ('1 item', '2,400 items', '0 promises')
    """
    return f"{count(number)} {one if rounded(number) == 1 else many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Return words one after the other, as in a sentence.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def two_figures(number: int) -> int:
    """Return a number of which no more than two figures are known.

    >>> two_figures(12345), two_figures(87)
    (12000, 87)
    """
    return int(round(number, 2 - len(str(number)))) if number >= 100 else number


def duration(seconds: float | None) -> str:
    """Return a length of time in its two largest units.

    >>> duration(660), duration(93_600), duration(59.2), duration(-7200)
    ('11 min', '1 d 2 h', '59 s', '−2 h')
    """
    if _missing(seconds):
        return NOTHING
    left = abs(round(seconds))  # type: ignore[arg-type]
    parts = []
    for size, unit in _STEPS:
        whole, left = divmod(left, size)
        if whole:
            parts.append(f"{whole} {unit}")
    words = " ".join(parts[:2]) or "0 s"
    return f"{MINUS if seconds < 0 else ''}{words}"  # type: ignore[operator]


def at_most(seconds: float) -> str:
    """Return a length of time in the two units of `duration`, none shorter than it is: a bound stays one.

    >>> at_most(86_400 * 2 + 3600.5), at_most(3601), at_most(59.2), at_most(86_399)
    ('2 d 2 h', '1 h 1 min', '1 min', '1 d')
    """
    size = next((size for (above, _), (size, _) in pairwise(_STEPS) if seconds >= above), 1)
    return duration(math.ceil(seconds / size) * size)


def roughly(seconds: float) -> str:
    """Return a length of time to two digits in one unit, for lengths known to a few per cent.

    >>> roughly(42), roughly(9.3 * 60), roughly(33_120), roughly(200_000), roughly(86_400 * 31)
    ('42 s', '9.3 min', '9.2 h', '2.3 d', '31 d')
    """
    size, unit = next(((size, unit) for size, unit in _STEPS if abs(seconds) >= 2 * size), (1, "s"))
    amount = abs(seconds) / size
    digits = f"{amount:.0f}" if amount >= 9.95 else f"{amount:.1f}".removesuffix(".0")
    return f"{MINUS if seconds < 0 else ''}{digits} {unit}"


def open_hours_words(seconds: float | None) -> str:
    """Return a length of opening time in hours and minutes; a day of opening is not 24 hours.

    >>> open_hours_words(93_600), open_hours_words(7800), open_hours_words(-40), open_hours_words(45.2)
    ('26 h', '2 h 10 min', '−40 s', '45 s')
    """
    if _missing(seconds):
        return NOTHING
    whole = abs(round(seconds))  # type: ignore[arg-type]
    if whole < 86_400:
        return duration(seconds)
    hours, minutes = divmod(round(whole / 60), 60)
    words = f"{count(hours)} h" + (f" {minutes} min" if minutes else "")
    return f"{MINUS if seconds < 0 else ''}{words}"  # type: ignore[operator]


def day(value: date | None) -> str:
    """Return a day in words.

    >>> day(date(2026, 3, 1))
    '1 Mar 2026'
    """
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def moment(value: datetime | None) -> str:
    """Return a moment in words, on its own clock; the last microsecond of a day or minute as what it ends.

    >>> moment(datetime(2026, 3, 6, 16, 40))
    'Fri 6 Mar 2026 16:40'
    >>> moment(datetime(2026, 3, 6, 23, 59, 59, 999999)), moment(datetime(2026, 3, 6, 10, 14, 59, 999999))
    ('the end of Fri 6 Mar 2026', 'before Fri 6 Mar 2026 10:15')
    """
    if value is None:
        return NOTHING
    if value.microsecond == _LAST:
        after = value + timedelta(microseconds=1)
        return f"before {moment(after)}" if after.day == value.day else f"the end of {value:%a} {day(value)}"
    return f"{value:%a} {day(value)} {value:%H:%M}"


def later_moment(value: datetime, before: datetime | None, seconds: bool = False) -> str:
    """Return a moment as it is said after another was named: the day or year that both share is not said again.

    A weekday never stands alone: a reader counts from the start of the story, not from the line before.

    >>> friday = datetime(2026, 3, 6, 16, 40)
    >>> later_moment(friday.replace(hour=18, minute=0), friday), later_moment(datetime(2026, 3, 9, 9), friday)
    ('18:00', 'Mon 9 Mar 09:00')
    >>> later_moment(datetime(2026, 3, 20, 9), friday), later_moment(datetime(2027, 3, 20, 9), friday)
    ('Fri 20 Mar 09:00', 'Sat 20 Mar 2027 09:00')
    """
    if value.microsecond == _LAST:
        after = value + timedelta(microseconds=1)
        if after.day == value.day:
            return f"before {later_moment(after, before, seconds)}"
        return f"the end of {_later_day(value, before) or 'the day'}"
    clock = f"{value:%H:%M:%S}" if seconds else f"{value:%H:%M}"
    return f"{_later_day(value, before)} {clock}".strip()


def _later_day(value: datetime, before: datetime | None) -> str:
    if before is None or before.year != value.year:
        return f"{value:%a} {day(value)}"
    if before.date() == value.date():
        return ""
    return f"{value:%a} {value.day} {value:%b}"


def _missing(value: float | None) -> bool:
    return value is None or math.isnan(value)


def _points(number: Decimal) -> str:
    return f"{_sign(number)}{abs(number)} points"


def _sign(number: Decimal) -> str:
    if number == 0:
        return ""
    return MINUS if number < 0 else "+"
