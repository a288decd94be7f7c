"""The demo company judged on Spark: every figure is the golden one, and the app's pages serve its snapshot."""

import json
from pathlib import Path

import pytest

from aspromised.store.snapshot import open_snapshot
from tests.app.conftest import Opened, opened
from tests.cli.run import run
from tests.e2e.conftest import AS_OF, UNTIL
from tests.e2e.golden_figures import FILE, text
from tests.e2e.test_page_queries import BOUNDS
from tests.judge.remote.test_refreshed_there import UNLIKE

__all__ = ["opened"]


@pytest.fixture(scope="module")
def demo_there(spark_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo company of the golden figures, judged on Spark."""
    root = tmp_path_factory.mktemp("there") / "fernway"
    assert run("demo", "--workspace", root, "--orders", "6000", "--until", UNTIL).code == 0
    done = run("refresh", "--workspace", root, "--as-of", AS_OF, "--engine", spark_url)
    assert (done.code, done.err) == (0, "")
    return root


def test_every_figure_is_the_golden_one(demo_there: Path) -> None:
    with open_snapshot(demo_there) as snapshot:
        assert snapshot.meta["engine"].startswith("spark ")
    found, golden = json.loads(text(demo_there)), json.loads(FILE.read_text(encoding="utf-8"))
    assert found["tables"]["handed_cell"]["rows"] == 0, "how kept items were handed over is not told of Spark"
    for each in (found, golden):
        for name, sums in each.pop("tables").items():
            if name not in {*UNLIKE, "handed_cell"}:
                each[f"table {name}"] = sums
    assert {name: found.get(name) for name in golden if found.get(name) != golden[name]} == {}
    assert found.keys() == golden.keys()


@pytest.mark.parametrize(("page", "url"), [(page, url) for page, url, _ in BOUNDS])
def test_the_app_serves_it(page: str, url: dict[str, str], demo_there: Path, opened: Opened) -> None:
    app = opened(demo_there, f"pages/{page}.py", **url)
    assert not app.exception and len(app.main) > 1
