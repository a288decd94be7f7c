"""How deep a YAML text nests, told before a parser sees it: one pass over its tokens, in time linear to its length.

Parsers differ in the depth they refuse and in the words they do it with, and libyaml looks a thousand brackets ahead.
"""

import re
from dataclasses import dataclass, field

_S = r" \t\n\x85\u2028\u2029"
"""What YAML takes for space between words; other spaces are text."""
_END = rf"(?=[{_S}]|\Z)"

_SPACE = re.compile(rf"(?:[{_S}]++|#[^\n]*+)++")
_GAP = re.compile(r"[ \t]*+")
_MARKER = re.compile(rf"(?:---|\.\.\.){_END}")
_DIRECTIVE = re.compile(r"%[^\n]*+")
_ENTRY = re.compile(rf"-{_END}")
_ASKED = re.compile(rf"\?{_END}")
_COLON = re.compile(rf"[ \t]*+:{_END}")
_PROPERTY = re.compile(rf"[&*!][^{_S},\[\]{{}}]*+")
_QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|' + r"'(?:[^']++|'')*+(?:'|\Z)", re.DOTALL)
_PLAIN = re.compile(
    rf"(?:[^{_S}:#]++|:(?![{_S}]|\Z)|(?<![{_S}])#|[ \t]++(?![{_S}#:]|\Z)|[ \t]++(?=:[^{_S}]))++"
)
_PLAIN_IN_FLOW = re.compile(
    rf"(?:[^{_S}:#,\[\]{{}}]++|:(?![{_S},\[\]{{}}]|\Z)|(?<![{_S}])#|[{_S}]++(?![{_S}#:,\[\]{{}}]|\Z))++"
)
_FURTHER = re.compile(r"[ \t]*+\n[ \t\n]*+")
_REST = re.compile(rf"(?:[^{_S}#]++|(?<![{_S}])#|[ \t]++(?![{_S}#]|\Z))++")
_HEADER = re.compile(r"[|>](?:[-+]?([1-9]?)|([1-9])[-+]?)[ \t]*+(?:(?<=[ \t])#[^\n]*+)?(?:\n|\Z)")
_LINE = re.compile(r"( *+)([^\n]*+)(?:\n|\Z)")
_PAIR = "pair"
"""A mapping that is one entry of a flow sequence: [key: value]."""


def too_deep(text: str, most: int) -> tuple[int, int] | None:
    """Return the line and column (from 1) of the first collection that stands within more than `most` others.

    >>> too_deep("a: [[x], 'more [[[[ of this']  # and [[[[ of this", 2)
    >>> too_deep("a:\\n- b: [[x]]", 3)
    (2, 7)
    """
    try:
        _Walk(text, most).through()
    except _TooDeepError as found:
        before = text[: found.at]
        return before.count("\n") + 1, found.at - before.rfind("\n")
    return None


class _TooDeepError(Exception):
    def __init__(self, at: int) -> None:
        self.at = at


@dataclass
class _Walk:
    """Where the pass is, and what is open there. What no parser would read may be taken for anything."""

    text: str
    most: int
    at: int = 0
    line: int = 0
    """Where the line begins."""
    blocks: list[tuple[int, bool]] = field(default_factory=list)
    """The block collections, by their column and whether they are sequences."""
    flows: list[str] = field(default_factory=list)
    """The brackets, and the pairs within them."""

    def through(self) -> None:
        """Go through the whole text; _TooDeepError where it is too deep."""
        while self.at < len(self.text):
            if not self._past(_SPACE):
                self._in_flow() if self.flows else self._in_block()

    def _past(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.at)
        if found:
            self._to(found.end())
        return bool(found)

    def _to(self, place: int) -> None:
        self.line = max(self.line, self.text.rfind("\n", self.at, place) + 1)
        self.at = place

    def _check(self, at: int) -> None:
        if len(self.blocks) + len(self.flows) > self.most:
            raise _TooDeepError(at)

    def _in_flow(self) -> None:
        start, mark = self.at, self.text[self.at]
        if mark in "[{":
            self._check(start)
            self.flows.append(mark)
            self._to(start + 1)
        elif mark in "]},:":
            self._punctuation(mark)
        elif not (self._past(_QUOTED) or self._past(_PROPERTY) or self._past(_PLAIN_IN_FLOW)):
            self._to(start + 1)

    def _punctuation(self, mark: str) -> None:
        self._to(self.at + 1)
        if mark == ":":
            if self.flows[-1] == "[":
                self._check(self.at - 1)
                self.flows.append(_PAIR)
            return
        if self.flows[-1] == _PAIR:
            self.flows.pop()
        if mark != ",":
            self.flows.pop()

    def _in_block(self) -> None:
        start, column = self.at, self.at - self.line
        if not column and self._past(_MARKER):
            self.blocks.clear()
        elif not column and self._past(_DIRECTIVE):
            return
        elif self._past(_ENTRY):
            self._collection(start, column, is_list=True)
        elif self._past(_ASKED) or self._past(_COLON):
            self._collection(start, column, is_list=False)
        elif header := _HEADER.match(self.text, start):
            self._block_scalar(header)
        else:
            self._node(start, column)

    def _collection(self, start: int, column: int, is_list: bool) -> None:
        """Close what the column closes, and open a collection there unless it is open; a list may stand under its key."""
        while self.blocks and (
            self.blocks[-1][0] > column or (self.blocks[-1] == (column, True) and not is_list)
        ):
            self.blocks.pop()
        if not self.blocks or self.blocks[-1] != (column, is_list):
            self._check(start)
            self.blocks.append((column, is_list))

    def _node(self, start: int, column: int) -> None:
        while self._past(_PROPERTY):
            self._past(_GAP)
        if self.text[self.at : self.at + 1] in ("[", "{"):
            self._in_flow()
        elif self._past(_QUOTED):
            self._key(start, column)
        elif self._past(_PLAIN):
            if not self._key(start, column):
                self._further_lines()
        elif not self._key(start, column) and self.at == start:
            self._to(start + 1)

    def _key(self, start: int, column: int) -> bool:
        """Open the mapping of a key, where what was read turns out to be one."""
        found = self.line <= start and self._past(_COLON)
        if found:
            self._collection(start, column, is_list=False)
        return found

    def _further_lines(self) -> None:
        """Read past the lines that go on with a text without quotes: those that stand deeper than what holds it."""
        while found := _FURTHER.match(self.text, self.at):
            column = found.end() - (self.text.rfind("\n", 0, found.end()) + 1)
            if column <= self._column() or (_MARKER.match(self.text, found.end()) and not column):
                return
            rest = _REST.match(self.text, found.end())
            if not rest:
                return
            self._to(rest.end())

    def _column(self) -> int:
        return self.blocks[-1][0] if self.blocks else -1

    def _block_scalar(self, header: re.Match[str]) -> None:
        self._to(header.end())
        least = max(self._column() + 1, 1)
        given = header[1] or header[2]
        indent = least + int(given) - 1 if given else 0
        while self.at < len(self.text) and (line := _LINE.match(self.text, self.at)):
            spaces, said = len(line[1]), line[2]
            if said:
                indent = indent or max(least, spaces)
                if spaces < indent:
                    return
            self._to(line.end())
