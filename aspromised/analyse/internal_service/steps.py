"""The seven steps of internal service, and which of them a chain can be seen to have passed, each with its evidence and date.

What practitioners teach of managing internal service: know what goes in and out, whom it is
for, what they expect; change the process; know who supplies it; require, measure and tell; and set when to do so again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.queryable import Queryable, remembered
from aspromised.words.figures import day, listed, plural
from aspromised.words.vocabulary import OF_SUPPLIER

SERVICE_STEPS = (
    "What goes in and comes out is written down",
    "Its customers are named",
    "Customers said what they expect, and how it is",
    "The process was changed since",
    "Its suppliers are named",
    "Inputs are required, measured, and suppliers told",
    "A day is set to do all this again",
)
"""The seven steps in plain words."""

_RECENT_DAYS = 365
"""What was said or handed over longer ago has to be asked anew."""


@dataclass(frozen=True)
class Step:
    """One step of a chain: whether it can be seen to be passed, by what evidence of which day, else what is missing to do next."""

    number: int
    passed: bool
    evidence: str
    on: date | None
    missing: str

    @property
    def name(self) -> str:
        """The step in plain words."""
        return SERVICE_STEPS[self.number - 1]


@dataclass(frozen=True)
class ChainSteps:
    """A chain and its seven steps."""

    chain_id: str
    steps: tuple[Step, ...]
    promise_id: str = ""
    """The first promise that it keeps, "" where it keeps none."""

    @property
    def passed(self) -> int:
        """How many steps it has passed."""
        return sum(each.passed for each in self.steps)

    @property
    def sentence(self) -> str:
        """How far it is, and what is to be done next."""
        left = next((each for each in self.steps if not each.passed), None)
        told = f"{self.chain_id}: {self.passed} of {len(self.steps)} steps can be seen"
        return f"{told}; next, {left.missing}." if left else f"{told}."


@dataclass(frozen=True)
class _Seen:
    """All that is known of a chain for its steps."""

    chain_id: str
    stages: pd.DataFrame
    promises: tuple[str, ...]
    review_by: date | None
    expected: frozenset[str]
    """The customers that said what they expect of it, or require a score of who supplies them."""
    rated: dict[tuple[str, str], date]
    """The newest rating by supplier and customer."""
    changes: tuple[tuple[date, str, str], ...]
    """The day of each change of what it promises, what it was, and what came of it."""
    measured: frozenset[str]
    """The inputs of which it is counted how often they were there."""
    briefed: dict[tuple[str, str], date]
    reviewed: date | None
    as_of: date

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Who hands over to whom, without those that hand over to themselves."""
        found = zip(self.stages["supplier"], self.stages["customer"], strict=True)
        return sorted({pair for pair in found if pair[0] != pair[1]})

    def is_recent(self, on: date | None) -> bool:
        """Whether a day is no more than a year ago."""
        return on is not None and self.as_of - on <= timedelta(days=_RECENT_DAYS)


@remembered
def seven_steps(snapshot: Queryable) -> tuple[ChainSteps, ...]:
    """Return the steps of every chain, by its id."""
    told = _everything(snapshot)
    asked = (_in_and_out, _customers, _expectations, _changed, _suppliers, _inputs, _again)
    return tuple(
        ChainSteps(seen.chain_id, tuple(step(seen) for step in asked), next(iter(seen.promises), ""))
        for seen in told
    )


def _in_and_out(seen: _Seen) -> Step:
    stages = seen.stages
    silent = [row.stage for row in stages.itertuples() if not len(row.delivers)]
    blind = [row.stage for row in stages.itertuples() if not len(row.requires)]
    said = f"{len(stages) - len(silent)} of {plural(len(stages), 'stage')} say what they hand over, {len(stages) - len(blind)} what they need"
    missing = [f"`delivers` of {_some(silent)}"] * bool(silent) + [f"`requires` of {_some(blind)}"] * bool(
        blind
    )
    return Step(1, not missing, said, None, f"declare {' and '.join(missing)}" if missing else "")


def _some(names: list[str]) -> str:
    """Return a few names, or the first of many.

    >>> _some(["a", "b"]), _some(["a", "b", "c", "d"])
    ('a and b', 'a and 3 more')
    """
    return listed(names) if len(names) <= _FEW_NAMES else f"{names[0]} and {len(names) - 1} more"


_FEW_NAMES = 3


def _customers(seen: _Seen) -> Step:
    inside = sorted({customer for _, customer in seen.pairs})
    said = f"inside: {listed(inside) if inside else 'none'}; outside: {plural(len(seen.promises), 'promise')} to customers"
    is_known = bool(inside or seen.promises)
    return Step(2, is_known, said, None, "" if is_known else f"name it as `chain: {seen.chain_id}` of the promises it keeps")  # fmt: skip


def _expectations(seen: _Seen) -> Step:
    customers = sorted({customer for _, customer in seen.pairs})
    newest = {
        customer: max((on for (_, of), on in seen.rated.items() if of == customer), default=None)
        for customer in customers
    }
    silent = [each for each in customers if each not in seen.expected]
    unheard = [each for each in customers if not seen.is_recent(newest[each])]
    heard = [on for on in newest.values() if on]
    said = f"{len(customers) - len(silent)} of {plural(len(customers), 'customer')} said what they expect, {len(customers) - len(unheard)} rated it within a year"
    missing = [f"ask {listed(silent)} what they expect (`expects`)"] * bool(silent) + [
        f"have {listed(unheard)} rate it"
    ] * bool(unheard)
    missing = missing or ["name who it hands over to"] * (not customers)
    return Step(3, not missing, said, max(heard, default=None), " and ".join(missing))  # fmt: skip


