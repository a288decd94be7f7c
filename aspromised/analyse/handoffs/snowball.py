"""How much likelier a promise breaks after a late handover: of all items, and among like ones. It follows; that is no cause."""

from dataclasses import dataclass
from math import isinf, isnan

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import segment_value, segments_of
from aspromised.analyse.windows.window import Window
from aspromised.stats.relative_risk import (
    Exposed,
    RiskRatio,
    attributable_share,
    risk_ratio,
    risk_ratio_within,
)
from aspromised.words.figures import count, percent

LEAST_LATE = 5
"""Late handovers, and broken items after them, below which nothing is told."""


@dataclass(frozen=True)
class Snowball:
    """A stage: items handed over late and in time, how many of each broke, and the ratio of the two risks."""

    position: int
    stage: str
    supplier: str
    table: Exposed
    crude: RiskRatio
    within: RiskRatio
    """The same among items with equal segment values."""
    share: float
    """Of all broken items, those that would not be had late ones the risk of the others."""

    @property
    def avoidable(self) -> float:
        """How many items that is."""
        return self.share * (self.table.harmed + self.table.harmed_without)

    @property
    def is_told(self) -> bool:
        """Whether there are enough to say anything."""
        t = self.table
        return min(t.exposed, t.without) >= LEAST_LATE and t.harmed + t.harmed_without >= LEAST_LATE

    @property
    def stands_out(self) -> bool:
        """Whether the risk is higher after a late handover, also among like items, beyond chance."""
        return (
            self.is_told
            and self.crude.low > 1
            and (self.within.low > 1 or self.within.low != self.within.low)
        )

    def sentence(self, items: str) -> str:
        """Return what follows a late handover of the stage."""
        if not self.is_told:
            return f"Too few {items} came late out of {self.stage} to say what follows."
        t = self.table
        like = f"; among like {items} {within}" if (within := times_words(self.within)) else ""
        if isinf(self.crude.ratio):
            return (
                f"All {count(t.harmed)} broken {items} are among the {count(t.exposed)} that came late out of {self.stage}, none among the"
                f" {count(t.without)} in time: {times_words(self.crude)} the risk{like}."
            )
        found = (
            f"Of {count(t.exposed)} {items} that came late out of {self.stage}, {percent(t.risk)} were broken; of"
            f" {count(t.without)} in time, {percent(t.risk_without)}: {times_words(self.crude)} the risk"
            f" ({self.crude.low:.1f} to {self.crude.high:.1f})"
        )
        follow = (
            f" {percent(self.share)} of all broken follow it beyond the others' risk."
            if self.share > 0
            else ""
        )
        return f"{found}{like}.{follow}"


def times_words(found: RiskRatio) -> str:
    """Return how many times the risk is, at least where there is no end to it, "" where it is not known.

    >>> from math import inf, nan
    >>> times_words(RiskRatio(2.25, 1.5, 4.0)), times_words(RiskRatio(inf, 12.34, inf)), times_words(RiskRatio(nan, nan, nan))
    ('2.2 times', 'at least 12.3 times', '')
    """
    if isnan(found.ratio):
        return ""
    return f"at least {found.low:.1f} times" if isinf(found.ratio) else f"{found.ratio:.1f} times"


def snowballs(
    snapshot: Queryable, chain_id: str, promise_id: str, window: Window, segment: str = "", value: str = ""
) -> list[Snowball]:
    """Return every stage of a chain but the last with how the promise's items fared after it, in the stages' order.

    The last hands over to the customer: what follows that is the promise itself.
    """
    segments = segments_of(snapshot, promise_id)
    keys = "".join(f", {segment_value(name)} as s{n}" for n, name in enumerate(segments))
    part = f" and {segment_value(segment)} = $value" if segment and value else ""
    counts = ("late_broken", "late_kept", "timely_broken", "timely_kept")
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in counts)
    rows = snapshot.query(
        f"select position{keys}, {sums} from handed_cell where chain_id = $chain and promise_id = $promise and {window.condition}{part}\n"
        "group by all",
        {"chain": chain_id, "promise": promise_id, **window.parameters, **({"value": value} if part else {})},
    )
    stages = snapshot.query(
        "select position, stage, supplier from chain_stage where chain_id = $chain order by position",
        {"chain": chain_id},
    )
    found = []
    for stage in stages.iloc[:-1].itertuples():
        own = rows[rows["position"] == stage.position]
        strata = [
            Exposed(int(a), int(a + b), int(c), int(c + d))
            for a, b, c, d in own[list(counts)].itertuples(index=False)
        ]
        table = Exposed(
            *(
                sum(getattr(s, name) for s in strata)
                for name in ("harmed", "exposed", "harmed_without", "without")
            )
        )
        crude = risk_ratio(table)
        found.append(
            Snowball(
                int(stage.position), str(stage.stage), str(stage.supplier), table, crude,
                risk_ratio_within(strata), attributable_share(table, crude.ratio),
            )
        )  # fmt: skip
    return found
