"""Not needed again: no further item of the same matter within a window."""

import re
from collections.abc import Mapping

from sqlglot import exp

from aspromised.declare.model import RepeatMeasure
from aspromised.judge.clocks.business_clock import NamedQuery
from aspromised.judge.kinds.kind import AtOneMoment, Rule
from aspromised.judge.planning.plan import Ask
from aspromised.sql.templates import quoted, tree
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL


class RepeatKind(AtOneMoment):
    """A repeat: an item is due when its window has passed, and other items decide about it."""

    stands_alone = False

    @property
    def measure(self) -> RepeatMeasure:
        """The plan's measure."""
        assert isinstance(self.plan.measure, RepeatMeasure), "asked of repeats only"
        return self.plan.measure

    def columns(self) -> list[exp.Expr]:
        """Return when the same matter came up next, and whether it is known what the matter is."""
        same = [quoted(column) for column in self.measure.same]
        again = exp.Window(
            this=exp.Lead(this=self.started()),
            partition_by=same,
            order=exp.Order(
                expressions=[exp.Ordered(this=self.started()), exp.Ordered(this=quoted(self.measure.id))]
            ),
        )
        unknown = tree(
            " or ".join(f":same_{n} is null" for n, _ in enumerate(same)),
            **{f"same_{n}": s for n, s in enumerate(same)},
        )
        named = (
            [column.copy().as_(f"same_{n}") for n, column in enumerate(same)] if self.plan.is_history else []
        )
        return [again.as_("again_at"), unknown.as_("is_nothing"), *named]

    def due(self, as_of: int) -> list[NamedQuery]:
        """Return the step that adds the end of the window."""
        length: Length = self.measure.not_again_within
        if length.unit == "calendar days":
            end = tree("ap_day_start(started_day + :n + 1) - 1", n=int(length.amount))
        else:
            assert length.unit in EXACT_SECONDS, "checked when planned"
            end = tree("started + :us", us=length.microseconds)
        return [("with_due", tree("select *, :due as due from dated", due=end))]

    def unknown(self) -> Mapping[str | exp.Expr, exp.Expr]:
        """Return what leaves a repeat without a verdict: above all, a matter that is not named."""
        return {
            "no id": tree("item_id is null"),
            "no time": tree("started is null"),
            f"no {' or '.join(self.measure.same)}": tree("is_nothing"),
        }

    def outcome(self, moment: exp.Expr) -> list[Rule]:
        """Return the rules: nothing is told before the window has passed, lest early repeats weigh more."""
        return [
            (tree("due > :moment", moment=moment), "open", exp.convert("its window has not passed yet")),
            (tree("again_at <= due"), "broken", exp.convert("came up again")),
            (exp.true(), "kept", exp.null()),
        ]

    def turns(self) -> list[exp.Expr]:
        """Return when it happened, where that is its day; when its window passed."""
        begun = [exp.column("started")] if self.plan.promise.counted != "due" else []
        return [*begun, exp.column("due")]

    def again(self) -> list[NamedQuery]:
        """Part each version at the moments when, its window over, a version of another row that came within it did or ceased to stand.

        Each part is a version of its own; `again_at` tells whether one stood all through it.
        """
        if not self.plan.is_history:
            return []
        same = " and ".join(f"other.same_{n} = one.same_{n}" for n, _ in enumerate(self.measure.same))
        steps = [("met", _MET.replace(":same", same)), ("part", _PART), ("known_part", _KNOWN_PART), ("with_again", _WITH_AGAIN)]  # fmt: skip
        return [(name, tree(_in_history(sql))) for name, sql in steps]

    def lengths(self, ask: Ask) -> list[tuple[float, str, str | None]]:
        """Return the window."""
        window = self.measure.not_again_within
        return [(float(window.amount), window.unit, None)]

    @property
    def matter(self) -> list[str]:
        """The columns in which two items are the same matter."""
        return self.measure.same

    @property
    def window(self) -> str:
        """How long the matter must not come up again, in words."""
        return str(self.measure.not_again_within)

    def story_columns(self) -> list[exp.Expr]:
        """Return when the matter came up again."""
        return [exp.column("again_at")]


_MET = """
    select
        one.item_id, one.due, one.known_from, one.known_until, other.known_from as begins, other.known_until as ends
    from with_due as one join with_due as other on :same and other.started <= one.due and (
        other.started > one.started or (other.started = one.started and other."#id" > one."#id")
    )
"""
_PART = """
    select item_id, due, begins as part_from from met
    where begins > due and begins > known_from and coalesce(begins < known_until, true)
    union select item_id, due, ends from met
    where ends > due and ends > known_from and coalesce(ends < known_until, true)
    union select item_id, due, known_from from met
"""
_KNOWN_PART = """
    select
        part.item_id, part_from, lead(part_from) over (partition by part.item_id order by part_from) as part_until,
        bool_or(begins <= greatest(part_from, part.due) and coalesce(ends > greatest(part_from, part.due), true))
            as comes_again
    from part join met on part.item_id = met.item_id
    group by part.item_id, part_from
"""
_WITH_AGAIN = """
    select prior.* replace (
        coalesce(part_from, known_from) as known_from,
        coalesce(part_until, known_until) as known_until,
        case when comes_again then due end as again_at
    )
    from with_due as prior left join known_part using (item_id)
"""


def _in_history(sql: str) -> str:
    """Return SQL with the names of the columns that tell from when to when a version stood, which no source has."""
    for word, column in (("known_from", KNOWN_FROM), ("known_until", KNOWN_UNTIL)):
        sql = re.sub(rf"\b{word}\b", f'"{column}"', sql)
    return sql
