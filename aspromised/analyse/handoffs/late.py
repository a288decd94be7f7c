"""Whose the late minutes are: the lateness of late items by stage and owner, and what of it is disputed."""

from dataclasses import dataclass

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import segment_value
from aspromised.analyse.windows.window import Window
from aspromised.schema.chains import OUTSIDE, UNFUNDED
from aspromised.words.figures import percent, plural
from aspromised.words.nouns import Noun

OUTSIDE_WORDS, UNFUNDED_WORDS = "(outside the declared stages)", "(unfunded promise)"
LATE_COLUMNS = (
    "position", "stage", "owner", "items", "spent_h", "budget_h", "minutes", "share", "lost", "contested", "contested_share",
)  # fmt: skip
"""A row a stage and one each for what is outside them and unfunded; `items` took part in it, `minutes` are its own and add up
to the lateness. `lost` are those of items in which it lost time, before what it won back in others, and `contested` those of
`lost` that are disputed. The unfunded first, then by the stages' order, what is outside last."""


@dataclass(frozen=True)
class LateMinutes:
    """The lateness of the late items of a promise, or of all promises of a chain, over a window."""

    items: int
    minutes: float
    """NaN where no late item is shared: nothing was late, or it is not known whose the minutes are."""
    rows: pd.DataFrame
    """LATE_COLUMNS."""

    @property
    def unfunded(self) -> float:
        """The minutes that are late by plan."""
        found = self.rows.loc[self.rows["position"] == UNFUNDED, "minutes"]
        return float(found.sum())

    @property
    def worst(self) -> pd.Series | None:
        """The stage, or what lies outside, with the most minutes; None where none has any."""
        own = self.rows[self.rows["position"] != UNFUNDED]
        own = own[own["minutes"] > 0].sort_values("minutes", ascending=False)
        return own.iloc[0] if len(own) else None

    @property
    def won_back(self) -> float:
        """The minutes that stages faster than their budgets made good, as a number above 0."""
        return float(-self.rows.loc[self.rows["minutes"] < 0, "minutes"].sum())

    @property
    def contested(self) -> float:
        """The share of the minutes lost whose owner says that they are not its own; 0 where nothing was lost."""
        lost = float(self.rows["lost"].sum())
        return float(self.rows["contested"].sum()) / lost if lost else 0.0

    def counted(self, noun: Noun) -> str:
        """Return how many late items there are."""
        return plural(self.items, f"late {noun.one}", f"late {noun.many}")

    def sentence(self, noun: Noun) -> str:
        """Return where the lateness came from, the unfunded first."""
        if not self.items:
            return ""
        were = "was" if self.items == 1 else "were"
        told = [f"{self.counted(noun)} {were} {_hours(self.minutes)} late in all."]
        if self.unfunded > 0:
            told.append(
                f"The budgets alone exceed what was promised by {_hours(self.unfunded)}: late by plan, before anybody began."
            )
        if (won := self.won_back) >= 30:
            told.append(f"Stages faster than their budgets won {_hours(won)} back.")
        if (worst := self.worst) is not None:
            named = worst["stage"] if worst["position"] == OUTSIDE else f"{worst['stage']} ({worst['owner']})"
            told.append(f"Of the stages {named} lost the most: {_hours(worst['minutes'])}.")
        if self.contested:
            told.append(f"{percent(self.contested)} of the time lost is disputed by its owners.")
        return " ".join(told)


def _hours(minutes: float) -> str:
    return plural(minutes / 60, "hour")


