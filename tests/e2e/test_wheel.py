"""The wheel is the whole product: installed where nothing else of ours is, it makes the demo company and shows it."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]

LOOK = """
from streamlit.testing.v1 import AppTest
from aspromised.app.house import HOUSE
from aspromised.app.pages import PAGES

assert HOUSE.name == "site", HOUSE
app = AppTest.from_file(str(HOUSE / "main.py"), default_timeout=300)
for page in PAGES:
    app.switch_page(page.script).run()
    assert not app.exception, app.exception
    assert [title.value for title in app.title] == [page.question], page
    print(page.name, len(app.get("html")))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from a copy of what git has of the checkout."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/", "data/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    _run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
          "--wheel-dir", str(built), str(source)], built)  # fmt: skip
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` of an environment that has the wheel; the libraries it needs are this environment's."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    _run([sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet",
          "--no-deps", str(wheel)], home)  # fmt: skip
    (site,) = home.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text("\n".join(_libraries()) + "\n", encoding="utf-8")
    return home / "bin"


def test_the_wheel_asks_for_what_requirements_txt_names(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    (info,) = tmp_path.glob("*.dist-info")
    every = [Requirement(each) for each in PathDistribution(info).requires or []]
    asked = {str(each) for each in every if not (each.marker and "extra" in str(each.marker))}
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert asked == {
        str(Requirement(line)) for line in lines if line.strip() and not line.startswith(("#", "-"))
    }


def test_the_installed_wheel_makes_the_demo_company_and_shows_every_page(
    installed: Path, tmp_path: Path
) -> None:
    command = str(installed / "aspromised")
    _run([command, "demo", "--orders", "1500", "--until", "2026-10"], tmp_path)
    _run([command, "refresh", "--as-of", "2026-10-31"], tmp_path)
    shown = _run([str(installed / "python"), "-c", LOOK], tmp_path)
    assert [line.split()[0] for line in shown.splitlines()] == [
        "compliance",
        "gaps",
        "tonight",
        "handoffs",
        "launches",
        "service",
        "review",
        "health",
    ]


def _libraries() -> list[str]:
    """Return where this environment's libraries are, without the checkout."""
    return [path for path in sys.path if path.endswith(("site-packages", "dist-packages")) and path != sysconfig.get_path("stdlib")]  # fmt: skip


def _run(words: Sequence[str], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE * 10, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
