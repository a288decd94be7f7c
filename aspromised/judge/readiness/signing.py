"""Gates that a team signs off: met from the day the sign-off counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

from aspromised.declare.model import Gate
from aspromised.judge.readiness.launch import Launch
from aspromised.judge.readiness.state import State, cannot_tell, on_every_day
from aspromised.words.figures import day as in_words


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

    One written on the day of the launch but after its hour counts from the next day. Where the ledger cannot be read (`unreadable` says why), nothing is known of the days before a declared one.
    """
    ours = [one for one in found if one.team == gate.signed_off_by]
    first = min(ours, key=lambda one: one.counts_from(zone), default=None)
    before = (
        cannot_tell(unreadable) if unreadable else State(False, f"not signed off by {gate.signed_off_by}")
    )
    if first is None:
        return on_every_day(launch.days, before)
    moment = first.counts_from(zone)
    counts = moment.date()
    if first.written_at and counts == launch.launched and moment > launch.launched_at:
        counts += timedelta(days=1)
    signed = State(True, _signed(first, zone))
    return {day: signed if day >= counts else before for day in launch.days}


def _signed(one: Signature, zone: tzinfo) -> str:
    who = f" ({one.who})" if one.who != one.team else ""
    words = f"signed off by {one.team}{who} on {in_words(one.on)}"
    if one.written_at is None:
        return words
    written = in_words(one.written_at.astimezone(zone).date())
    return f"{words}, but written on {written}: counts from then" if one.is_back_dated(zone) else words
