"""All teams at once: which suppliers meet what their customers require, which is rated lowest, and how staff find the company."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aspromised.analyse.internal_service.handoffs import unfunded
from aspromised.analyse.internal_service.scores import (
    LEAST_RATINGS,
    MONTHS_TOGETHER,
    Scale,
    Score,
    last_rated,
    rating_months,
    rating_scale,
    rating_window,
    scores,
)
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import Window
from aspromised.words.figures import MINUS, day, plural, rounded
from aspromised.words.vocabulary import OF_CUSTOMER, OF_SUPPLIER

DECLARE_RATINGS = """ratings:
  source: internal_ratings
  at: rated_on
  supplier: supplier
  customer: customer
  dimension: dimension
  score: score
  out_of: 5
  required: 4"""
"""What to declare where no ratings are."""

HOW_JUDGED = (
    "Ratings are few, so three months are told together, beside the three before them.",
    "Met or not only where the whole 95 % interval (Student's, its scatter pooled over all pairs) is on one side of what is"
    " required; under 5 ratings it is too few to tell.",
    "A pair is called lowest only with 5 ratings and a reliability of 0.7: where pairs differ more than chance makes them.",
    "Better or worse than before only where chance does not do that to one of all pairs of the table.",
    "A rating says where to look, not why. Nobody is told apart here but teams.",
)
"""How scores are judged, in plain words."""


@dataclass(frozen=True)
class InternalService:
    """What teams gave one another in the three months that end with a month: a Score a pair, worst first."""

    window: Window
    months: str
    """The window in words."""
    scale: Scale
    last: date | None
    """The day of the newest rating."""
    suppliers: tuple[Score, ...]
    """How customers rated their suppliers."""
    customers: tuple[Score, ...]
    """How suppliers rated their customers: whether what they are asked for comes whole and in time."""
    pulse: tuple[Score, ...]
    """How staff of each team rated the company."""
    unfunded: tuple[tuple[str, str], ...] = ()
    """Promises whose chain's budgets exceed them, with the chain: late before anybody begins."""

    @property
    def sentence(self) -> str:
        """How many pairs meet what is required, and which is rated lowest; or why nothing can be told."""
        if not self.scale.declared:
            return "No ratings between departments are declared yet."
        if self.scale.problem:
            return f"Ratings between departments cannot be counted: {self.scale.problem}"
        if not rated(self.suppliers):
            newest = f"; the newest is of {day(self.last)}" if self.last else ""
            return f"No customer rated a supplier in {self.months}{newest}."
        return f"{self._standings} {lowest_sentence(self.suppliers, self.scale)}"

    @property
    def _standings(self) -> str:
        told = rated(self.suppliers)
        asked = [each for each in told if each.standing != "nothing required"]
        pairs = f"{plural(len(told), 'pair')} of teams rated in {self.months}"
        if not asked:
            return f"{pairs}; no score is required of any."
        number = Counter(each.standing for each in asked)
        said = [
            f"{_number(number['met'], 'meets', 'meet')} the score required",
            f"{_number(number['not met'], 'does', 'do')} not",
            *(
                [f"{_number(close, 'is', 'are')} too close to call"]
                if (close := number["too close to call"])
                else []
            ),
            *(
                [f"{_number(few, 'has', 'have')} too few ratings to tell"]
                if (few := number["too few"])
                else []
            ),
        ]
        return f"Of {pairs}, {', '.join(said[:-1])} and {said[-1]}."

    @property
    def findings(self) -> list[str]:
        """What else stands out: the customer that asks worst, the team that finds itself least well served, what moved."""
        said = []
        if rated(self.customers):
            worst = rated(self.customers)[0]
            if worst.is_ranked:
                said.append(
                    f"Asked badly: {worst.supplier} rates what {worst.customer} asks of it {out_of(worst, self.scale)}, the"
                    " lowest of all pairs, so look at the request before the answer."
                )
            else:
                said.append(_not_ranked(rated(self.customers), "Which customer asks worst"))
        if rated(self.pulse):
            low = rated(self.pulse)[0]
            said.append(
                f"Staff of {low.customer} find themselves least well served by the company: {out_of(low, self.scale)}."
                if low.is_ranked
                else _not_ranked(rated(self.pulse), "Which team finds itself least well served")
            )
        if self.unfunded:
            first, chain = self.unfunded[0]
            more = (
                f", and so with {plural(len(self.unfunded) - 1, 'more', 'more')}"
                if len(self.unfunded) > 1
                else ""
            )
            said.append(
                f"Not aligned: the budgets of the chain {chain} exceed what “{first}” promises{more}, so that items are late with every stage on budget."
            )
        said += [moved_sentence(each) for each in rated(self.suppliers) if each.moved in ("better", "worse")]
        return said


