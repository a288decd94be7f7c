"""Not needed again: no further item of the same matter within a window."""

from collections.abc import Mapping

from duckdb import DuckDBPyConnection
from sqlglot import exp

from aspromised.declare.model import RepeatMeasure
from aspromised.judge.clocks.business_clock import Step
from aspromised.judge.kinds.kind import AtOneMoment, Rule
from aspromised.sql.templates import quoted, tree
from aspromised.words.lengths import EXACT_SECONDS, Length
from aspromised.words.vocabulary import KNOWN_FROM


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
                expressions=[
                    exp.Ordered(this=self.started()),
                    exp.Ordered(this=quoted(self.measure.id)),
                ]
            ),
        )
        unknown = tree(" or ".join(f":same_{n} is null" for n, _ in enumerate(same)), **{f"same_{n}": s for n, s in enumerate(same)})  # fmt: skip
        named = [column.copy().as_(f"same_{n}") for n, column in enumerate(same)] if self._tells_again else []
        return [again.as_("again_at"), unknown.as_("is_nothing"), *named]

    @property
    def _tells_again(self) -> bool:
        return bool(self.plan.is_gated and self.plan.arrival)

    def due(self, as_of: int) -> list[Step]:
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
        """Return when it happened, where that is its day; when its window passed; when a repeat became known after."""
        begun = [exp.column("started")] if self.plan.promise.counted != "due" else []
        again = [tree("case when again_known > due then again_known end")] if self._tells_again else []
        return [*begun, exp.column("due"), *again]

    def again(self) -> list[Step]:
        """Add when it became known that the same matter came up within the window: the first known of all that did."""
        if not self._tells_again:
            return []
        same = " and ".join(f"other.same_{n} = one.same_{n}" for n, _ in enumerate(self.measure.same))
        first = tree(
            f"""
            select one.item_id, min(greatest(other.started, other."{KNOWN_FROM}")) as again_known
            from with_due as one join with_due as other on {same} and other.started <= one.due and (
                other.started > one.started or (other.started = one.started and other.item_id > one.item_id)
            )
            group by one.item_id
            """
        )
        joined = tree(
            "select prior.*, again_known from with_due as prior left join first_again using (item_id)"
        )
        return [("first_again", first), ("with_again", joined)]

    def lengths(self, con: DuckDBPyConnection) -> list[tuple[float, str, str | None]]:
        """Return the window."""
        window = self.measure.not_again_within
        return [(float(window.amount), window.unit, None)]

    def story_columns(self) -> list[exp.Expr]:
        """Return when the matter came up again."""
        return [exp.column("again_at")]
