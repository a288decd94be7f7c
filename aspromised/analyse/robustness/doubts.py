"""How sure a number is: other definitions, what is exempt, bunching at the limit, dates that moved."""

import re
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.status import statuses, versions_each
from aspromised.analyse.rates.wordings import in_wordings
from aspromised.analyse.robustness.bunching import Bunching, bunching
from aspromised.analyse.robustness.definitions import definitions
from aspromised.analyse.robustness.exemptions import Exemptions, exemptions
from aspromised.analyse.robustness.promised_again import PromisedAgain, promised_again
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import day, percent, points_between, rounded
from aspromised.words.moments import last_day_over
from aspromised.words.nouns import Noun, item_noun
from aspromised.words.problems import MisuseError


@dataclass(frozen=True)
class Doubts:
    """What may be held against a promise's kept rate over a window."""

    promise_id: str
    window: Window
    as_of: date
    noun: Noun
    target: float
    definitions: pd.DataFrame = field(repr=False)
    """`analyse.robustness.definitions`: the declared one first."""
    exemptions: Exemptions
    bunching: Bunching | None
    promised_again: PromisedAgain | None
    wordings: int = 1
    """Under how many versions its items were decided."""
    claim: str = ""
    """The words it is told in."""
    other_words: tuple[str, ...] = ()
    """The words of the versions that decided its items and are not the one it is told in, oldest first."""
    over: date | None = None
    """The last day that was over at the snapshot's moment; none: `as_of`."""

    @property
    def decided(self) -> int:
        """How many items the declared rate is of."""
        return int(self.definitions["decided"].iloc[0])

    @property
    def others(self) -> pd.DataFrame:
        """The other definitions that decide anything."""
        return self.definitions.iloc[1:].query("decided > 0")

    @property
    def sentence(self) -> str:
        """How far the rate would move under the other definitions, and whether its verdict would turn."""
        if not self.decided:
            return f"Nothing is decided in {self.window.label}: there is no number to doubt."
        if self.wordings > 1:
            return f"In {in_wordings(self.wordings)} together: {self._told}"
        if self.other_words:
            said = f"as “{self.other_words[0]}”" if self.other_words[0] != self.claim else "on other terms"
            return f"In {in_wordings(1)}, {said}: {self._told} Nothing is decided in the words of {self.window.label}, “{self.claim}”."
        return self._told

    @property
    def _told(self) -> str:
        declared, others = self.definitions.iloc[0], self.others
        if others.empty:
            return f"{percent(declared['rate'])} as declared; there is no other usual definition of it."
        shown = others["rate"].map(
            lambda rate: abs(float(rounded(100 * rate, 1) - rounded(100 * declared["rate"], 1)))
        )
        furthest = others.loc[shown.idxmax()]
        turned = others[others["status"] != declared["status"]]
        if not shown.max() and turned.empty:
            return f"{percent(declared['rate'])} as declared, and the same within 0.1 points by every other usual definition."
        least, most = percent(others["rate"].min()), percent(others["rate"].max())
        others_say = f"definitions between {least} and {most}" if least != most else f"definitions {most}"
        said = f"{percent(declared['rate'])} as declared; by other usual {others_say}"
        furthest_words = f"furthest off is {re.split('[:;]', furthest['words'])[0]} ({points_between(furthest['rate'], declared['rate'])})"
        what = "the verdict" if self.wordings == 1 else "what they come to,"
        verdict = (
            f"{len(turned)} of {len(others)} would change {what} from “{declared['status']}”"
            if len(turned)
            else f"none would change {what} “{declared['status']}”"
        )
        if not shown.max():
            return f"{percent(declared['rate'])} as declared, and the same within 0.1 points by every other usual definition, but {verdict}."
        return f"{said}; {furthest_words}; {verdict}.{self._early}"

    @property
    def _early(self) -> str:
        if self.window.is_closed(self.over or self.as_of):
            return ""
        return f" The window is not over: it is counted to {day(min(self.window.last or self.as_of, self.as_of))} and will still change."


def doubts(snapshot: Queryable, promise_id: str, window: Window) -> Doubts | None:
    """Return what may be held against a promise's rate; None where it has none of its own (unjudged, or a spread)."""
    table = statuses(snapshot, window).set_index("promise_id")
    if promise_id not in table.index:
        raise MisuseError(f"there is no promise '{promise_id}'")
    row = table.loc[promise_id]
    if isinstance(row["problem"], str) or row["kind"] == "spread":
        return None
    each = versions_each(snapshot, table.loc[[promise_id]].reset_index(), window)
    decided = each[each["decided"] > 0]
    left_out, target = exemptions(snapshot, window, promise_id)[promise_id], float(row["target"])
    declared = snapshot.query(
        "select source from promise where promise_id = $promise", {"promise": promise_id}
    )
    return Doubts(
        promise_id,
        window,
        date.fromisoformat(snapshot.meta["as_of_day"]),
        item_noun(declared["source"].iloc[0]),
        target,
        definitions(snapshot, promise_id, window, target, left_out, row["status"]),
        left_out,
        bunching(snapshot, promise_id, window) if row["kind"] == "clock" else None,
        promised_again(snapshot, promise_id, window),
        len(decided),
        row["claim"],
        tuple(decided["claim"][decided["version"] != row["version"]].fillna(promise_id)),
        last_day_over(snapshot.meta["as_of"]),
    )
