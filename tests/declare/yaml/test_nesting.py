"""Depth is told from the text alone: as deep as a parser finds it, and never where brackets are only words."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.declare.yaml.nesting import too_deep
from aspromised.declare.yaml.tree import read_tree

NOT_DEEP = {
    "in single quotes": "a: 'it''s [[[[ {{{{'",
    "in double quotes": r'a: "[[[[ \" [[[["',
    "in quotes over lines": "a: '[[[\n  [[['\nb: 1",
    "in a comment": "a: 1 # [[[[\n# [[[[\nb: 2",
    "in plain text": "a: x [[[[ {{{{",
    "in plain text over lines": "a: x\n  [[[[\n  - - - -\nb: 1",
    "in a block text": "a: |\n  [[[[\n\n    - - - -\nb: 1",
    "in a folded list entry": "a:\n- >-\n  {{{{ a: b: c:\n- y",
    "in a block text whose depth is given": "a: |2\n    x\n  [[[[\nb: 1",
    "one after the other": "a: [[], [], [], []]\nb: {c: {}, d: {}}",
    "in and out again": "a:\n  b:\n    c: 1\n  d:\n    e: 1\nf:\n  g: 1",
    "lists under their keys": "a:\n- b\n- c\nd:\n- e",
    "a dash and a question that are words": "a: -[\nb: ?[\nc: -1",
    "an apostrophe in the middle": "a: [it's, ok]\nb: [x]",
}
DEEP = {
    "brackets": ("[[[[[x]]]]]", (1, 5)),
    "mixed brackets": ("a: [{b: [{c: 1}]}]", (1, 10)),
    "dashes": ("- - - - - x", (1, 9)),
    "questions": ("? ? ? ? ? x", (1, 9)),
    "indentation": ("a:\n b:\n  c:\n   d:\n    e: 1", (5, 5)),
    "brackets within indentation": ("a:\n  b:\n  - c: [x]", (3, 8)),
    "behind a quoted key": ("'a [': {\"b\":[[[x]]]}", (1, 15)),
    "behind a name": ("a: &x [[[[x]]]]", (1, 10)),
    "behind a comment that quotes": ("a: # it's\n  [[[[x]]]]", (2, 6)),
    "behind a block text": ("a: |\n  x\nb: [[[[x]]]]", (3, 7)),
    "in a second document": ("a: 1\n---\n[[[[[x]]]]]", (3, 5)),
}


@pytest.mark.parametrize("name", NOT_DEEP)
def test_brackets_that_are_words_are_not_counted(name: str) -> None:
    assert too_deep(NOT_DEEP[name], 3) is None
    assert read_tree("promises/a.yaml", NOT_DEEP[name].replace("[[[[", "[" * 999).encode()).faults == []


@pytest.mark.parametrize("name", DEEP)
def test_whatever_nests_is_counted_together(name: str) -> None:
    text, place = DEEP[name]
    assert too_deep(text, 3) == place
    assert too_deep(text, 4) is None


def depth_found_by_a_parser(text: str) -> int | None:
    """Return how deep collections nest, None where a parser reads no such text or a key is more than text."""
    deepest, inside = 0, list[list[int]]()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.NodeEvent) and inside and inside[-1][0]:
                inside[-1][1] += 1
                if inside[-1][1] % 2 and not isinstance(event, yaml.ScalarEvent):
                    return None
            if isinstance(event, yaml.CollectionStartEvent):
                inside.append([int(isinstance(event, yaml.MappingStartEvent)), 0])
                deepest = max(deepest, len(inside))
            elif isinstance(event, yaml.CollectionEndEvent):
                inside.pop()
    except yaml.YAMLError:
        return None
    return deepest


PIECES = ["a", "b: ", "c:\n", "- ", "-\n", "? ", ": ", "[", "]", "{", "}", ",", "'", '"', "'x [[ y'", '"x \\" [ y"', "|\n",
          ">-\n", "|2\n", "\n", "\n  ", "\n    ", " ", "  # [[ x\n", "#x", "&a ", "*a ", "!t ", "x [[ y", "it's", "a:b",
          "---\n", "\t", "é", "k: v", "k: [a, b]", "- x", "- k: v\n  l: w", "\u2028", "\xa0"]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
NESTED = st.recursive(
    st.sampled_from(["x", "it's [", "- [", "a: {", "two\nlines [\n", "", " # ["]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b [", "- c"]), inner, max_size=3)
    ),
)
DUMPED = st.builds(
    lambda value, flow, width, indent: yaml.safe_dump(
        value, default_flow_style=flow, width=width, indent=indent
    ),
    NESTED,
    st.sampled_from([True, False, None]),
    st.sampled_from([10, 80]),
    st.sampled_from([2, 4, 8]),
)


@settings(max_examples=400)
@given(st.one_of(SOUP, DUMPED))
def test_the_depth_is_the_one_a_parser_finds(text: str) -> None:
    depth = depth_found_by_a_parser(text)
    told = [most for most in range(20) if too_deep(text, most)]
    if depth is not None:
        assert told == list(range(depth - 1))[:20]
