"""Right or wrong: a condition that each item keeps or breaks."""

from collections.abc import Mapping

from sqlglot import exp

from aspromised.declare.model import CheckMeasure
from aspromised.judge.kinds.kind import AtOneMoment, Rule, cancelled_rules
from aspromised.sql.templates import tree


class CheckKind(AtOneMoment):
    """A check: it is told when it happens."""

    @property
    def measure(self) -> CheckMeasure:
        """The plan's measure."""
        assert isinstance(self.plan.measure, CheckMeasure), "asked of checks only"
        return self.plan.measure

    def columns(self) -> list[exp.Expr]:
        """Return whether the condition holds."""
        return [self.plan.own["kept_when"].copy().as_("is_kept")]

    def unknown(self) -> Mapping[str | exp.Expr, exp.Expr]:
        """Return what leaves a check without a verdict."""
        return {
            "no id": tree("item_id is null"),
            "no time": tree("started is null"),
            "cannot be told": tree("is_kept is null"),
        }

    def outcome(self, moment: exp.Expr) -> list[Rule]:
        """Return the rules: kept where the condition holds."""
        return [
            (tree("is_kept"), "kept", exp.null()),
            (tree("not is_kept"), "broken", exp.convert("not as promised")),
        ]

    def turns(self) -> list[exp.Expr]:
        """Return when it happened and when it was cancelled."""
        return [exp.column("started"), exp.column("cancelled")]

    def cancelled(self) -> list[Rule]:
        """Return the rules of items that were cancelled."""
        if self.measure.cancelled is None:
            return []
        return cancelled_rules(tree("not cancelled is null"), self.measure.if_cancelled)

    @property
    def condition(self) -> str:
        """The key of what each item keeps or breaks."""
        return "kept_when"

    def story_columns(self) -> list[exp.Expr]:
        """Return whether the condition holds."""
        return [exp.column("is_kept")]
