"""What stands around a page: whose numbers, as of when, how old."""

import subprocess
from datetime import UTC, datetime

import pytest

from aspromised.app.frame import staleness
from aspromised.app.pages import PAGES
from aspromised.app.serve import OPEN_BROWSER, command
from aspromised.store.layout import Layout
from aspromised.store.snapshot import open_snapshot, published
from tests.app.conftest import Opened, said
from tests.app.tiny import declared, refreshed
from tests.cli.run import run
from tests.cli.shop import SOURCES, open_shop


def test_the_footer_says_whose_numbers_these_are_in_the_companys_time(opened: Opened, tmp_path):
    app = opened(refreshed(declared(tmp_path / "work")))
    assert "Tiny &amp; Sons · as of 31 October 2026, 23:59 (Europe/London) · snapshot 20" in said(app)
    assert "invented" not in said(app)


def test_invented_data_is_called_so_on_every_page(opened: Opened, tmp_path):
    root = refreshed(declared(tmp_path / "work"))
    (root / "data" / "STORIES.md").write_text("What was planted.")
    assert "invented data" in said(opened(root, "pages/health.py"))


def test_a_new_snapshot_shows_at_the_next_run_without_a_restart(opened: Opened, tmp_path):
    root = refreshed(declared(tmp_path / "work"))
    app = opened(root)
    refreshed(root, company="Tiny & Daughters")
    assert "Tiny &amp; Sons" in said(app)
    assert "Tiny &amp; Daughters" in said(app.run())


def test_a_snapshot_older_than_its_sources_promise_says_so(tmp_path):
    root = refreshed(declared(tmp_path / "work"), refreshed_at="2026-11-01T06:00:00+00:00")
    with open_snapshot(root) as snapshot:
        assert staleness(snapshot, datetime(2026, 11, 2, 8, tzinfo=UTC)) == ""
        told = "These numbers were made 27 hours ago; the sources promise to be fresh within 26 hours."
        assert staleness(snapshot, datetime(2026, 11, 2, 9, tzinfo=UTC)) == told
        assert "made 9 days ago" in staleness(snapshot, datetime(2026, 11, 10, 9, tzinfo=UTC))


@pytest.mark.parametrize("page", ["pages/compliance.py", "pages/review.py"])
def test_above_every_page_stands_that_records_stopped(opened: Opened, tmp_path, page: str):
    dated = SOURCES.replace("key: order_id", "key: order_id\n    fresh_within: 26 hours")
    root = open_shop(tmp_path / "work", sources=dated)
    assert run("refresh", "--as-of", "2026-01-20", "--workspace", root).code == 0
    told = "The records of orders (to Fri 9 Jan 2026 10:00) are older than promised: what was done since is in no number"
    assert told in said(opened(root, page))


@pytest.mark.parametrize("page", ["pages/compliance.py", "pages/gaps.py", "pages/review.py"])
def test_above_every_page_stands_that_rows_were_set_aside_of_those_that_its_promise_reads(
    opened: Opened, tmp_path, page: str
):
    more = "  parcels: {files: parcels.csv, columns: {sent: timestamp}}\n"
    root = open_shop(tmp_path / "work", sources=SOURCES + more)
    (root / "data" / "parcels.csv").write_text("sent\nsoon\n2026-01-05\n")
    assert run("refresh", "--as-of", "2026-01-09", "--workspace", root).code == 1
    told = "1 of 2 rows of parcels (50 %) were set aside" in said(opened(root, page, promise="next-day"))
    assert told is (page == "pages/review.py"), "what no number of one promise is made of is not said of it"


def test_the_server_listens_on_this_machine_unless_told_otherwise(tmp_path):
    line = command(tmp_path, None, "localhost", browser=False)
    assert "--server.address=localhost" in line and "--server.headless=true" in line
    assert not any(flag.startswith("--server.port") for flag in line)
    assert "--server.port=8600" in command(tmp_path, 8600, "0.0.0.0", browser=True)


@pytest.mark.parametrize("module", ["streamlit", "json", "aspromised", "pandas"])
def test_a_file_of_the_workspace_named_like_a_module_stands_in_for_none(module: str, tmp_path):
    (tmp_path / f"{module}.py").write_text("raise SystemExit('the file of the workspace ran')")
    line = command(tmp_path, None)
    python = line[: line.index("aspromised.app.launcher") + 1]
    asked = subprocess.run([*python, "version"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (asked.returncode, "ran" in asked.stderr) == (0, False), asked.stderr


@pytest.mark.parametrize("page", [each.name for each in PAGES])
def test_where_the_newest_snapshot_is_damaged_every_page_shows_the_one_before_and_says_so(
    page: str, opened: Opened, tmp_path
):
    root = refreshed(declared(tmp_path / "work"))
    refreshed(root, company="Tiny & Daughters")
    before, damaged = published(Layout(root))
    damaged.write_bytes(b"not a database" * 1000)
    app = opened(root, f"pages/{page}.py")
    assert not app.exception
    assert f"snapshot {damaged.stem} is damaged; {before.stem} serves: run `aspromised refresh`" in said(app)
    assert "Tiny &amp; Sons · as of" in said(app)
    refreshed(root, company="Tiny & Daughters")
    healed = said(app.run())
    assert "is damaged" not in healed and "Tiny &amp; Daughters · as of" in healed


def test_streamlit_never_takes_a_reader_for_a_developer_to_whom_it_offers_software(tmp_path):
    line = command(tmp_path, None, browser=True)
    assert "--server.headless=true" in line
    assert OPEN_BROWSER in line[line.index("--") :] and OPEN_BROWSER not in command(tmp_path, None)
