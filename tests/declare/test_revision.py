"""An earlier state is read by git, and nothing that a workspace brings along makes git run a command."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aspromised.declare.revision import earlier
from aspromised.words.problems import MisuseError

COMPANY = "company: {name: Acme, timezone: Europe/London}\n"


def git(root: Path, *words: str, given: bytes = b"") -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", str(root), *who, *words], input=given, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace with its company, committed."""
    root = tmp_path / "shop"
    (root / "promises").mkdir(parents=True)
    (root / "promises" / "company.yaml").write_text(COMPANY)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return root


def names_commands(root: Path, mark: Path) -> None:
    """Have every key of the repository's configuration by which git runs a command make `mark`."""
    command = f"touch {mark}; false"
    keys = ("core.sshCommand", "core.fsmonitor", "core.gitProxy", "core.pager", "core.editor", "core.askPass",
            "core.alternateRefsCommand", "credential.helper", "diff.external", "gpg.program", "alias.ls-tree",
            "alias.cat-file", "alias.rev-parse", "pager.ls-tree", "pager.cat-file", "filter.f.smudge", "filter.f.process",
            "diff.f.textconv", "remote.origin.uploadpack", "uploadpack.packObjectsHook")  # fmt: skip
    for key in keys:
        git(root, "config", key, command)
    hooks = root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {mark}\n")
        (hooks / name).chmod(0o755)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "attributes").write_text("* filter=f diff=f\n")


def lacks_a_blob(root: Path, url: str) -> None:
    """Make it a clone of a part: git would fetch what the company's file holds from `url`."""
    blob = git(root, "rev-parse", "HEAD:promises/company.yaml")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url,
        "remote.origin.partialCloneFilter": "blob:none",
    }.items():
        git(root, "config", key, value)


@pytest.mark.parametrize(
    "url", ["ssh://nowhere/x", "ext::touch MARK", "/nowhere/x", "git://nowhere/x", "http://127.0.0.1:9/x"]
)
def test_a_clone_of_a_part_fetches_nothing_and_runs_nothing(root: Path, tmp_path: Path, url: str) -> None:
    mark = tmp_path / "mark"
    lacks_a_blob(root, url.replace("MARK", str(mark)).replace("/nowhere/x", str(root)))
    git(root, "config", "protocol.allow", "always")
    names_commands(root, mark)
    with (
        pytest.raises(MisuseError, match=r"git does not have promises/company\.yaml .* clone the repository"),
        earlier(root, "HEAD"),
    ):
        pass
    assert not mark.exists()


def test_no_key_of_the_configuration_runs_a_command(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    names_commands(root, mark)
    with earlier(root, "HEAD") as before:
        assert before.workspace.company.name == "Acme"
    assert not mark.exists()


def test_files_beside_the_promises_are_no_repository(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    names_commands(root, mark)
    lacks_a_blob(root, "ssh://nowhere/x")
    for name in ("HEAD", "config", "objects", "refs"):
        shutil.move(root / ".git" / name, root / name)
    shutil.rmtree(root / ".git")
    git(root, "config", "--file", str(root / "config"), "core.bare", "false")
    git(root, "config", "--file", str(root / "config"), "core.worktree", ".")
    with (
        pytest.raises(MisuseError, match=r"bare repository .*: give --since a folder"),
        earlier(root, "HEAD"),
    ):
        pass
    assert not mark.exists()


def test_a_tree_that_is_missing_is_a_sentence(root: Path) -> None:
    tree = git(root, "rev-parse", "HEAD:promises")
    (root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with (
        pytest.raises(MisuseError, match=r"git cannot read \w{7}: .*: give --since a folder"),
        earlier(root, "HEAD"),
    ):
        pass


def tree(root: Path, *entries: tuple[str, bytes, str]) -> str:
    """Return the id of a tree of (mode, name, id), which git writes as it is told."""
    data = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(object_id) for mode, name, object_id in entries
    )
    return git(root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=data)


def test_no_name_in_a_revision_leads_out_of_the_copy(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blob = git(root, "rev-parse", "HEAD:promises/company.yaml")
    up = tree(root, ("40000", b"..", tree(root, ("100644", b"escaped.yaml", blob))))
    promises = tree(root, ("40000", b"..", up), ("100644", b"company.yaml", blob))
    commit = git(root, "commit-tree", "-m", "x", tree(root, ("40000", b"promises", promises)))
    with earlier(root, commit) as before:
        assert before.workspace.company.name == "Acme"
    assert not (tmp_path / "escaped.yaml").exists()


def test_a_file_too_large_to_be_read_is_told_as_one(root: Path) -> None:
    (root / "promises" / "large.yaml").write_bytes(b"#" * 1_100_000)
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Large")
    with earlier(root, "HEAD") as before:
        assert any("large.yaml" in str(problem) for problem in before.workspace.problems)
