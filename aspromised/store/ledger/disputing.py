"""Disputes: that late minutes which stand against a stage's supplier are, to its mind, not its own. They change no figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from aspromised.declare.workspace import Workspace
from aspromised.schema.chains import DISPUTE
from aspromised.sql.engine import Engine as SqlEngine
from aspromised.sql.tables import insert
from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import DamagedLedger, Event
from aspromised.store.ledger.kept import open_ledger
from aspromised.store.ledger.legible import NOTE, refuse_odd
from aspromised.words.moments import plain_utc
from aspromised.words.problems import AsPromisedError, MisuseError, did_you_mean, no_such

DISPUTED = "dispute"
"""The kind of a ledger event by which a supplier disputes late minutes; its subject is the chain."""
_TEXTS = ("stage", "promise", "item", "from", "to", "team", "because")


@dataclass(frozen=True)
class Dispute:
    """Which minutes are disputed ("" and None: of all promises, items, days), by whom, why, and when that was written."""

    chain: str
    stage: str
    promise: str
    item: str
    first: date | None
    last: date | None
    team: str
    because: str
    who: str
    written_at: datetime
    is_withdrawn: bool = False

    @property
    def what(self) -> tuple[object, ...]:
        """What is disputed: a later word on the same takes its place."""
        return self.chain, self.stage, self.promise, self.item, self.first, self.last, self.team

    @property
    def words(self) -> str:
        """What is disputed, as a reader says it."""
        days = f" from {self.first}" * bool(self.first) + f" to {self.last}" * bool(self.last)
        return f"{self.stage}{f' of {self.promise}' * bool(self.promise)}{f', item {self.item}' * bool(self.item)}{days}"


def write_dispute(
    ledger: LedgerBook,
    workspace: Workspace,
    chain: str,
    stage: str,
    *,
    team: str,
    who: str,
    because: str,
    promise: str = "",
    item: str = "",
    first: date | None = None,
    last: date | None = None,
    is_withdrawn: bool = False,
) -> Dispute:
    """Write that a supplier disputes late minutes, or no longer does; AsPromisedError where they are not its own to dispute."""
    if chain not in workspace.chains:
        raise no_such("chain", chain, workspace.chains)
    stages = {each.stage: each for each in workspace.chains[chain].stages}
    if stage not in stages:
        near = did_you_mean(stage, stages) or f" It has: {', '.join(stages)}."
        raise MisuseError(f"'{chain}' has no stage '{stage}'.{near}")
    if promise and promise not in workspace.promises:
        raise no_such("promise", promise, workspace.promises)
    if team != stages[stage].supplier:
        raise AsPromisedError(
            f"the late minutes of '{stage}' belong to {stages[stage].supplier}: {team} cannot dispute them"
        )
    if first and last and last < first:
        raise MisuseError("--to comes before --from")
    refuse_odd("why", because, NOTE)
    if item:
        refuse_odd("the item", item)
    body = {
        "stage": stage, "promise": promise, "item": item, "from": first.isoformat() if first else "",
        "to": last.isoformat() if last else "", "team": team, "because": because, "withdrawn": is_withdrawn,
    }  # fmt: skip
    return _read(ledger.append(DISPUTED, chain, body, who))


def disputes(ledger: LedgerBook, until: datetime | None = None) -> list[Dispute]:
    """Return what is disputed (of what was written by a moment, included), without what was withdrawn since."""
    return _standing(_read(event) for event in ledger.events(DISPUTED, until=until))


def all_disputes(workspace: Workspace, until: datetime) -> tuple[list[Dispute], str | None]:
    """Return what is disputed at a moment, and why the ledger was not read, if so; without chains it is not looked at."""
    if not workspace.chains:
        return [], None
    try:
        with open_ledger(workspace.root) as ledger:
            return disputes(ledger, until), None
    except DamagedLedger as error:
        return [], str(error)
    except AsPromisedError as error:
        return [], f"the ledger cannot be read: {error}"


def tell_disputes(con: SqlEngine, schema: str, disputed: Iterable[Dispute]) -> None:
    """Write what is disputed into a snapshot's table."""
    for each in disputed:
        row = [
            each.chain, each.stage, each.promise or None, each.item or None, each.first, each.last, each.team, each.who,
            each.because, plain_utc(each.written_at),
        ]  # fmt: skip
        con.run(insert(DISPUTE, schema), row)


def _standing(written: Iterable[Dispute]) -> list[Dispute]:
    latest = {each.what: each for each in written}
    return [each for each in latest.values() if not each.is_withdrawn]


def _read(event: Event) -> Dispute:
    said = {name: event.body.get(name, "") for name in _TEXTS}
    try:
        if not all(isinstance(word, str) for word in said.values()) or not said["stage"] or not said["team"]:
            raise ValueError
        first, last = (date.fromisoformat(said[name]) if said[name] else None for name in ("from", "to"))
    except ValueError:
        raise DamagedLedger(
            f"event {event.id} is no dispute: it needs a stage and a team, and days that are days"
        ) from None
    return Dispute(
        event.subject, said["stage"], said["promise"], said["item"], first, last, said["team"], said["because"],
        event.who, event.at, event.body.get("withdrawn") is True,
    )  # fmt: skip