def late_minutes(
    snapshot: Queryable,
    chain_id: str,
    window: Window,
    promise_id: str = "",
    segment: str = "",
    value: str = "",
) -> LateMinutes:
    """Return the late minutes of a chain by stage, of one promise (and one part of its items) if asked for.

    Of all promises together an item that is late for two is late twice.
    """
    chosen = " and promise_id = $promise" if promise_id else ""
    part = f" and {segment_value(segment)} = $value" if segment and value else ""
    asked: dict[str, object] = {"chain": chain_id, **window.parameters}
    asked |= {"promise": promise_id} if promise_id else {}
    asked |= {"value": value} if part else {}
    rows = snapshot.query(
        f"""
        with late as (select * from late_stage where chain_id = $chain and {window.condition}{chosen}{part}),
        named as (
            select position, stage, supplier as owner from chain_stage where chain_id = $chain
            union all select {UNFUNDED}, '{UNFUNDED_WORDS}', null
            union all select {OUTSIDE}, '{OUTSIDE_WORDS}', null
        ),
        disputed as (
            select late.position, sum(late.late_us) as late_us from late join named using (position)
            where exists (
                select 1 from dispute d where d.chain_id = $chain and d.stage = named.stage
                    and (d.promise_id is null or d.promise_id = late.promise_id)
                    and (d.item_id is null or d.item_id = late.item_id)
                    and (d.from_day is null or late.day >= d.from_day) and (d.to_day is null or late.day <= d.to_day)
            ) and late.late_us > 0 group by late.position
        ),
        summed as (
            select position, count(*) as items, sum(spent_us) / 3.6e9 as spent_h, sum(budget_us) / 3.6e9 as budget_h,
                sum(late_us) / 6e7 as minutes, sum(greatest(late_us, 0)) / 6e7 as lost
            from late group by position
        )
        select named.*, coalesce(items, 0) as items, coalesce(spent_h, 0.0) as spent_h, coalesce(budget_h, 0.0) as budget_h,
            case when exists (from late) then coalesce(minutes, 0.0) end as minutes,
            case when exists (from late) then coalesce(lost, 0.0) end as lost, coalesce(disputed.late_us / 6e7, 0.0) as contested
        from named left join summed using (position) left join disputed using (position)
        order by case position when {OUTSIDE} then 1000 else position end
        """,
        asked,
    )
    owners = _owners(snapshot, chain_id, promise_id)
    total = float(rows["minutes"].sum(min_count=1))
    rows = rows.assign(
        owner=[
            owners.get(place, owner) for place, owner in zip(rows["position"], rows["owner"], strict=True)
        ],
        share=rows["minutes"] / total if total == total and total else float("nan"),
        contested_share=rows["contested"] / rows["lost"].where(rows["lost"] > 0),
    )
    items = snapshot.query(
        "select count(*) as n from (select distinct promise_id, item_id from late_stage"
        f" where chain_id = $chain and {window.condition}{chosen}{part})",
        asked,
    )
    kept = rows[(rows["position"] > 0) | (rows["items"] > 0)]
    return LateMinutes(int(items["n"].iloc[0]), total, kept[list(LATE_COLUMNS)].reset_index(drop=True))


def _owners(snapshot: Queryable, chain_id: str, promise_id: str) -> dict[int, str]:
    """Return who owns what is no stage's: the unfunded the teams that make the promises, the rest those that keep them."""
    rows = snapshot.query(
        "select made_by, kept_by from promise where chain = $chain and $promise in ('', promise_id)",
        {"chain": chain_id, "promise": promise_id},
    )
    named = {UNFUNDED: "made_by", OUTSIDE: "kept_by"}
    return {place: ", ".join(sorted(set(rows[name].dropna()))) for place, name in named.items()}


def late_items_of(
    snapshot: Queryable,
    chain_id: str,
    promise_id: str,
    position: int,
    window: Window,
    segment: str = "",
    value: str = "",
) -> pd.DataFrame:
    """Return the items of a promise with the most minutes at one place of the chain: item_id, day, spent_h, budget_h, minutes."""
    part = f" and {segment_value(segment)} = $value" if segment and value else ""
    return snapshot.query(
        "select item_id, day, spent_us / 3.6e9 as spent_h, budget_us / 3.6e9 as budget_h, late_us / 6e7 as minutes\n"
        f"from late_stage where chain_id = $chain and promise_id = $promise and position = $position and {window.condition}{part}\n"
        "and late_us > 0 order by late_us desc, item_id limit 200",
        {
            "chain": chain_id, "promise": promise_id, "position": position, **window.parameters,
            **({"value": value} if part else {}),
        },
    )  # fmt: skip
