"""All launches for one page: which went out before they were ready, who was hurt, and whether what is planned may go out."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from aspromised.analyse.launches.effect.excess import ALL
from aspromised.analyse.launches.effect.harm import CANNOT_TELL as UNTOLD
from aspromised.analyse.launches.effect.harm import MORE, LaunchHarm, harm, noun
from aspromised.analyse.launches.outlook.planned import Planned, planned_launches
from aspromised.analyse.launches.readiness.verdicts import (
    CANCELLED,
    CANNOT_TELL,
    EARLY,
    READY,
    Launched,
    Ready,
    launches,
)
from aspromised.analyse.launches.readiness.words import name_of
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.words.figures import count, day, listed, plural

LAUNCH_COLUMNS = ("promotion", "says", "run_by", "announced", "launched", "ends", "verdict", "ready_on", "days_early",
                  "missing", "why")  # fmt: skip
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
_WHO = {"all": "", "buyers": " of those it brought", "others": " of other customers"}


@dataclass(frozen=True)
class Board:
    """Every launch with its verdict (`ready`), its harm where it went out, its announcement, and the outlook of what is planned."""

    ready: Ready
    harms: dict[str, LaunchHarm]
    announced: dict[str, date]
    planned: tuple[Planned, ...]

    @property
    def as_of(self) -> date:
        """The day of the data."""
        return self.ready.as_of

    @property
    def launches(self) -> tuple[Launched, ...]:
        """Every promotion by launch."""
        return self.ready.launches

    @cached_property
    def ordered(self) -> list[Launched]:
        """Every promotion as a reader looks for it: planned ones by launch, launched ones the latest first, then the rest."""
        rest = [each for each in self.launches if each.verdict == CANCELLED or each.launched is None]
        ahead = [each for each in self.launches if each.is_planned and each not in rest]
        gone = [each for each in self.launches if each not in rest and each not in ahead]
        return [*ahead, *reversed(gone), *rest]

    @property
    def sentence(self) -> str:
        """Which went out early in the year of the data, who was hurt, and how what is planned stands."""
        return " ".join(filter(None, [self._early, self._hurt, self._ahead]))

    @property
    def early(self) -> list[Launched]:
        """The early launches of the year of the data, the longest time before ready first."""
        found = [each for each in self.ready.of(EARLY) if self._this_year(each)]
        return sorted(found, key=lambda each: -(each.days_early or 10**6))

    def _this_year(self, each: Launched) -> bool:
        return each.launched_day is not None and each.launched_day.year == self.as_of.year

    @property
    def _early(self) -> str:
        year = self.as_of.year
        if self.early:
            told = listed([early_by(each) for each in self.early])
            were = "was" if len(self.early) == 1 else "were"
            return f"{plural(len(self.early), 'promotion')} {were} launched before operations were ready in {year}: {told}."
        ready = sum(self._this_year(each) for each in self.ready.of(READY))
        untold = [
            each for each in self.ready.of(CANNOT_TELL) if self._this_year(each) and not each.is_planned
        ]
        if ready:
            return f"None of {plural(ready, 'launch', 'launches')} that can be judged went out before operations were ready in {year}."
        if untold:
            return f"Of {plural(len(untold), 'launch', 'launches')} in {year} nobody can tell whether it was ready."
        return f"Nothing was launched in {year}."

    @property
    def _hurt(self) -> str:
        found = [(each, hurt(self.harms.get(each.promotion_id))) for each in self.early]
        said = [f"{harm_words(row)} during {each.name}" for each, row in found if row is not None]
        if said:
            return f"{listed(said)}."
        told = [is_harm_known(self.harms.get(each.promotion_id)) for each in self.early]
        return "What broke then is within what chance does." if told and all(told) else ""

    @property
    def _ahead(self) -> str:
        if not self.planned:
            return "None is planned."
        short = [each.launch.name for each in self.planned if not each.is_go]
        if not short:
            return (
                f"Of {len(self.planned)} planned, all are ready today."
                if len(self.planned) > 1
                else "The one planned is ready today."
            )
        are = f"{len(short)} {'is' if len(short) == 1 else 'are'} not ready"
        return f"Of {len(self.planned)} planned, {are}: {listed(short)}."

    @property
    def next_steps(self) -> list[str]:
        """What to do next: the planned launches that are not ready, the worst harm, launches that nobody can judge."""
        return [*map(_to_settle, self.planned), *self._to_open, *self._to_declare]

    @property
    def _to_open(self) -> list[str]:
        found = [
            (float(row["excess"]), each)
            for each in self.ready.of(EARLY)
            if (row := hurt(self.harms.get(each.promotion_id))) is not None
        ]
        if not found:
            return []
        worst = max(found, key=lambda pair: pair[0])[1]
        return [f"Open {name_of(worst)}: it went out before operations were ready and did the most harm."]

    @property
    def _to_declare(self) -> list[str]:
        return [
            f"Declare what must be ready before such a launch as {each.name}, under ready_when."
            for each in self.ready.of(CANNOT_TELL)
            if each.launched and all(gate.optional for gate in each.gates)
        ]


def _to_settle(each: Planned) -> str:
    when = f"{each.launch.name} is planned for {day(each.launch.launched_day)}"
    if each.is_go:
        return f"{when} and is ready today: look again before then, a gate can be lost."
    missing = listed([f"“{gate}”" for gate in each.launch.missing]) or "what must be ready"
    return f"{when}: settle {missing}, or move it."


def early_by(each: Launched) -> str:
    """Return a launch with the days it was early, in words."""
    return (
        f"{each.name} by {plural(each.days_early, 'day')}"
        if each.days_early
        else f"{each.name}, not ready yet"
    )


def hurt(found: LaunchHarm | None) -> pd.Series | None:
    """Return the row of a launch's harm to tell first: all customers where that is clear, else the larger part; None of no harm."""
    if found is None or not found.is_harmful:
        return None
    rows = found.leaned[found.leaned["standing"] == MORE]
    whole = rows[rows["who"] == ALL]
    return (whole if len(whole) else rows).sort_values("excess", ascending=False).iloc[0]


