"""Files made to hurt: each is refused with a place, before it costs anything, and never with a traceback."""

from pathlib import Path
from unittest import mock

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.declare import objects
from aspromised.declare.check import check
from aspromised.declare.load import ENOUGH, load
from aspromised.declare.yaml.tree import read_tree
from aspromised.words.problems import Place

COMPANY = "company: {name: A, timezone: Europe/London}\n"


def problems_of(tmp_path: Path, content: bytes) -> list[tuple[str, Place | None]]:
    (tmp_path / "promises").mkdir(exist_ok=True)
    (tmp_path / "promises" / "company.yaml").write_text(COMPANY)
    (tmp_path / "promises" / "hostile.yaml").write_bytes(content)
    return [(problem.message, problem.place) for problem in check(load(tmp_path))]


def at(line: int, column: int) -> Place:
    return Place("promises/hostile.yaml", line, column)


BOMB = b"a: &a [x, x]\n" + b"".join(b"k%d: &k%d [*a, *a, *a, *a, *a]\n" % (n, n) for n in range(20))

HOSTILE = {
    "a megabyte of open brackets": (b"[" * 999_999, "nested more than 50 deep", at(1, 52)),
    "a megabyte of dashes": (b"- " * 499_999, "nested more than 50 deep", at(1, 103)),
    "a megabyte of braces": (b"a: " + b"{b: " * 200_000, "nested more than 50 deep", at(1, 204)),
    "a file over 1 MB": (b"# " * 600_000, "the file is larger than 1 MB: split it into several", at(1, 1)),
    "latin-1": (
        "promises:\n  café: 1\n".encode("latin-1"),
        "the file is not UTF-8 text: save it as UTF-8",
        at(2, 6),
    ),
    "a bad byte after a byte-order mark": (
        b"\xef\xbb\xbfa: \xff",
        "the file is not UTF-8 text: save it as UTF-8",
        at(1, 4),
    ),
    "a null byte": (
        b"promises:\n  a\x00b: 1\n",
        "the character U+0000 cannot stand in YAML: remove it",
        at(2, 4),
    ),
    "an escape sequence": (b"a: \x1b[31m", "the character U+001B cannot stand in YAML: remove it", at(1, 4)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_problem_with_its_place(name: str, tmp_path: Path) -> None:
    content, message, place = HOSTILE[name]
    assert problems_of(tmp_path, content) == [(message, place)]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_parser_sees_a_hostile_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "parse", lambda *_, **__: pytest.fail("it was parsed"))
    content, message, place = HOSTILE[name]
    assert [(problem.message, problem.place) for _, problem in read_tree(place.path, content).faults] == [
        (message, place)
    ]


def test_an_alias_bomb_is_never_expanded(tmp_path: Path) -> None:
    assert len(read_tree("promises/hostile.yaml", BOMB).places) < 200
    found = problems_of(tmp_path, BOMB)
    assert ("anchors and aliases (&name, *name) are not read here: write the value out", at(1, 4)) in found


def test_many_problems_in_one_file_are_cut_short(tmp_path: Path) -> None:
    found = problems_of(tmp_path, b"".join(b"key%d: 1\n" % n for n in range(5_000)))
    assert len(found) == 201
    assert found[-1] == ("4800 more problems in this file are not shown", at(201, 1))


def test_thousands_of_broken_promises_are_given_up_on_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = mock.Mock(wraps=objects.read_object)
    monkeypatch.setattr("aspromised.declare.load.read_object", reads)
    found = problems_of(tmp_path, b"promises:\n" + b"".join(b"  p%d: {a: &x 1}\n" % n for n in range(20_000)))
    assert len(found) == 201
    assert reads.call_count <= ENOUGH + 2, "the rest is not read"


def test_a_long_line_is_shown_from_near_the_place() -> None:
    tree = read_tree("promises/a.yaml", b"a: [" + b"x, " * 50_000 + b"@]")
    (_, problem) = tree.faults[0]
    assert problem.message == "text cannot begin with '@': put it in quotes"
    line, caret = problem.frame.split("\n")
    assert len(line) < 200
    assert line[len(caret) - 1] == "@"


def test_bom_and_carriage_returns_are_tolerated(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfchanges:\r\n  wms: {on: 2026-02-10, what: new system}\r\nchange: 1\r\n"
    assert problems_of(tmp_path, content) == [("unknown key 'change'. Did you mean 'changes'?", at(3, 1))]


YAMLISH = st.text(alphabet="abpromises:-{}[]&*!|>'\"%@`,?#<= \n\t0123456789.éx~\u2028", max_size=200)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["95%", "2 days", "orders"]),
)
KEYS = st.sampled_from(
    [
        "claim",
        "measure",
        "target",
        "made_by",
        "kept_by",
        "versions",
        "items",
        "id",
        "started",
        "done",
        "within",
        "less_than",
        "by",
        "paused",
        "segments",
        "exempt",
        "from",
        "to",
        "at",
        "kept_when",
        "kept",
        "total",
        "same",
        "not_again_within",
        "spread_of",
        "across",
        "at_most",
        "leans_on",
        "ready_when",
        "gate",
        "open",
        "stages",
        "files",
        "columns",
        "broken",
        "promises",
        "<item>",
        "x",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
KINDS = st.sampled_from(
    [
        "company",
        "calendars",
        "promises",
        "promotions",
        "chains",
        "complaints",
        "ratings",
        "corrections",
        "changes",
        "capacity",
        "costs",
        "connections",
        "sources",
    ]
)
WORKSPACES = st.dictionaries(
    KINDS, st.dictionaries(st.sampled_from(["one", "name", "timezone"]), VALUES, max_size=3), max_size=4
)


@settings(max_examples=150)
@given(st.sampled_from([b"", b"\xef\xbb\xbf"]), st.one_of(st.binary(max_size=300), YAMLISH.map(str.encode)))
def test_any_bytes_give_a_tree_or_faults(mark: bytes, content: bytes) -> None:
    tree = read_tree("promises/soup.yaml", mark + content)
    assert all(problem.place and problem.message for _, problem in tree.faults)


@settings(max_examples=200)
@given(WORKSPACES)
def test_any_values_give_a_workspace_and_problems(
    tmp_path_factory: pytest.TempPathFactory, declared: dict[str, object]
) -> None:
    root = tmp_path_factory.mktemp("soup")
    (root / "promises").mkdir()
    (root / "promises" / "soup.yaml").write_text(
        yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8"
    )
    found = check(load(root))
    assert all(
        "pydantic" not in problem.message and "Input should" not in problem.message for problem in found
    )
