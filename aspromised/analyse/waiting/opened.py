"""The event log of one chain opened: all that a page tells of it."""

from dataclasses import dataclass, field, replace

import pandas as pd

from aspromised.analyse.handoffs.stages import chain_of
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.waiting.batch_days import batch_days
from aspromised.analyse.waiting.controls import seldom_changes
from aspromised.analyse.waiting.waits import Waiting, facts_of, log_facts, most_waiting, waiting_of, waits
from aspromised.analyse.waiting.ways import Ways, hand_up_sentences, hand_ups, ways
from aspromised.analyse.windows.window import Window

_NO_LOG = (
    "No chain is read from an event log yet: name one under chains, events:, with who did what (resource, team) and when it"
    " was begun (started), and why cases wait is told."
)


@dataclass(frozen=True)
class OpenedLog:
    """What is told of a chain's event log over a window; `waiting` and `ways` are None where nothing can be."""

    chain_id: str
    sentence: str
    missing: str = ""
    waiting: Waiting | None = None
    ways: Ways | None = None
    hand_ups: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_team: pd.DataFrame = field(default_factory=pd.DataFrame)
    found: tuple[str, ...] = ()
    """What stands out, in sentences."""
    controls: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """The other chains that are read from a log."""


def open_log(snapshot: Queryable, chain_id: str, window: Window, promise_id: str = "") -> OpenedLog:
    """Return what is told of a chain's log: of the one named, else of the promise's chain, else of the one that tells most."""
    name = chain_id or chain_of(snapshot, promise_id) or most_waiting(snapshot, window)
    others = tuple(each.chain_id for each in log_facts(snapshot) if each.chain_id != name)
    return replace(_opened(snapshot, name, window), others=others)


def _opened(snapshot: Queryable, name: str, window: Window) -> OpenedLog:
    facts = facts_of(snapshot, name)
    if facts is None:
        known = f"{name} is read from columns, which do not tell who did what when: why its items waited is not known."
        return OpenedLog(name, known if name else _NO_LOG)
    if facts.problem:
        return OpenedLog(name, f"The log of {name} cannot be read.", facts.problem)
    waiting, ups = waiting_of(snapshot, name, window), hand_ups(snapshot, name, window)
    days = [each.sentence for each in batch_days(snapshot, name, window)]
    return OpenedLog(
        name,
        waiting.sentence,
        waiting=waiting,
        ways=ways(snapshot, name, window),
        hand_ups=ups,
        by_team=_by_team(waits(snapshot, name, window, "team")) if facts.tells_team else pd.DataFrame(),
        found=tuple(days),
        controls=(
            *(each.sentence for each in seldom_changes(snapshot, name, window)),
            *hand_up_sentences(ups),
        ),
    )


def _by_team(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a reader takes them away: no name of a person is in them."""
    return rows.rename(columns={"from_by": "from_team", "to_by": "to_team"})
