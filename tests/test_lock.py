"""What the two commands install is written down to the byte, within the ranges, and names no machine."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {
    "requirements.lock": ["requirements.txt", "requirements-build.txt"],
    "requirements-dev.lock": ["requirements-dev.txt", "requirements-build.txt"],
    "requirements-bench.lock": ["requirements-bench.txt", "requirements-build.txt"],
    "requirements-spark.lock": ["requirements-spark.txt"],
}
PYTHONS = ["3.11", "3.12", "3.13"]


def ranges(name: str) -> list[Requirement]:
    """Return what a file asks for, with the files it names."""
    found: list[Requirement] = []
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words.startswith("-r "):
            found += ranges(words.removeprefix("-r "))
        elif words:
            found.append(Requirement(words))
    return found


def pins(lock: str) -> list[tuple[Requirement, list[str]]]:
    """Return what a lock installs, each with its hashes."""
    text = re.sub(r"^ *#.*$", "", (ROOT / lock).read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    lines = [line.split("--hash=") for line in text.splitlines() if line.strip()]
    return [(Requirement(what), [each.strip() for each in hashes]) for what, *hashes in lines]


def applies(requirement: Requirement, python: str) -> bool:
    """Return whether a requirement is meant for Linux with a version of Python."""
    here = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    return requirement.marker is None or requirement.marker.evaluate(here)


def installed(lock: str, python: str) -> dict[str, str]:
    """Return the version of each package that a lock installs on Linux with a version of Python."""
    found = [
        (canonicalize_name(pin.name), str(pin.specifier)) for pin, _ in pins(lock) if applies(pin, python)
    ]
    assert len(found) == len(dict(found)), f"{lock} has two versions of one package"
    return {name: version.removeprefix("==") for name, version in found}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_within_its_ranges(lock: str, python: str) -> None:
    versions = installed(lock, python)
    for name in LOCKS[lock]:
        for asked in [each for each in ranges(name) if applies(each, python)]:
            version = versions.get(canonicalize_name(asked.name))
            assert version and asked.specifier.contains(version), (
                f"{name} asks for {asked}, {lock} has {version}: run `make lock`"
            )


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_in_a_lock_is_one_version_known_by_its_hash(lock: str) -> None:
    assert pins(lock)
    for pin, hashes in pins(lock):
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier)) and pin.url is None, f"{lock}: {pin}"
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), f"{lock}: {pin}"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_index_or_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|\bfile:|--(?!hash)\w|(?<![\w.-])/|@ ", text)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("small", "large"),
    [("requirements.lock", "requirements-dev.lock"), ("requirements-dev.lock", "requirements-bench.lock")],
)
def test_the_larger_lock_installs_what_the_smaller_one_does(small: str, large: str, python: str) -> None:
    assert installed(small, python).items() <= installed(large, python).items()


@pytest.mark.parametrize("python", PYTHONS)
def test_the_cluster_is_of_the_series_of_its_client(python: str) -> None:
    client = installed("requirements-dev.lock", python)["pyspark-client"]
    cluster = installed("requirements-spark.lock", python)["pyspark"]
    assert cluster.rpartition(".")[0] == client.rpartition(".")[0]


def test_the_tasks_install_from_locks_alone() -> None:
    tasks = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = re.findall(r"^\t(?:@)?(?:\$\(INSTALL\)|.*pip install)(.*)$", tasks, re.M)
    assert len(installs) == 6
    for words in installs:
        assert "--require-hashes" in words or "--no-deps --no-build-isolation" in words or words == " uv", (
            words
        )


def test_the_checkout_is_built_with_what_is_locked() -> None:
    asked = re.search(r'^requires = \["(.*)"\]$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert asked and [str(each) for each in ranges("requirements-build.txt")] == [asked[1]]
