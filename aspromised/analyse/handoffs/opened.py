"""A promise's chain over a window, with all that the page on handoffs tells of it."""

from dataclasses import dataclass

import pandas as pd

from aspromised.analyse.handoffs.late import LateMinutes, late_items_of, late_minutes
from aspromised.analyse.handoffs.snowball import Snowball, snowballs
from aspromised.analyse.handoffs.stages import (
    DeclaredChain,
    declared_chains,
    inputs,
    stage_figures,
    team_paths,
)
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.versions import words_of_now
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, percent, plural
from aspromised.words.nouns import Noun, item_noun

_NO_CHAIN = DeclaredChain("", "", 0, 0, (), False, "")


@dataclass(frozen=True)
class OpenedChain:
    """The chain of a promise: its stages over the cases begun in the window, the lateness of the items counted in it."""

    chain: DeclaredChain
    claim: str
    noun: Noun
    """What its items are called."""
    window: Window
    is_declared: bool
    """Whether there is such a promise."""
    stages: pd.DataFrame
    """STAGE_FIGURES."""
    late: LateMinutes
    snowballs: tuple[Snowball, ...]
    inputs: pd.DataFrame
    paths: dict[str, int]
    opened: pd.DataFrame
    """The items with the most minutes at the stage that was chosen."""
    others: tuple[tuple[str, str], ...]
    """The promises that name a chain: id and words; told where this one names none."""

    @property
    def items(self) -> str:
        """What its items are called, many of them."""
        return self.noun.many

    @property
    def is_told(self) -> bool:
        """Whether there is a chain that was judged."""
        return bool(self.chain.chain_id) and not self.chain.problem

    @property
    def missing(self) -> str:
        """Why nothing is told, "" where something is."""
        return self.chain.problem

    @property
    def sentence(self) -> str:
        """Where the time of late items was lost, the plan first."""
        if not self.is_declared:
            return "There is no such promise: there is no chain to look at."
        if not self.chain.chain_id:
            return f"“{self.claim}” names no chain (`chain:`), so nobody can say where its time is lost."
        if self.chain.problem:
            return f"The chain {self.chain.chain_id} of “{self.claim}” is not judged, so nobody can say where its time is lost."
        if not self.late.items:
            if self.chain.not_shared:
                return f"Where late {self.items} of “{self.claim}” lost their time is not known: of its chain, {self.chain.not_shared}."
            return f"In {self.window.label} no late {self.items} of “{self.claim}” are counted, so there is no lost time to share."
        return f"In {self.window.label}, of “{self.claim}”: {self.late.sentence(self.noun)}"

    @property
    def followed(self) -> list[str]:
        """What follows the stages after which more is broken beyond chance, in sentences."""
        return [each.sentence(self.items) for each in self.snowballs if each.stands_out]

    @property
    def notes(self) -> list[str]:
        """What else is worth knowing of the chain, in sentences."""
        told = []
        if self.chain.unbegun:
            told.append(f"{plural(self.chain.unbegun, 'row')} without a beginning are left out.")
        if self.paths:
            p = self.paths
            told.append(
                f"Of {count(p['cases'])} cases begun in {self.window.label}, {percent(p['moved'] / p['cases'])} changed teams,"
                f" {percent(p['came_back'] / p['cases'])} went to another team and straight back, and"
                f" {percent(p['reworked'] / p['cases'])} had a stage done more than once."
            )
        return told


def open_chain(
    snapshot: Queryable, promise_id: str, window: Window, segment: str = "", value: str = "", stage: str = ""
) -> OpenedChain:
    """Return the chain that a promise names, with one part of its items and one of its stages looked into if asked for."""
    rows = snapshot.query(
        "select promise_id, chain, source from promise where promise_id = $promise", {"promise": promise_id}
    )
    words = words_of_now(snapshot)
    chains = {each.chain_id: each for each in declared_chains(snapshot)}
    named = rows["chain"].iloc[0] if len(rows) and isinstance(rows["chain"].iloc[0], str) else ""
    chain = chains.get(named, _NO_CHAIN)
    name = chain.chain_id
    part = ("", "") if chain.is_log else (segment, value)
    stages = stage_figures(snapshot, name, window, *part)
    late = late_minutes(snapshot, name, window, promise_id, segment, value)
    places = [int(row.position) for row in late.rows.itertuples() if stage and row.stage == stage]
    others = sorted({each for one in chains.values() for each in one.promises if each in words})
    return OpenedChain(
        chain=chain,
        claim=words.get(promise_id) or promise_id,
        noun=item_noun(rows["source"].iloc[0] if len(rows) else None),
        window=window,
        is_declared=bool(len(rows)),
        stages=stages,
        late=late,
        snowballs=tuple(snowballs(snapshot, name, promise_id, window, segment, value)),
        inputs=inputs(snapshot, name, window, *part),
        paths=team_paths(snapshot, name, window),
        opened=late_items_of(snapshot, name, promise_id, places[0], window, segment, value)
        if places
        else pd.DataFrame(columns=["item_id", "day", "spent_h", "budget_h", "minutes"]),
        others=() if name else tuple((each, str(words[each])) for each in others),
    )
