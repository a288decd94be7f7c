"""What changed between two states of the YAML, in words with direction."""

from aspromised.declare.diff.between import between, judged_anew
from aspromised.declare.diff.difference import DIRECTIONS, Difference, Direction

__all__ = ["DIRECTIONS", "Difference", "Direction", "between", "judged_anew"]