def _number(number: int, one: str, many: str) -> str:
    """Return how many do something, as in a sentence.

    >>> _number(0, "meets", "meet"), _number(1, "is", "are"), _number(4, "does", "do")
    ('none meets', '1 is', '4 do')
    """
    return f"{number or 'none'} {one if number < 2 else many}"


def internal_service(snapshot: Queryable, month: str) -> InternalService:
    """Return how departments served one another in the three months that end with a month written as "2026-10"."""
    window = rating_window(month)
    return InternalService(
        window=window,
        months=rating_months(window, snapshot),
        scale=rating_scale(snapshot),
        last=last_rated(snapshot),
        suppliers=scores(snapshot, window),
        customers=scores(snapshot, window, OF_CUSTOMER),
        pulse=scores(snapshot, window, OF_SUPPLIER, True),
        unfunded=tuple((row.claim, row.chain_id) for row in unfunded(snapshot, window).itertuples()),
    )


def rated(found: Sequence[Score]) -> list[Score]:
    """Return those with ratings in the window itself."""
    return [each for each in found if each.ratings]


def lowest_sentence(found: Sequence[Score], scale: Scale) -> str:
    """Return which supplier is rated lowest against what is required, or that this cannot be told."""
    told = [each for each in rated(found) if each.is_ranked]
    if len(rated(found)) < 2:
        return ""
    if not told:
        return _not_ranked(rated(found), "Which is rated lowest")
    worst = told[0]
    required = f" where {worst.required:g} is required" if worst.required == worst.required else ""
    return f"Rated lowest: {worst.supplier} by {worst.customer}, {out_of(worst, scale)}{required}."


def _not_ranked(found: Sequence[Score], what: str) -> str:
    """Return why pairs are counted and not ranked."""
    if all(each.ratings < LEAST_RATINGS for each in found):
        return f"{what} is not told: no pair has {LEAST_RATINGS} ratings."
    return f"{what} is not told: the ratings differ no more among pairs than within them."


def out_of(each: Score, scale: Scale) -> str:
    """Return a mean score with its interval and how many ratings it rests on.

    >>> one = Score("a", "b", "", 31, 2.742, 2.487, 2.997, 4.0, 0.1, "not met", 0.9, 0, 0.0, 0.0, 0.0, 0.0, "")
    >>> out_of(one, Scale(1, 5))
    '2.7 of 5 (2.5 to 3.0, 31 ratings)'
    """
    between = f"{score(each.low)} to {score(each.high)}, " if each.low == each.low else ""
    return f"{score(each.mean)} of {scale.best:g} ({between}{plural(each.ratings, 'rating')})"


def score(number: float) -> str:
    """Return a mean score with one decimal, a dash where there is none.

    >>> score(2.742), score(4.0), score(float("nan"))
    ('2.7', '4.0', '–')
    """
    return "–" if number != number else str(rounded(number, 1))


def moved_sentence(each: Score) -> str:
    """Return a change beyond chance in words."""
    under = f" in {each.heading}" if each.heading else ""
    return (
        f"{each.supplier} is rated {each.moved} by {each.customer}{under} than in the {MONTHS_TOGETHER} months before:"
        f" {score(each.before_mean)} → {score(each.mean)} ({score(each.change_low)} to {score(each.change_high)})."
    )


def signed_score(number: float) -> str:
    """Return a difference of scores with its sign, a dash where there is none.

    >>> signed_score(0.31), signed_score(-0.72), signed_score(0.01)
    ('+0.3', '−0.7', '0.0')
    """
    if number != number:
        return "–"
    told = rounded(number, 1)
    return f"{told:+}".replace("-", MINUS) if told else "0.0"
