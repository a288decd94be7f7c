"""How something was judged, folded behind its question: for those who want to know."""

from collections.abc import Sequence
from dataclasses import dataclass

from aspromised.words.text import html as escape


@dataclass(frozen=True)
class HowJudged:
    """Points, a sentence each; none shows nothing."""

    points: Sequence[str]
    question: str = "How this was judged"

    def _repr_html_(self) -> str:
        if not self.points:
            return ""
        listed = "".join(f"<li>{escape(point)}</li>" for point in self.points)
        return f"<details><summary>{escape(self.question)}</summary><ul>{listed}</ul></details>"