def _changed(seen: _Seen) -> Step:
    over = [each for each in seen.changes if each[0] <= seen.as_of]
    if not over:
        return Step(4, False, "no change of what it promises is declared", None, "declare what was changed under `changes`")  # fmt: skip
    on, what, verdict = max(over, key=lambda each: (each[2] in _TOLD, *each))
    return Step(4, True, f"{what}: {verdict}", on, "")


def _suppliers(seen: _Seen) -> Step:
    suppliers = sorted(set(seen.stages["supplier"]))
    return Step(5, bool(suppliers), listed(suppliers) if suppliers else "none", None, "" if suppliers else "declare its stages")  # fmt: skip


def _inputs(seen: _Seen) -> Step:
    required = sorted({need for needs in seen.stages["requires"] for need in needs})
    told = {pair: on for pair, on in seen.briefed.items() if pair in seen.pairs and seen.is_recent(on)}
    untold = [
        f"{supplier} by {customer}" for supplier, customer in seen.pairs if (supplier, customer) not in told
    ]
    unmeasured = [each for each in required if each not in seen.measured]
    said = f"{plural(len(required), 'input')} required, {len(required) - len(unmeasured)} measured; {len(told)} of {plural(len(seen.pairs), 'pair')} handed a brief within a year"
    missing = ["declare `requires` of its stages"] * (not required)
    missing += [f"measure {listed(unmeasured)} (`met_when`)"] * bool(unmeasured)
    if untold:
        others = f" and {len(untold) - 1} more" if len(untold) > 1 else ""
        missing.append(f"hand the brief to {untold[0]}{others} (`aspromised brief … --who`)")
    return Step(6, not missing, said, max(told.values(), default=None), " and ".join(missing))  # fmt: skip


def _again(seen: _Seen) -> Step:
    last = f"; last reviewed {day(seen.reviewed)}" if seen.reviewed else ""
    if seen.review_by is None:
        return Step(7, False, f"no day is set{last}", seen.reviewed, "declare `review_by` of the chain")
    overdue = (seen.as_of - seen.review_by).days
    late = f", {plural(overdue, 'day')} overdue" if overdue > 0 else ""
    is_done = seen.reviewed is not None and seen.reviewed >= seen.review_by - timedelta(days=_ABOUT)
    first = "" if is_done else f"review it (`aspromised reviewed {seen.chain_id} --who NAME`) and "
    doing = f"{first}set the next `review_by`" if late else ""
    return Step(7, not late, f"by {day(seen.review_by)}{late}{last}", seen.reviewed, doing)


_ABOUT = 31
"""A review so many days before its day is that review."""


def _everything(snapshot: Queryable) -> Iterable[_Seen]:
    """Yield what is known of each chain, by a few questions for all of them."""
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    chains = snapshot.query("select chain_id, promises, review_by from chain order by chain_id")
    stages = snapshot.query(
        "select chain_id, stage, supplier, customer, delivers, requires from chain_stage order by chain_id, position"
    )
    expected = snapshot.query(
        "select chain_id, customer from chain_expectation union"
        " select s.chain_id, s.customer from chain_stage s join rating_required r using (supplier, customer)"
    )
    rated = snapshot.query(
        "select supplier, customer, max(day) as day from rating_daily where direction = $direction group by all",
        {"direction": OF_SUPPLIER},
    )
    changes = snapshot.query(
        'select promise_id, change_id, "on", what, verdict from change_effect join change using (change_id)'
    )
    measured = snapshot.query("select distinct chain_id, input from input_daily where met + unmet > 0")
    acts = snapshot.query("select kind, chain_id, supplier, customer, written_at from service_act")
    for row in chains.itertuples():
        own = stages[stages["chain_id"] == row.chain_id]
        pairs = set(zip(own["supplier"], own["customer"], strict=True))
        touched = changes[changes["promise_id"].isin(list(row.promises))]
        briefs = acts[acts["kind"] == "brief"]
        reviews = acts[(acts["kind"] == "chain-review") & (acts["chain_id"] == row.chain_id)]["written_at"]
        yield _Seen(
            chain_id=str(row.chain_id),
            stages=own,
            promises=tuple(row.promises),
            review_by=_day_of(row.review_by),
            expected=frozenset(expected[expected["chain_id"] == row.chain_id]["customer"]),
            rated={(r.supplier, r.customer): pd.Timestamp(r.day).date() for r in rated.itertuples() if (r.supplier, r.customer) in pairs},
            changes=tuple(sorted({(pd.Timestamp(c.on).date(), str(c.what), _of_change(touched, c.change_id)) for c in touched.itertuples()})),
            measured=frozenset(measured[measured["chain_id"] == row.chain_id]["input"]),
            briefed={(b.supplier, b.customer): pd.Timestamp(b.written_at).date() for b in briefs.sort_values("written_at").itertuples()},
            reviewed=_day_of(reviews.max()) if len(reviews) else None,
            as_of=as_of,
        )  # fmt: skip


_TOLD = ("made worse", "helped", "no evidence")


def _of_change(touched: pd.DataFrame, change: str) -> str:
    """Return what came of a change for the promises of a chain: the worst that is beyond doubt, else that it is not told."""
    found = set(touched[touched["change_id"] == change]["verdict"])
    return next((verdict for verdict in _TOLD if verdict in found), "what came of it is not told yet")


def _day_of(moment: object) -> date | None:
    return None if moment is None or pd.isna(moment) else pd.Timestamp(str(moment)).date()
