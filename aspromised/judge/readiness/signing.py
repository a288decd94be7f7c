"""Gates that a team signs off: met from the day the sign-off counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol

from aspromised.declare.model import Gate
from aspromised.judge.readiness.launch import Launch
from aspromised.judge.readiness.state import State, cannot_tell, on_every_day
from aspromised.words.figures import day as in_words
from aspromised.words.figures import moment


class Signature(Protocol):
    """A sign-off, wherever it was written."""

    @property
    def who(self) -> str:
        """Who signed."""

    @property
    def team(self) -> str:
        """For which team."""

    @property
    def on(self) -> date:
        """The day claimed."""

    @property
    def written_at(self) -> datetime | None:
        """When it was written; None where it was declared."""

    def counts_from(self, zone: tzinfo) -> datetime:
        """The moment from which it holds."""

    def is_back_dated(self, zone: tzinfo) -> bool:
        """Whether it claims a day before the one it was written on."""


Signatures = Mapping[tuple[str, str], Sequence[Signature]]
"""The sign-offs of each promotion's gates, by the two names."""


def sign_off_states(
    gate: Gate, found: Sequence[Signature], zone: tzinfo, launch: Launch, unreadable: str | None = None
) -> dict[date, State]:
    """Return the state of a gate that is signed off, by day; the earliest sign-off that counts is the one told.

    One written on the day of the launch but after its hour counts from the next day, and that day says so. Where the ledger cannot be read (`unreadable` says why), nothing is known of the days before a declared one.
    """
    ours = [one for one in found if one.team == gate.signed_off_by]
    first = min(ours, key=lambda one: one.counts_from(zone), default=None)
    before = (
        cannot_tell(unreadable) if unreadable else State(False, f"not signed off by {gate.signed_off_by}")
    )
    if first is None:
        return on_every_day(launch.days, before)
    holds = counts_from(first, launch.launched_at, zone)
    signed, late = State(True, _signed(first, zone)), after_launch(first, launch.launched_at, zone)
    if late:
        written = moment(first.counts_from(zone))
        on_launch = State(False, f"signed off by {_name(first)} {written}{late}")
        return {
            day: signed if day >= holds.date() else on_launch if day == launch.launched else before
            for day in launch.days
        }
    return {day: signed if day >= holds.date() else before for day in launch.days}


def counts_from(one: Signature, launched_at: datetime, zone: tzinfo) -> datetime:
    """Return the moment from which a sign-off holds for a launch: from the next day, where it was written on the launch's day after its hour."""
    holds = one.counts_from(zone)
    if not _is_after_launch(one, launched_at, zone):
        return holds
    return datetime.combine(holds.date() + timedelta(days=1), time(), zone)


def after_launch(one: Signature, launched_at: datetime, zone: tzinfo) -> str:
    """Return ", after the launch at 08:00: counts from 27 Nov 2026" where a sign-off came on the day of the launch after its hour, else "".

    Gates are judged by days, and the day of the launch had begun without it.
    """
    if not _is_after_launch(one, launched_at, zone):
        return ""
    hour = launched_at.astimezone(zone)
    return f", after the launch at {hour:%H:%M}: counts from {in_words(counts_from(one, launched_at, zone).date())}"


def _is_after_launch(one: Signature, launched_at: datetime, zone: tzinfo) -> bool:
    holds, launched = one.counts_from(zone), launched_at.astimezone(zone)
    return one.written_at is not None and holds.date() == launched.date() and holds > launched


def _name(one: Signature) -> str:
    return f"{one.team} ({one.who})" if one.who != one.team else one.team


def _signed(one: Signature, zone: tzinfo) -> str:
    words = f"signed off by {_name(one)} on {in_words(one.on)}"
    if one.written_at is None:
        return words
    written = in_words(one.written_at.astimezone(zone).date())
    return f"{words}, but written on {written}: counts from then" if one.is_back_dated(zone) else words
