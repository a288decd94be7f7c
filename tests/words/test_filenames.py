"""A word that somebody wrote, as a file's name: it leads nowhere, and no two words share one."""

from pathlib import Path

import pytest

from aspromised.words.filenames import file_name

HOSTILE = [
    "../../../tmp/x", "/etc/passwd", "..", ".", "", ".hidden", "a/b", "a\\b", "a\0b", "a\nb", "C:x", "a%2Fb", "-rf", "~",
    "\udc80", "x" * 5_000, "x" * 5_001, "é" * 300, "éclair", "spring-express", "a b", 'a"b', "a;b", "\u202egnp.exe",
]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE)
def test_a_file_of_any_name_lies_in_its_folder(word: str, tmp_path: Path) -> None:
    path = tmp_path / file_name(word, ".html")
    path.write_text("x")
    assert [path] == list(tmp_path.iterdir())
    assert not path.name.startswith(".")


def test_different_words_have_different_names() -> None:
    assert len({file_name(word) for word in HOSTILE}) == len(HOSTILE)


def test_an_ordinary_name_stands() -> None:
    assert file_name("two-day_delivery.v2-2026-05-01", ".pdf") == "two-day_delivery.v2-2026-05-01.pdf"
