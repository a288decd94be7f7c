"""The house keeps its shape: imports point down, documents match the code, and every page and key is described."""

import ast
import re
from argparse import Namespace
from copy import copy
from pathlib import Path

import pytest
import yaml
from importlinter.cli import lint_imports

from tests.conftest import LONGEST, BySharing, longest_first, pytest_xdist_make_scheduler

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "aspromised"

MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


def test_imports_keep_the_contracts_of_pyproject():
    """Layers, no circles, and who may know what: `make check` prints them."""
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


def _texts(path: Path) -> list[str]:
    """Return the texts of a module, what is filled in as {} and texts side by side as one."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
            found.append("".join(parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return [re.sub(r"\s+", " ", text.lower()) for text in found]


_BY_PLACE = (
    r"select \*[^()]*? (union|except|intersect)( all)?( \(?select| \{\})",
    r"(union|except|intersect)( all)? \(?select \*",
    r"insert into [\w.{}\" ]+? (select|values)\b",
)
"""What goes by the place of columns: a set operation beside `select *`, and an insert that names none."""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_columns_are_matched_by_name_never_by_place(path):
    for text in _texts(path):
        for pattern in _BY_PLACE:
            found = re.search(pattern, text)
            assert found is None or "by name" in found[0], f"name the columns, or say `by name`: {text}"


def test_notebooks_know_nothing_of_streamlit():
    for path in (ROOT / "notebooks").glob("*.py"):
        assert "streamlit" not in path.read_text(encoding="utf-8"), path


def test_the_schema_beside_the_demo_is_the_one_the_command_prints():
    from aspromised.declare.publish.schema import schema_text

    assert (ROOT / "aspromised.schema.json").read_text(encoding="utf-8").strip() == schema_text().strip()


def test_the_readme_names_every_command_page_and_task():
    from aspromised.cli.commands import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert f"aspromised {command.name}" in readme, (
            f"the README does not tell of `aspromised {command.name}`"
        )
    for page in (ROOT / "pages").glob("*.py"):
        title = {"review": "Monthly review", "health": "Data health", "service": "Internal service"}.get(
            page.stem, page.stem.capitalize()
        )
        assert title in readme, f"the README does not tell of the page {title}"
    for task in re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M):
        assert f"make {task}" in readme, f"the README does not tell of `make {task}`"


def test_pictures_and_links_of_the_documents_are_there():
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (document.parent / link).exists(), f"{document.relative_to(ROOT)} links to {link}"


CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"}  # fmt: skip
WAITING = {
    "tests/postgres.py": "waits for a server to answer",
    "tests/serving.py": "waits for the app to answer",
    "tests/store/test_kill.py": "spreads its kills over as long as a refresh takes here",
}
"""Who may look at the clock, and why: nobody to judge how fast something was."""


def test_no_test_depends_on_how_fast_the_machine_is():
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                assert name in WAITING or CLOCKS.isdisjoint(alias.name for alias in node.names), place
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "time"
            ):
                assert name in WAITING or node.attr not in CLOCKS, f"{place}: measure work done, not seconds"
            if isinstance(node, ast.keyword) and node.arg in ("timeout", "default_timeout"):
                assert not isinstance(node.value, ast.Constant), f"{place}: wait with tests.patience.PATIENCE"
            if isinstance(node, ast.keyword) and node.arg == "deadline":
                assert name == "tests/conftest.py", f"{place}: no example has a deadline"


def calls(path: Path) -> list[ast.Call]:
    return [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]


def called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def is_constant(word: ast.expr) -> bool:
    return isinstance(word, ast.Constant)


def test_html_is_escaped_by_one_function():
    for path in MODULES:
        if path != PACKAGE / "words" / "text.py":
            assert "html" not in imports(path), f"{path}: escape with aspromised.words.text.html"


def test_commands_print_through_one_door():
    for path in (PACKAGE / "cli").rglob("*.py"):
        for call in calls(path) if path.name != "say.py" else []:
            said = called(call)
            assert said not in ("typer.echo", "click.echo") and not said.endswith("console.print"), (
                f"{path.name}:{call.lineno}: print through aspromised.cli.say"
            )
            if said == "print":
                assert ast.unparse(call.args[0]).startswith(("line(", "lines(")), f"{path.name}:{call.lineno}"


STREAMLIT_MARKDOWN = {"markdown", "write", "title", "header", "subheader", "caption", "error", "success", "warning",
                      "info", "toast", "badge", "metric", "expander", "download_button", "button"}  # fmt: skip


def test_what_streamlit_reads_as_markdown_is_ours_or_escaped():
    for path in (PACKAGE / "app").glob("*.py"):
        for call in calls(path):
            if called(call) in {f"st.{name}" for name in STREAMLIT_MARKDOWN} and call.args:
                first, where = call.args[0], f"{path.name}:{call.lineno}"
                if where.startswith(("renderer.py", "page.py")) and ast.unparse(first) in ("text", "title"):
                    continue  # what the author of a notebook wrote as Markdown
                is_escaped = "label(" in ast.unparse(first)
                assert is_constant(first) or is_escaped, (
                    f"{where}: pass it through aspromised.words.text.label"
                )


def test_markdown_of_notebooks_holds_no_words_of_rows_or_declarations():
    for path in [*(ROOT / "notebooks").glob("*.py"), *MODULES]:
        for call in calls(path):
            if called(call) == "Markdown" and path.name != "runner.py":
                assert is_constant(call.args[0]), f"{path.name}:{call.lineno}: show a string: it is text"


def test_lists_of_notebooks_are_made_of_points():
    for path in (ROOT / "notebooks").glob("*.py"):
        assert '"\\n".join' not in path.read_text(encoding="utf-8"), f"{path.name}: show points(…)"


def recipe(task: str) -> list[str]:
    """Return what a task of the Makefile runs."""
    tasks = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{task}:.*\n((?:\t.*\n)+)", tasks, re.M)
    assert found
    return found[1].split("\n\t")


def test_the_gate_checks_and_changes_nothing():
    check = " ".join(recipe("check"))
    assert all(tool in check for tool in ("ruff format --check", "ruff check", "mypy", "lint-imports"))
    assert "--fix" not in check
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make check\n" in gate and "make test\n" in gate


def test_what_a_folder_builds_once_is_built_by_one_worker():
    assert "--dist loadfile" in " ".join(recipe("test")), "only then are tests handed out by what they share"
    scope = BySharing.__new__(BySharing)._split_scope
    for folder in ("browser", "demo"):
        files = (ROOT / "tests" / folder).glob("test_*.py")
        assert {scope(f"{file.relative_to(ROOT).as_posix()}::test[a/b]") for file in files} == {
            f"tests/{folder}/"
        }
    assert scope("tests/cli/test_why.py::test[a]") == "tests/cli/test_why.py"


def test_what_takes_longest_is_begun_first(pytestconfig):
    assert [place for place in LONGEST if not (ROOT / place).exists()] == []
    tests = [
        "tests/cli/test_why.py::a",
        *(f"{place}::b[x::y]" for place in LONGEST),
        "tests/words/test_a.py::c",
    ]
    tests = [each.replace("/::", "/test_any.py::") for each in tests]
    assert sorted(tests, key=longest_first) == [*tests[1:-1], tests[0], tests[-1]]
    config = copy(pytestconfig)
    config.option = Namespace(
        **vars(config.option) | {"dist": "loadfile", "tx": ["2*popen"], "loadscopereorder": True}
    )
    assert pytest_xdist_make_scheduler(config, None)
    assert not config.option.loadscopereorder, (
        "files of many tests would come first, also where they are short"
    )


def test_hooks_before_a_commit_fetch_nothing_and_change_nothing():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [each["repo"] for each in hooks["repos"]] == ["local"]
    for hook in hooks["repos"][0]["hooks"]:
        assert hook["language"] == "system" and "--fix" not in hook["entry"]
        assert any(
            hook["entry"].split(" --")[0].removeprefix(".venv/bin/") in line for line in recipe("check")
        )
