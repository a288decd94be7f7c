"""The dates every story hangs on, counted from the last month of the data.

One table feeds both the declarations and the records, so that a demo built next year still tells its stories.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

Anchors = Mapping[str, date | datetime]


def last_full_month(today: date) -> str:
    """Return the month before today's, as 'YYYY-MM'.

    >>> last_full_month(date(2026, 11, 22))
    '2026-10'
    """
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def month_start(until: str, offset: int) -> date:
    """Return the first day of the month `offset` months after `until`.

    >>> month_start("2026-10", -23)
    datetime.date(2024, 11, 1)
    """
    year, month = (int(part) for part in until.split("-"))
    count = year * 12 + month - 1 + offset
    return date(count // 12, count % 12 + 1, 1)


def anchors(until: str) -> dict[str, date | datetime]:
    """Return every anchor's date for data whose last month is `until`."""

    def day(offset: int, days: int = 0) -> date:
        return month_start(until, offset) + timedelta(days=days)

    def moment(offset: int, days: int, hour: int) -> datetime:
        return datetime.combine(day(offset, days), datetime.min.time()).replace(hour=hour)

    return {
        "data-from": day(-23),
        "data-to": day(1, -1),
        # promises
        "delivery-promised": day(-21),
        "delivery-tightened": day(-7),
        "refund-promised": day(-23),
        "refund-tightened": day(-11),
        "recycling-from": day(1, 14),
        "review-soon": day(3, -1),
        "review-later": day(6, -1),
        "review-overdue": day(-1, 14),
        # corrections and changes
        "storm-from": day(-9, 11),
        "storm-to": day(-9, 13),
        "fraud-rules": day(-4),
        "new-wms": day(-2, 9),
        "peak-hiring": day(-12),
        "summer-hiring": day(-5),
        "autumn-shift": day(0, 9),
        # lighting-week: ready
        "lighting-announced": day(-14, 2),
        "lighting-launched": moment(-14, 9, 8),
        "lighting-ends": day(-14, 15),
        "lighting-trained": day(-14, 4),
        "lighting-shift": day(-14),
        "lighting-shift-ends": day(-14, 22),
        # mattress-month and kitchen-clearance: overlapping on one capacity
        "mattress-announced": day(-18, -6),
        "mattress-launched": moment(-18, 1, 8),
        "mattress-ends": day(-18, 24),
        "kitchen-launched": moment(-18, 15, 8),
        "kitchen-ready": day(-18, 25),
        "kitchen-ends": day(-18, 35),
        "overlap-shift": day(-18, -14),
        "overlap-shift-ends": day(-18, 45),
        # bedroom-bonus: a gate lost before launch
        "bedroom-announced": day(-11, 3),
        "bedroom-launched": moment(-11, 13, 9),
        "bedroom-ends": day(-11, 26),
        "bedroom-stock-lost": day(-11, 9),
        "bedroom-stock-back": day(-11, 19),
        "bedroom-shift": day(-11),
        "bedroom-shift-ends": day(-11, 29),
        "bedroom-trained": day(-11, 5),
        # loyalty-thank-you: no gates
        "loyalty-launched": moment(-7, 14, 6),
        "loyalty-ends": day(-7, 23),
        # express-everything: 11 days early
        "express-announced": day(-6, 20),
        "express-launched": moment(-5, 0, 8),
        "express-trained": day(-5, 8),
        "express-ready": day(-5, 11),
        "express-ends": day(-5, 23),
        "express-shift-ends": day(-5, 30),
        # flash-rugs: ended before ready
        "flash-launched": moment(-3, 17, 8),
        "flash-ends": day(-3, 19),
        "flash-trained": day(-3, 23),
        # garden-preview: called off
        "garden-launched": moment(-2, 10, 8),
        "garden-ends": day(-2, 16),
        # planned
        "hallway-trained": day(0, 20),
        "hallway-launched": moment(1, 19, 8),
        "hallway-ends": day(1, 25),
        "night-in-launched": moment(1, 26, 8),
        "night-in-ends": day(1, 29),
    }


def in_words(anchor: date | datetime) -> str:
    """Return an anchor as the YAML writes it.

    >>> in_words(datetime(2026, 5, 1, 8))
    '2026-05-01T08:00'
    """
    return anchor.isoformat(timespec="minutes") if isinstance(anchor, datetime) else anchor.isoformat()
