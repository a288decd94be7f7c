"""Names of time zones."""

from functools import cache
from zoneinfo import available_timezones

from aspromised.words.problems import did_you_mean


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def _places() -> list[str]:
    """Return the names of places; old abbreviations make poor suggestions."""
    return sorted(name for name in _known() if "/" in name)


def unknown_timezone(name: str) -> str | None:
    """Return what is wrong with a time zone's name, or None where it is known.

    >>> unknown_timezone("Europe/London")
    >>> unknown_timezone("Europe/Lundon")
    "'Europe/Lundon' is not an IANA time zone. Did you mean 'Europe/London'?"
    """
    if name in _known():
        return None
    near = (
        did_you_mean(name, _places()) or " Write the place whose clock it is, as in 'Europe/London', or 'UTC'"
    )
    return f"'{name}' is not an IANA time zone.{near}"
