"""Waiting by cause, on the logs of "Why am I waiting?" with the answers its authors worked out (CAiSE 2023, Apache-2.0)."""

import json

import numpy as np
import pandas as pd
import pytest

from aspromised.stats.waiting.causes import waiting_causes
from aspromised.stats.waiting.weekly_hours import UTC_TIME, WeeklyHours
from tests.real.conftest import DATA, aspromised
from tests.stats.waiting.logs import activity_log, by_handoff

pytestmark = pytest.mark.real

FOLDER = DATA / "waiting"
KEYS = ["source_activity", "source_resource", "target_activity", "target_resource"]
CAUSES = ["total", "batching", "prioritization", "contention", "unavailability", "extraneous"]


def published_week(resource: str) -> np.ndarray:
    """Return the quarters in which a resource of the three logs made by hand works.

    Its authors gave these calendars beside the logs: Monday to Friday from 10 to 20 h, and Marcus rests from 12:00 to 12:30.
    """
    works = np.zeros((7, 96), dtype=bool)
    works[:5, 40:80] = True
    if resource == "Marcus":
        works[:5, 48:50] = False
    return works.ravel()


def read(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a log and what is to come out."""
    if not FOLDER.exists():
        pytest.skip("the waiting logs are not beside the project")
    log = pd.read_csv(FOLDER / f"{name}.csv", parse_dates=["start_time", "end_time"])
    expected = pd.read_csv(FOLDER / f"{name}_expected.csv", dtype={"cases": str})
    for cause in CAUSES:
        expected[f"wt_{cause}"] = pd.to_timedelta(expected[f"wt_{cause}"])
    return log.rename(columns={"case_id": "case", "Activity": "activity", "Resource": "resource",
                               "start_time": "start", "end_time": "end"}), expected  # fmt: skip


@pytest.mark.parametrize("name", ["handoff-test", "manual_log_1", "manual_log_2", "manual_log_3"])
def test_every_expected_row_comes_out_in_all_its_columns(name):
    log, expected = read(name)
    coded, names = activity_log(log)
    given = WeeklyHours.of(np.array([published_week(each) for each in names]))
    found = by_handoff(log, waiting_causes(coded, UTC_TIME, None if name == "handoff-test" else given))
    found.columns = list(expected.columns)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


LUNCH = {"manual_log_1": "B", "manual_log_2": "BC", "manual_log_3": "B"}
"""Whose work Marcus does, who rests at noon: the hours of stages, where the logs' authors gave those of people."""
OPEN = {"day": '["10:00-20:00"]', "lunch": '["10:00-12:00", "12:30-20:00"]'}


@pytest.mark.parametrize("name", ["handoff-test", "manual_log_1", "manual_log_2", "manual_log_3"])
def test_the_command_tells_every_expected_row(name, tmp_path):
    log, expected = read(name)
    stages = [
        f"      - {{stage: {each}, supplier: desk, customer: desk, done: {each}"
        + (f", calendar: {'lunch' if each in LUNCH[name] else 'day'}" if name in LUNCH else "") + "}"
        for each in sorted(log["activity"].unique())
    ]  # fmt: skip
    calendars = [f"  {each}: {{open: {{mon-fri: {hours}}}}}" for each, hours in OPEN.items()]
    events = "{source: log, id: case_id, activity: Activity, started: start_time, at: end_time, resource: Resource}"
    declared = ["company: {name: W, timezone: UTC}", "calendars:", *calendars, "chains:", "  c:", f"    events: {events}",
                "    stages:", *stages]  # fmt: skip
    files = {"promises/c.yaml": "\n".join(declared), "data/sources.yaml": "sources:\n  log: {files: log.csv}\n",
             "data/log.csv": (FOLDER / f"{name}.csv").read_text(encoding="utf-8")}  # fmt: skip
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, encoding="utf-8")
    aspromised("refresh", "--workspace", str(tmp_path), "--as-of", "2022-12-31")
    answer = json.loads(
        aspromised("handoffs", "c", "--by", "resource", "--json", "--workspace", str(tmp_path))
    )
    (chain,) = answer["chains"]
    names = ["from", "from_by", "to", "to_by", "handoffs", "cases", "waiting_s", "batching_s", "prioritisation_s",
             "contention_s", "unavailability_s", "extraneous_s"]  # fmt: skip
    found = pd.DataFrame(chain["handoffs"])[names].sort_values(names[:4], ignore_index=True)
    wanted = expected[KEYS].assign(
        frequency=expected["frequency"], cases=[len(each.split(",")) for each in expected["cases"]],
        **{cause: expected[f"wt_{cause}"].dt.total_seconds() for cause in CAUSES},
    )  # fmt: skip
    assert found.to_numpy().tolist() == wanted.sort_values(KEYS, ignore_index=True).to_numpy().tolist()