def is_harm_known(found: LaunchHarm | None) -> bool:
    """Return whether all that a launch leans on can be held against what was to be expected."""
    return found is not None and len(found.leaned) > 0 and bool((found.leaned["standing"] != UNTOLD).all())


def harm_words(row: pd.Series) -> str:
    """Return the excess of a row of harm in words, with its interval."""
    named = noun(row)
    more = plural(row["excess"], f"more {named.one}", f"more {named.many}")
    return f"{more}{_WHO[row['who']]} ({count(row['low'])} to {count(row['high'])}) than were to be expected broke “{row['claim']}”"


@remembered
def board(snapshot: Queryable) -> Board:
    """Return every promotion, with the harm of those of which a day has passed."""
    ready = launches(snapshot)
    out = [each for each in ready.launches if each.has_run]
    announced = snapshot.query(
        "select promotion_id, (announced at time zone 'UTC' at time zone $zone)::date as day from promotion"
        " where announced is not null",
        {"zone": snapshot.meta["timezone"]},
    )
    days = {name: pd.Timestamp(when).date() for name, when in announced.itertuples(index=False)}
    return Board(
        ready,
        {each.promotion_id: harm(snapshot, each.promotion_id) for each in out},
        days,
        tuple(planned_launches(snapshot)),
    )


def launch_table(found: Board) -> pd.DataFrame:
    """Return every promotion with its verdict, a row each: LAUNCH_COLUMNS."""
    rows = [
        (each.promotion_id, each.says, each.run_by, found.announced.get(each.promotion_id), each.launched_day, each.ends_day,
         each.verdict, each.ready_on, each.days_early, ", ".join(each.missing), each.why)
        for each in found.ordered
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(LAUNCH_COLUMNS)).astype({"days_early": "Int64"})
