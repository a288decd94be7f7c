"""Promotions as they stood: when they were launched, what they lean on, what they need, and what their launches coincided with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.launch_change import BEFORE_DAYS, changes
from aspromised.analyse.series import Snapshot
from aspromised.words.figures import day, plural

HAS_RUN, RUNNING, PLANNED, CALLED_OFF, UNREADABLE = (
    "has run",
    "is running",
    "is planned",
    "was called off",
    "cannot be read",
)
STATES = (HAS_RUN, RUNNING, PLANNED, CALLED_OFF, UNREADABLE)
LAUNCHED = (HAS_RUN, RUNNING)
PROMOTION_COLUMNS = ("promotion_id", "says", "run_by", "announced", "launched", "ends", "first", "last", "leans_on",
                     "expects_demand", "basis", "state", "problem")  # fmt: skip
GATE_COLUMNS = ("promotion_id", "says", "state", "gate", "kind", "needed", "optional")
NOT_JUDGED = "Whether anything was ready is not judged yet."
DECLARE = """promotions:
  spring-express:
    says: Next-day delivery on everything, all weekend
    run_by: marketing
    launched: 2027-05-01T08:00
    ends: 2027-05-03
    leans_on: [the-id-of-a-promise]
    ready_when:
      - {gate: agents trained, signed_off_by: customer-care}
"""
"""What a workspace without promotions may copy."""


def promotions(snapshot: Snapshot) -> pd.DataFrame:
    """Return one row a promotion, by launch: PROMOTION_COLUMNS.

    `announced`, `launched` and `ends` are on the company's clock; `first` and `last` are the local days of the launch and
    of the end, NaT where none is declared. `state` is one of STATES at the snapshot's moment.
    """
    table = snapshot.query(
        "select promotion_id, says, run_by, announced, launched, ends, coalesce(cancelled, false) as cancelled, leans_on,"
        " expects_demand, basis, problem from promotion order by launched, promotion_id"
    )
    as_of = datetime.fromisoformat(snapshot.meta["as_of"]).astimezone(UTC).replace(tzinfo=None)
    states = [_state(row, pd.Timestamp(as_of)) for _, row in table.iterrows()]
    zone = ZoneInfo(snapshot.meta["timezone"])
    table = table.assign(
        **{name: _local(table[name], zone) for name in ("announced", "launched", "ends")},
        says=table["says"].fillna(table["promotion_id"]),
        leans_on=[list(names) if names is not None else [] for names in table["leans_on"]],
        state=pd.Series(states, index=table.index, dtype="str"),
    )
    days = {"first": table["launched"].dt.normalize(), "last": table["ends"].dt.normalize()}
    return table.assign(**days)[list(PROMOTION_COLUMNS)]


def _state(row: pd.Series, as_of: pd.Timestamp) -> str:
    if row["cancelled"]:
        return CALLED_OFF
    if pd.isna(row["launched"]):
        return UNREADABLE
    if row["launched"] > as_of:
        return PLANNED
    return RUNNING if pd.isna(row["ends"]) or row["ends"] > as_of else HAS_RUN


def _local(instants: pd.Series, zone: ZoneInfo) -> pd.Series:
    """UTC instants on the wall clock of a zone."""
    utc = pd.to_datetime(instants).astype("datetime64[us]").dt.tz_localize("UTC")
    return utc.dt.tz_convert(zone).dt.tz_localize(None)


def gates(snapshot: Snapshot, table: pd.DataFrame) -> pd.DataFrame:
    """Return what each promotion of `table` needs before launch, as declared, planned ones first: GATE_COLUMNS.

    After the planned ones, the next launch first, come the launched ones, the latest first, and what was called off.

    A promotion without gates has one row with null `gate`.
    """
    declared = snapshot.query(
        "select promotion_id, gate, kind, needed, coalesce(optional, false) as optional from gate"
        " order by promotion_id, position"
    )
    ahead, done, off = (table[table["state"].isin(states)] for states in ((PLANNED,), LAUNCHED, STATES[3:]))
    ordered = pd.concat([ahead, done.iloc[::-1], off])[["promotion_id", "says", "state"]]
    return ordered.merge(declared, on="promotion_id", how="left")


@dataclass(frozen=True)
class Launches:
    """All promotions: PROMOTION_COLUMNS, their gates: GATE_COLUMNS, and what launches coincided with: CHANGE_COLUMNS."""

    promotions: pd.DataFrame
    gates: pd.DataFrame
    changes: pd.DataFrame
    as_of: date

    @property
    def sentence(self) -> str:
        """How many ran, are planned and were called off, and after how many a promise was kept less often."""
        counted = self.promotions["state"].value_counts()
        told = [_told(state, int(counted[state])) for state in STATES if state in counted]
        said = [f"{plural(len(self.promotions), 'promotion')}: {_listed(told)}.", self._coincided, NOT_JUDGED]
        return " ".join(filter(None, said))

    @property
    def _coincided(self) -> str:
        launched = int(self.promotions["state"].isin(LAUNCHED).sum())
        compared = self.changes[self.changes["comparable"]]
        without = launched - compared["promotion_id"].nunique()
        if not launched:
            return ""
        if compared.empty:
            return "None of the launches can be compared with the days before."
        worse = int(compared.loc[compared["standing"] == "less often", "promotion_id"].nunique())
        so_many = f"{worse or 'None'} of {plural(launched, 'launch', 'launches')}"
        lean = "they lean" if worse > 1 else "it leans"
        left = f"; {without} cannot be compared" if without else ""
        return (
            f"{so_many} coincided with a promise {lean} on being kept less often"
            f" than in the {BEFORE_DAYS} days before, by more than chance{left}."
        )

    @property
    def next_steps(self) -> list[str]:
        """What to do next: look into the largest loss, and check by hand what the next launch needs."""
        worse = self.changes[self.changes["standing"] == "less often"]
        look = (
            [f"Open “{worse.iloc[0]['says']}”, the largest loss, and look at its weeks."]
            if len(worse)
            else []
        )
        planned = self.promotions[self.promotions["state"] == PLANNED]
        return [*look, *[self._check(row) for _, row in planned.iterrows()]]

    def _check(self, row: pd.Series) -> str:
        needed = self.gates[(self.gates["promotion_id"] == row["promotion_id"]) & self.gates["gate"].notna()]
        when = f"Before “{row['says']}” is launched on {day(row['first'].date())}"
        if needed.empty:
            return f"{when}, declare what must be ready under ready_when."
        return f"{when}, go through {_number_of(needed)} by hand."


def _number_of(gates: pd.DataFrame) -> str:
    return "its one gate" if len(gates) == 1 else f"its {len(gates)} gates"


def _told(state: str, number: int) -> str:
    many = {
        HAS_RUN: "have run",
        RUNNING: "are running",
        PLANNED: "are planned",
        CALLED_OFF: "were called off",
    }
    return f"{number} {state if number == 1 else many.get(state, state)}"


def launches(snapshot: Snapshot) -> Launches:
    """Return every promotion with its gates and what its launch coincided with."""
    table = promotions(snapshot)
    as_of = date.fromisoformat(snapshot.meta["as_of_day"])
    found = changes(snapshot, table[table["state"].isin(LAUNCHED)], as_of)
    return Launches(table, gates(snapshot, table), found, as_of)


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
