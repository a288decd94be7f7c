"""`certificate` freezes what was known about a launch, writes it out and checks what was written."""

import shutil
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


def test_a_promotion_whose_name_is_a_path_is_written_where_it_was_asked_for(tiny, tmp_path):
    root = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    declared = next(path for path in (root / "promises").rglob("*.yaml") if "  spring:" in path.read_text())
    declared.write_text(declared.read_text().replace("  spring:", '  "../../spring":'))
    assert run("refresh", "--as-of", "2026-06-30", "--workspace", root).code == 0
    out = tmp_path / "a" / "b" / "kept"
    frozen = run("certificate", "../../spring", "--who", "Ada", "--out", out, "--workspace", root)
    assert frozen.code == 0, frozen.err
    written = sorted(path.relative_to(tmp_path) for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert [str(path.parent) for path in written] == ["a/b/kept", "a/b/kept"]
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert out.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("words", [[], ["spring", "--verify", "x.pdf"]])
def test_it_needs_a_promotion_or_a_file(words, tiny):
    assert run("certificate", *words, "--workspace", tiny).code == 2


def test_what_cannot_be_written_or_found_is_said(tiny, tmp_path):
    (tmp_path / "file").write_text("")
    ran = run("certificate", "spring", "--who", "Ada", "--out", tmp_path / "file" / "in", "--workspace", tiny)
    assert (ran.code, "a file stands where a folder is needed" in ran.err) == (1, True)
    assert run("certificate", "--verify", tmp_path / "nowhere.pdf", "--workspace", tiny).code == 1
