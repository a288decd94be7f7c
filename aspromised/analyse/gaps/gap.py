"""Where a promise breaks: the finding a gaps page opens with."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from aspromised.analyse.gaps.excess import STANDS_OUT
from aspromised.analyse.gaps.lattice import PART_COLUMNS, lattice
from aspromised.analyse.gaps.simpson import reversal
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.figures import waiting
from aspromised.analyse.rates.scope import Scope, Where, promise_row, segments_of, where_name
from aspromised.analyse.rates.versions import claims_on, told_day
from aspromised.analyse.rates.wordings import aside, statuses_in_words
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import count, percent, points_to_target, target, without_sign
from aspromised.words.moments import last_day_over
from aspromised.words.nouns import item_noun

AT_LEAST = 30
"""Items below which a part is too few, where the promise does not say."""


@dataclass(frozen=True)
class Gap:
    """A promise over a window (or one part of it): where it stands and which parts break it. `parts` is PART_COLUMNS."""

    scope: Scope
    claim: str
    items: str
    """What its items are called: orders, tickets."""
    problem: str
    """Why it cannot be judged, "" where it can."""
    standing: pd.Series
    """A row of `statuses_in_words`, of the whole or of the part."""
    at_least: int
    parts: pd.DataFrame
    as_of: date
    caution: str
    """The sentence where a ranking of two values turns round inside every value of another segment, else ""."""
    spread_of: str = ""
    """Of a spread: the promise whose units are compared, and in `spread_claim` its words."""
    spread_claim: str = ""
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""
    chain: str = ""
    """The chain that keeps it, "" where it names none."""
    segments: tuple[str, ...] = ()
    """The segments it declares."""
    is_declared: bool = True
    """Whether there is such a promise."""

    @property
    def sentence(self) -> str:
        """Where it stands, then where it breaks most beyond its share."""
        if not self.is_declared:
            return f"{self.problem}: there is no gap to look for."
        if self.problem:
            return f"“{self.claim}” is not judged, so nobody can say where it breaks."
        if self.standing.get("kind") == "spread":
            return f"“{self.claim}” is about how far “{self.spread_claim}” differs between units: look for that promise here."
        if not self.standing["decided"]:
            return f"{_upper(self._when)} nothing was decided on “{self.claim}”{self._within}: no gap to look for."
        return f"{self._stands} {self._wordings}{worst_sentence(self.parts)}".strip()

    @property
    def _wordings(self) -> str:
        """What was promised in other words, which the parts count as well; "" where there was nothing."""
        told = aside(self.standing, self.items)
        return f"{told} {'' if self.parts.empty else 'All wordings together: '}" if told else ""

    @property
    def named(self) -> str:
        """What its parts, its weeks and its items are of: the claim, or all its wordings."""
        return f"“{self.claim}”{' in all its wordings' if self.standing['others'] else ''}"

    @property
    def _when(self) -> str:
        is_over = self.scope.window.is_closed(self.over or self.as_of)
        return f"in {self.scope.window.said(self.as_of, self.over)}{'' if is_over else ','}"

    @property
    def _within(self) -> str:
        return f" ({where_name(self.scope.where)})" if self.scope.is_part else ""

    @property
    def _stands(self) -> str:
        row = self.standing
        kept = f"was kept for {percent(row['rate'])} of {count(row['decided'])} {self.items}"
        return f"{_upper(self._when)} “{self.claim}”{self._within} {kept}, {self._against}."

    @property
    def _against(self) -> str:
        row = self.standing
        aim = f"the target of {target(row['target'])}"
        match row["status"]:
            case "missed":
                return f"missing {aim} by {without_sign(points_to_target(row['rate'], row['target']))}: {count(-row['gap_items'])} {self.items} short"
            case "kept":
                return f"above {aim}"
            case "too few":
                return f"too few to hold against {aim}"
        waits = waiting(row, self.items)
        return f"too close to {aim} to call{f': it {waits}' if waits else ''}"


def gap(
    snapshot: Queryable, promise_id: str, when: Window | str, where: Where = (), segment: str = ""
) -> Gap:
    """Return where a promise stands over a window (or a month, "2026-10") and which parts break it.

    With conditions, only the items that meet them are looked at, by all that is left to tell them apart; `segment` narrows
    the parts to its values.
    """
    scope = Scope(promise_id, Window.of(when), where)
    table = statuses_in_words(snapshot, scope.window).set_index("promise_id")
    if promise_id not in table.index:
        return _absent(scope, bool(len(table)))
    whole = table.loc[promise_id]
    at_least = int(whole["at_least"]) if whole["at_least"] > 0 else AT_LEAST
    parts = lattice(snapshot, scope, at_least)
    spread_of, spread_claim = _spread_of(snapshot, scope)
    row = promise_row(snapshot, promise_id)
    return Gap(
        scope=scope,
        claim=str(whole["claim"]),
        items=item_noun(row["source"] if row is not None else None).many,
        problem=whole["problem"] if isinstance(whole["problem"], str) else "",
        standing=_part(snapshot, scope) if scope.is_part else whole,
        at_least=at_least,
        parts=parts[[{name for name, _ in each} == {segment} for each in parts["where"]]].reset_index(
            drop=True
        )
        if segment
        else parts,
        as_of=date.fromisoformat(snapshot.meta["as_of_day"]),
        caution=reversal(snapshot, scope, at_least, segment),
        spread_of=spread_of,
        spread_claim=spread_claim,
        over=last_day_over(snapshot.meta["as_of"]),
        chain=str(row["chain"]) if row is not None and isinstance(row["chain"], str) else "",
        segments=tuple(segments_of(snapshot, promise_id)),
    )


def _spread_of(snapshot: Queryable, scope: Scope) -> tuple[str, str]:
    """The promise that a spread is of, and its words in the window; "" of any other kind."""
    row = promise_row(snapshot, scope.promise_id)
    if row is None or promise_row(snapshot, row["spread_of"]) is None:
        return "", ""
    told = told_day(scope.window, date.fromisoformat(snapshot.meta["as_of_day"]))
    other = str(row["spread_of"])
    return other, claims_on(snapshot, told).get(other, other)


def _absent(scope: Scope, any_declared: bool) -> Gap:
    none = (
        f"No promise could be judged in {scope.window.label}"
        if any_declared
        else "No promise is declared yet"
    )
    said = f"There is no promise '{scope.promise_id}'" if scope.promise_id else none
    no_parts = pd.DataFrame(columns=list(PART_COLUMNS))
    return Gap(
        scope, scope.promise_id, "items", said, pd.Series({"decided": 0}), AT_LEAST, no_parts, date.max, "",
        is_declared=False,
    )  # fmt: skip


def _part(snapshot: Queryable, scope: Scope) -> pd.Series:
    """Where the items of a part stand, as `statuses_in_words` tells of all."""
    table = statuses_in_words(scope.inside(snapshot), scope.window).set_index("promise_id")
    return table.loc[scope.promise_id]


def worst_sentence(parts: pd.DataFrame) -> str:
    """Return the sentence on the part that breaks it most beyond its share, "" where nothing can be compared.

    >>> row = dict(where=(("carrier", "Arrowline"),), excess=42.2, low=21.4, high=63.0, standing="more")
    >>> worst_sentence(pd.DataFrame([row]))
    "Carrier Arrowline breaks it most beyond its share: 42 more broken than at the others' rate (21 to 63)."
    """
    tested = parts[parts["standing"] != "too few"]
    if tested.empty:
        return "No part has enough of them to be compared with the rest." if len(parts) else ""
    more, fewer = (tested[tested["standing"] == side] for side in STANDS_OUT)
    if len(more):
        name, excess_of, between = _told(more.iloc[0])
        return f"{_upper(name)} breaks it most beyond its share: {excess_of} more broken than at the others' rate {between}."
    if len(fewer):
        name, excess_of, between = _told(fewer.iloc[-1])
        return f"No part stands out with more broken; {name} does with {excess_of} fewer than at the others' rate {between}."
    if tested["excess"].iloc[0] <= 0:
        return "No part breaks it more than the others."
    name, excess_of, between = _told(tested.iloc[0])
    return f"No part stands out beyond chance; the most is {name}, {excess_of} more {between}."


def _told(part: pd.Series) -> tuple[str, str, str]:
    """A part's name, how many more or fewer it broke, and between which."""
    low, high = (part["low"], part["high"]) if part["excess"] >= 0 else (-part["high"], -part["low"])
    between = f"({count(low)} to {count(high)})"
    return where_name(part["where"]), count(abs(part["excess"])), between


def most_missed(snapshot: Queryable, when: Window | str) -> str:
    """Return the promise that is most items short of its target over a window (or a month), "" where none is judged."""
    table = statuses_in_words(snapshot, Window.of(when))
    judged = table[table["problem"].isna() & (table["decided"] > 0)]
    missed = judged[judged["status"] == "missed"]
    ranked = (missed if len(missed) else judged).sort_values(["gap_items", "promise_id"])
    return str(ranked["promise_id"].iloc[0]) if len(ranked) else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
