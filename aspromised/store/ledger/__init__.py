"""The ledger: what people write. Events are added and never changed; nothing that a refresh makes is in it."""

from aspromised.store.ledger.book import LedgerBook
from aspromised.store.ledger.chain import DamagedLedger, Event, Verified
from aspromised.store.ledger.kept import open_ledger
from aspromised.store.ledger.signing import SignOff, declared_sign_off, sign_off, signed_off

__all__ = [
    "DamagedLedger",
    "Event",
    "LedgerBook",
    "SignOff",
    "Verified",
    "declared_sign_off",
    "open_ledger",
    "sign_off",
    "signed_off",
]
