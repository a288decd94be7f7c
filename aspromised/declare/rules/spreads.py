"""What a spread needs before it can be told: a promise with a kept rate, and a segment of it to compare across."""

from aspromised.declare.model import Promise, SpreadMeasure
from aspromised.declare.workspace import Workspace
from aspromised.words.problems import did_you_mean


def spread_fault(workspace: Workspace, promise: Promise) -> tuple[str, str] | None:
    """Return why the spread of a promise cannot be told and the key to mend, or None where it can."""
    measure = promise.measure
    if not isinstance(measure, SpreadMeasure):
        return None
    other = workspace.promises.get(measure.spread_of)
    if other is None:
        return f"there is no promise '{measure.spread_of}' that can be read", "spread_of"
    if isinstance(other.measure, SpreadMeasure):
        return f"'{measure.spread_of}' is a spread itself: name a promise that has a kept rate", "spread_of"
    names = other.measure.segment_expressions
    if measure.across not in names:
        near = did_you_mean(measure.across, names)
        return f"'{measure.across}' is not a segment of '{measure.spread_of}'.{near}", "across"
    return None
