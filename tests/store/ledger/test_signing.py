"""Who signed which gate off: the day claimed, when it was written, and from when it counts."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from aspromised.declare.model import Company, Gate, Promise, Promotion
from aspromised.declare.workspace import Workspace
from aspromised.store.ledger import LedgerBook, SignOff, declared_sign_off, sign_off, signed_off
from aspromised.words.problems import AsPromisedError

LONDON = ZoneInfo("Europe/London")
GATES = [
    {"gate": "agents trained", "signed_off_by": "customer-care", "on": "2026-05-06"},
    {"gate": "press pack", "signed_off_by": "brand-marketing"},
    {"gate": "stock cover", "sql": "select 1", "at_least": 14},
]
SPRING = {
    "says": "Next day, all weekend",
    "launched": "2026-05-01T08:00",
    "leans_on": [],
    "ready_when": GATES,
}
WORKSPACE = Workspace(
    Path("nowhere"),
    Company(name="Test", timezone="Europe/London"),
    promotions={"spring": Promotion.model_validate(SPRING)},
)


def signed(
    ledger: LedgerBook, gate: str = "press pack", team: str = "brand-marketing", on: str = "2026-04-01"
) -> SignOff:
    return sign_off(
        ledger, WORKSPACE, "spring", gate, team=team, who="Ann", on=date.fromisoformat(on), note="n"
    )


def written(on: str, at: str) -> SignOff:
    moment = datetime.fromisoformat(at)
    return SignOff("spring", "g", "t", "Ann", date.fromisoformat(on), moment, "ledger")


def test_a_sign_off_is_read_back_with_both_dates(ledger: LedgerBook) -> None:
    before = datetime.now(UTC)
    one = signed(ledger)
    assert signed_off(ledger, "spring", "press pack") == [one]
    assert (one.team, one.who, one.on, one.note, one.source) == (
        "brand-marketing",
        "Ann",
        date(2026, 4, 1),
        "n",
        "ledger",
    )
    assert one.written_at is not None and before <= one.written_at <= datetime.now(UTC)


def test_gates_and_promotions_have_their_own_sign_offs_in_the_order_written(ledger: LedgerBook) -> None:
    later, earlier = signed(ledger, on="2026-04-09"), signed(ledger, on="2026-04-01")
    signed(ledger, "agents trained", "customer-care")
    assert signed_off(ledger, "spring", "press pack") == [later, earlier]
    assert signed_off(ledger, "autumn", "press pack") == []
    assert signed_off(ledger, "spring", "press pack", until=later.written_at) == [later]


def test_a_back_dated_sign_off_counts_from_when_it_was_written() -> None:
    late = written("2026-04-20", "2026-05-03T09:30:00+00:00")
    assert late.is_back_dated(LONDON)
    assert late.counts_from(LONDON) == datetime(2026, 5, 3, 10, 30, tzinfo=LONDON)


def test_a_sign_off_of_the_same_day_counts_from_when_it_was_written_by_the_companys_day() -> None:
    after_midnight = written("2026-05-04", "2026-05-03T23:30:00+00:00")
    assert not after_midnight.is_back_dated(LONDON)
    assert after_midnight.counts_from(LONDON) == datetime(2026, 5, 4, 0, 30, tzinfo=LONDON)


def test_a_sign_off_for_a_later_day_counts_from_the_end_of_that_day() -> None:
    ahead = written("2026-05-06", "2026-05-03T09:30:00+00:00")
    assert ahead.counts_from(LONDON) == datetime(2026, 5, 6, 23, 59, 59, 999_999, tzinfo=LONDON)


def test_a_declared_day_counts_from_its_end_also_when_the_clocks_change() -> None:
    gate = Gate.model_validate({**GATES[0], "on": "2026-10-25"})
    declared = declared_sign_off("spring", gate)
    assert declared is not None
    assert (declared.source, declared.written_at, declared.who) == ("declared", None, "customer-care")
    assert declared.counts_from(LONDON).astimezone(UTC) == datetime(
        2026, 10, 25, 23, 59, 59, 999_999, tzinfo=UTC
    )


def test_a_gate_without_a_day_and_a_gate_judged_by_data_are_not_signed_in_the_yaml() -> None:
    assert [declared_sign_off("spring", Gate.model_validate(gate)) for gate in GATES[1:]] == [None, None]


@pytest.mark.parametrize(
    ("promotion", "gate", "team", "message"),
    [
        ("sprng", "press pack", "brand-marketing", "there is no promotion 'sprng'. Did you mean 'spring'?"),
        ("spring", "press pak", "brand-marketing", "'spring' has no gate 'press pak'. Did you mean 'press pack'?"),
        ("spring", "zzz", "sales", "It has: agents trained, press pack, stock cover."),
        ("spring", "press pack", "sales", "the gate 'press pack' is signed off by brand-marketing, not by sales"),
        ("spring", "stock cover", "sales", "the gate 'stock cover' is judged by data (at least 14): nobody signs it off"),
    ],
)  # fmt: skip
def test_only_the_team_of_a_gate_signs_it_off(
    ledger: LedgerBook, promotion: str, gate: str, team: str, message: str
) -> None:
    with pytest.raises(AsPromisedError) as error:
        sign_off(ledger, WORKSPACE, promotion, gate, team=team, who="Ann", on=date(2026, 4, 1))
    assert message in str(error.value)
    assert ledger.events() == []


@pytest.mark.parametrize(("begins", "words"), [("2026-05-01", "In 1 day"), ("2026-05-02", "In 2 days")])
def test_what_is_signed_for_is_what_customers_read_on_the_day_of_the_launch(
    ledger: LedgerBook, begins: str, words: str
) -> None:
    """The newest version may begin only after the launch: nobody signs for its words."""
    promise = {
        "claim": "In 2 days", "made_by": "a", "kept_by": "b", "target": "95%",
        "measure": {"items": "orders", "id": "id", "started": "s", "done": "t", "within": "2 calendar days"},
        "versions": [{"from": "2026-01-01"}, {"from": begins, "claim": "In 1 day", "within": "1 calendar day"}],
    }  # fmt: skip
    spring = Promotion.model_validate({**SPRING, "leans_on": ["fast"]})
    workspace = Workspace(
        Path("nowhere"),
        Company(name="Test", timezone="Europe/London"),
        promises={"fast": Promise.model_validate(promise)},
        promotions={"spring": spring},
    )
    on = date(2026, 4, 1)
    one = sign_off(ledger, workspace, "spring", "press pack", team="brand-marketing", who="Ann", on=on)
    assert dict(one.wording) == {"": "Next day, all weekend", "fast": words}
