"""`certificate` freezes what was known about a launch, writes it out and checks what was written."""

from pathlib import Path

import pytest

from tests.cli.run import run
from tests.report.conftest import refreshed


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return refreshed(tmp_path_factory.mktemp("certificate") / "tiny")


def test_the_first_to_ask_says_who_they_are(tiny):
    ran = run("certificate", "winter", "--workspace", tiny)
    assert ran.code == 1
    assert ran.err == "aspromised: no record of 'winter' was frozen yet: say who does, with --who\n"


def test_it_is_frozen_written_and_found_genuine_and_a_changed_one_is_not(tiny, tmp_path):
    frozen = run("certificate", "spring", "--who", "Ada", "--out", tmp_path / "kept", "--workspace", tiny)
    assert frozen.code == 0
    assert "by Ada\nSHA-256 " in frozen.out
    again = run("certificate", "spring", "--json", "--workspace", tiny)
    assert again.json["content"]["verdict"] == "not ready"
    assert again.json["restated"] == []
    names = ["spring-2026-05-01-readiness.html", "spring-2026-05-01-readiness.pdf"]
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == names
    for name in names:
        assert run("certificate", "--verify", tmp_path / "kept" / name, "--workspace", tiny).code == 0
    changed = tmp_path / "changed.html"
    changed.write_text((tmp_path / "kept" / names[0]).read_text().replace("not ready", "ready"))
    told = run("certificate", "--verify", changed, "--workspace", tiny)
    assert (told.code, told.out) == (1, "")
    assert "was changed" in told.err
    assert run("certificate", "--verify", changed, "--json", "--workspace", tiny).json["state"] == "altered"


@pytest.mark.parametrize("words", [[], ["spring", "--verify", "x.pdf"]])
def test_it_needs_a_promotion_or_a_file(words, tiny):
    assert run("certificate", *words, "--workspace", tiny).code == 2


def test_what_cannot_be_written_or_found_is_said(tiny, tmp_path):
    (tmp_path / "file").write_text("")
    ran = run("certificate", "spring", "--who", "Ada", "--out", tmp_path / "file" / "in", "--workspace", tiny)
    assert (ran.code, "could not be written" in ran.err) == (1, True)
    assert run("certificate", "--verify", tmp_path / "nowhere.pdf", "--workspace", tiny).code == 1
