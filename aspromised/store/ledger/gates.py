"""The sign-offs of every gate of a workspace: those declared, and those in the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from aspromised.declare.workspace import Workspace
from aspromised.store.ledger.chain import DamagedLedger
from aspromised.store.ledger.kept import open_ledger
from aspromised.store.ledger.signing import SignOff, declared_sign_off, sign_offs
from aspromised.words.problems import AsPromisedError

SignOffs = Mapping[tuple[str, str], Sequence[SignOff]]


def all_sign_offs(workspace: Workspace, until: datetime) -> tuple[SignOffs, str | None]:
    """Return the sign-offs by promotion and gate, of those written by a moment; and why the ledger was not read, if so."""
    found: dict[tuple[str, str], list[SignOff]] = defaultdict(list)
    wanted = [
        (name, gate)
        for name, promotion in workspace.promotions.items()
        for gate in promotion.ready_when
        if gate.kind == "sign-off"
    ]
    for name, gate in wanted:
        if declared := declared_sign_off(name, gate):
            found[name, gate.gate].append(declared)
    if not wanted:
        return found, None
    try:
        with open_ledger(workspace.root) as ledger:
            for one in sign_offs(ledger, until):
                found[one.promotion, one.gate].append(one)
    except DamagedLedger as error:
        return found, str(error)
    except AsPromisedError as error:
        return found, f"the ledger cannot be read: {error}"
    return found, None
