"""A real cluster, spoken to both ways: what fails there fails in one sentence, and what was published last keeps serving.

With ASPROMISED_TEST_SPARK=cluster (`make test-spark`), which starts one.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from aspromised.sql.limits import SECONDS_VARIABLE
from bench.cluster import Cluster, cluster, kill
from tests.judge.remote.conftest import CLUSTER, SPARK
from tests.judge.remote.test_refreshed_there import UNLIKE
from tests.patience import PATIENCE
from tests.refreshing.test_adding import tables
from tests.store.refresh_once import shop

pytestmark = pytest.mark.skipif(
    os.environ.get(SPARK) != CLUSTER, reason="needs a real cluster: `make test-spark`"
)

WAYS = ["spark", "sc"]
"""A driver of the cluster, and Spark Connect."""
DAY = "2026-02-01"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop judged here, whose next refresh is to be the same."""
    root = tmp_path_factory.mktemp("published") / "c"
    shop(root, 400)
    assert ended(command("refresh", "--workspace", root, "--as-of", DAY))[0] == 0
    return root


def command(*words: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start the command, as a process of its own that tells what it asks."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.judge.remote.told", *map(str, words)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def refreshing(root: Path, address: str, **environment: str) -> subprocess.Popen[str]:
    """Start a refresh that asks an address."""
    return command("refresh", "--workspace", root, "--as-of", DAY, "--engine", address, **environment)


def reach_the_middle(process: subprocess.Popen[str]) -> None:
    """Wait until a refresh asks for the rows of a table."""
    assert process.stdout
    line = process.stdout.readline()
    assert line == "asking\n", (line, process.stderr.read() if process.stderr else "")


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return how a process ended: its code, and what it said besides what it asked."""
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err, err
    return process.returncode, out.replace("asking\n", ""), err


@pytest.fixture
def copied(published: Path, tmp_path: Path) -> Path:
    """Return a copy of the shop, with what is published of it."""
    return shutil.copytree(published, tmp_path / "c")


@pytest.fixture(params=WAYS)
def address(request: pytest.FixtureRequest, real: Cluster) -> str:
    """Return an address of the cluster."""
    return real.master if request.param == "spark" else real.connect


def served(root: Path) -> str:
    """Return the id of the snapshot being served."""
    return (root / ".aspromised/CURRENT").read_text()


def assert_as_judged_here(root: Path, published: Path) -> None:
    """Hold every table that is served against those judged here."""
    expected, found = tables(published), tables(root)
    for name in expected.keys() - UNLIKE:
        pd.testing.assert_frame_equal(found[name], expected[name], obj=name)


def test_a_refresh_is_the_same_there(address: str, copied: Path, published: Path) -> None:
    before = served(copied)
    assert ended(refreshing(copied, address))[0] == 0
    assert served(copied) != before
    assert_as_judged_here(copied, published)


def test_a_driver_killed_leaves_the_last_snapshot_and_the_cluster_to_the_next(
    address: str, copied: Path, published: Path
) -> None:
    before = served(copied)
    process = refreshing(copied, address)
    reach_the_middle(process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert served(copied) == before
    assert_as_judged_here(copied, published)
    assert ended(refreshing(copied, address))[0] == 0
    assert_as_judged_here(copied, published)


def test_ctrl_c_ends_it_there_too(address: str, copied: Path) -> None:
    before = served(copied)
    process = refreshing(copied, address)
    reach_the_middle(process)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert code not in (0, -9) and out == "" and err.strip() in ("", "Aborted!", "Aborted.")
    assert served(copied) == before
    assert ended(refreshing(copied, address))[0] == 0


def test_what_takes_too_long_is_broken_off(address: str, copied: Path) -> None:
    code, out, err = ended(refreshing(copied, address, **{SECONDS_VARIABLE: "1"}))
    assert code == 1
    assert "it took longer than it may" in out + err, (out, err)


@pytest.mark.parametrize("asked", WAYS)
def test_an_address_where_something_else_answers_is_told(asked: str, real: Cluster, copied: Path) -> None:
    """A Spark Connect server is no master, and a master no Spark Connect server."""
    before = served(copied)
    other = real.connect if asked == "spark" else real.master
    code, out, err = ended(refreshing(copied, f"{asked}://{other.partition('://')[2]}"))
    assert (code, out) == (1, "") and served(copied) == before
    assert "nothing was published; what was published last keeps serving: spark at " in err
    assert "gives no session" in err and err.count("\n") == 1


def test_without_java_a_driver_is_told_so(real: Cluster, copied: Path) -> None:
    code, out, err = ended(refreshing(copied, real.master, PATH="/nowhere", JAVA_HOME=""))
    assert (code, out) == (1, "")
    assert "takes Java here too, and there is none: install a Java 17 runtime" in err and err.count("\n") == 1


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Cluster]:
    """Return a cluster whose parts may be killed."""
    with cluster() as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_killed_in_the_middle_costs_no_figure(
    way: str, own: Cluster, copied: Path, published: Path
) -> None:
    """The job ends right by the worker that is left, or fails in a sentence."""
    before = served(copied)
    process = refreshing(copied, own.master if way == "spark" else own.connect)
    reach_the_middle(process)
    kill(own.workers[0])
    code, _, err = ended(process)
    assert code == 0 or (served(copied) == before and "what was published last keeps serving" in err), err
    assert_as_judged_here(copied, published)
    if way == "sc":  # and then the server itself
        process = refreshing(copied, own.connect)
        reach_the_middle(process)
        kill(own.started[-1])
        before = served(copied)
        code, out, err = ended(process)
        assert (code, out) == (1, "") and served(copied) == before
        assert "what was published last keeps serving: spark at " in err and err.count("\n") == 1
