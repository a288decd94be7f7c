"""Commands start at once: each imports what it needs, and the table of commands says what their modules say."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from aspromised.cli.commands import COMMANDS
from tests.cli.run import run
from tests.cli.shop import MOMENT, PROMISES, open_shop

IMPORTED = """
import atexit, sys
sys.argv = ["aspromised", *sys.argv[1:]]
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
from aspromised.cli import main
main()
"""
"""Runs a command and prints the modules it left imported."""

FOR_HELP = {"annotated_doc", "aspromised", "attr", "markdown_it", "mdurl", "pygments", "rich", "shellingham", "typer"}  # fmt: skip
"""What the help of all commands may import: Typer and what Typer prints with."""

FOR_STATUS = FOR_HELP | {
    "numpy", "pandas", "dateutil", "six", "pyarrow",
    "duckdb", "_duckdb",
    "scipy", "charset_normalizer", "cython_runtime",
    "pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection",
}  # fmt: skip
"""What the table of status may import: tables, the engine, special functions of a spread, and what Typer reads options with."""

OF_SCIPY = {"special", "linalg", "version"}
"""The parts of scipy that a spread needs; each distribution of scipy.stats costs as much as the rest of status."""

SPREAD = """
  same-everywhere:
    claim: The same everywhere
    made_by: marketing
    kept_by: dispatch
    target: 90%
    measure: {spread_of: next-day, across: region, at_most: 5 points}
"""


def imported(*words: str | Path) -> set[str]:
    """Return the modules that a command has imported when it is done, without the standard library's."""
    command = [sys.executable, "-c", IMPORTED, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    names = done.stderr.splitlines()[-1].split()
    generated = re.compile(
        r"__main__|_cython_|_cyutility|_sysconfigdata|_virtualenv|__editable__|_distutils|a1_coverage"
    )
    return {name for name in names if not generated.match(name) and _top(name) not in sys.stdlib_module_names}


def _top(module: str) -> str:
    return module.partition(".")[0]


def test_the_help_imports_no_command() -> None:
    found = imported("--help")
    assert {_top(name) for name in found} <= FOR_HELP
    rooms = {name.split(".")[1] for name in found if name.startswith("aspromised.")}
    assert rooms <= {"cli", "store", "words"}
    assert {name for name in found if name.startswith("aspromised.store.")} <= {"aspromised.store.layout"}
    assert {name for name in found if name.startswith("aspromised.cli.")} <= {
        "aspromised.cli.commands",
        "aspromised.cli.say",
    }


@pytest.fixture(scope="module")
def spread_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop with a promise of consistency, refreshed."""
    root = open_shop(tmp_path_factory.mktemp("start") / "shop", promises=PROMISES + SPREAD)
    done = run("refresh", "--workspace", root, "--as-of", MOMENT)
    assert done.code == 0, done.err
    return root


def test_status_imports_neither_distributions_nor_what_judges_or_draws(spread_shop: Path) -> None:
    found = imported("status", "--workspace", spread_shop)
    assert {_top(name) for name in found} <= FOR_STATUS
    of_scipy = {name.split(".")[1] for name in found if name.startswith("scipy.")}
    assert {part for part in of_scipy if not part.startswith("_")} <= OF_SCIPY
    rooms = {name.split(".")[1] for name in found if name.startswith("aspromised.")}
    assert rooms <= {"analyse", "cli", "sql", "schema", "stats", "store", "words"}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_table_says_what_the_command_says_of_itself(command) -> None:
    found = command.load()
    said = found.info.help if isinstance(found, typer.Typer) else inspect.getdoc(found)
    assert said.split("\n\n")[0].replace("\n", " ") == command.help


def test_every_command_stands_in_the_table_in_the_order_of_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `aspromised ([a-z]+)", readme, re.M)
    assert [each.name for each in COMMANDS] == told


def test_a_command_of_its_own_tells_its_options_and_a_slip_is_guessed() -> None:
    assert "--by" in run("status", "-h").out
    assert run("status", "-h").out == run("status", "--help").out
    assert "accept-loss" in run("ledger", "--help").out
    assert "Did you mean 'status'?" in run("stats").err
    assert "Did you mean 'verify'?" in run("ledger", "verfy").err
    assert run("stats").code == run("ledger", "verfy").code == run("status", "--bye").code == 2
