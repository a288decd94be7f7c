"""A refresh judges again what decides otherwise, and nothing else: declarations, holidays, zones, and the judge's version."""

import shutil
import zoneinfo
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import holidays
import pytest

from aspromised.declare.load import load
from aspromised.judge import run as judging
from aspromised.judge.clocks import opening_hours
from aspromised.judge.incremental import fingerprint
from aspromised.judge.run import plan_promise
from aspromised.judge.verdicts.written import scans_written
from aspromised.refresh import refresh
from aspromised.sql.templates import render
from tests.judge import golden_sql
from tests.refreshing.company import Company
from tests.refreshing.test_adding import same_as_afresh

ALL = ["answer", "by-date", "hours", "lines", "once", "right", "two-days"]
ALONE = ["lines", "once"]
"""What is judged whole whenever its rows or the moment change: its items cannot be judged by themselves."""


class Judged(Company):
    """A company that was judged as of a moment."""

    moment: datetime


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory):
    made = Judged(tmp_path_factory.mktemp("once") / "daily", 0)
    made.moment = made.now
    refresh(load(made.root), made.moment)
    shutil.copytree(made.root, _as_judged(made))
    return made


@pytest.fixture
def company(judged_once):
    """The company in its own place, as it was judged: its files are known by where they are."""
    shutil.rmtree(judged_once.root)
    shutil.copytree(_as_judged(judged_once), judged_once.root)
    return copy(judged_once)


def _as_judged(company: Judged) -> Path:
    return company.root.with_name("as-judged")


@pytest.fixture
def whole(monkeypatch, company):
    """Give the promises that the refreshes from here on judge whole, in order."""
    found = []
    real = judging._judge_whole

    def spied(con, schema, plan, moment, is_again):
        found.append(plan.promise_id)
        real(con, schema, plan, moment, is_again)

    monkeypatch.setattr(judging, "_judge_whole", spied)
    return found


def again(company: Judged, later: timedelta = timedelta()) -> None:
    """Refresh as another process would: nothing that was laid out is remembered."""
    opening_hours._open_time.cache_clear()
    opening_hours.holiday_dates.cache_clear()
    ZoneInfo.clear_cache()
    company.moment += later
    refresh(load(company.root), company.moment)


def declare(company: Judged, was: str, now: str) -> None:
    path = company.root / "promises/all.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


def test_a_later_moment_is_not_another_definition(company, whole):
    again(company, timedelta(hours=3))
    assert whole == ALONE


def test_another_release_of_the_holidays_judges_what_runs_on_the_calendar(
    company, whole, tmp_path, monkeypatch
):
    real = holidays.country_holidays

    def released(*args, **kwargs):
        found = real(*args, **kwargs)
        found.append({"2026-03-27": "A coronation"})
        return found

    monkeypatch.setattr(holidays, "country_holidays", released)
    again(company)
    assert whole == ["answer"]
    same_as_afresh(company, company.moment, tmp_path)


def test_another_rule_of_the_time_zone_judges_all_of_it(company, whole, tmp_path, monkeypatch):
    rules = tmp_path / "zones"
    (rules / "Europe").mkdir(parents=True)
    known = next(Path(path) for path in TZPATH if (Path(path) / "Europe/Paris").exists())
    shutil.copy(known / "Europe/Paris", rules / "Europe/London")  # London takes the hour of Paris
    zoneinfo.reset_tzpath([str(rules), *TZPATH])
    try:
        again(company)
        assert whole == ALL
        same_as_afresh(company, company.moment, tmp_path)
    finally:
        zoneinfo.reset_tzpath()
        ZoneInfo.clear_cache()


def test_what_is_declared_judges_again_what_it_decides(company, whole, tmp_path):
    declare(company, "less_than: 40 hours", "less_than: 41 hours")
    declare(company, "13:00-17:30", "13:00-18:00")
    again(company)
    assert whole == ["answer", "hours"]
    same_as_afresh(company, company.moment, tmp_path)


def test_what_decides_no_verdict_judges_nothing_again(company, whole, tmp_path):
    declare(company, "says: Spring", "says: Summer")
    declare(company, "claim: In hours", "claim: Within hours")
    declare(company, "mon-fri", "mon,tue,wed,thu,fri")
    again(company)
    assert whole == []
    same_as_afresh(company, company.moment, tmp_path)


def test_another_version_of_the_judge_judges_all_of_it(company, whole, monkeypatch):
    monkeypatch.setattr(fingerprint, "JUDGE_VERSION", fingerprint.JUDGE_VERSION + 1)
    again(company)
    assert whole == ALL


def test_a_comment_in_the_code_judges_nothing_again(company, whole, monkeypatch):
    """The code is not read: as it were, all of it is another text."""
    real = Path.read_text

    def commented(path, *args, **kwargs):
        return real(path, *args, **kwargs) + ("\n# a comment\n" if path.suffix == ".py" else "")

    monkeypatch.setattr(Path, "read_text", commented)
    again(company)
    assert whole == []


@pytest.mark.parametrize(
    "case", ["clock-gated", "clock-versions", "clock-exempt-and-corrected", "clock-gated-latest-by", "clock-terms", "repeat-gated-arrived", "counts-gated", "check"]
)  # fmt: skip
def test_what_a_promise_is_known_by_is_the_same_at_every_moment_of_a_day(case):
    small = golden_sql.world_of(case)
    noon = datetime(2026, 3, 30, 11, tzinfo=small.workspace.timezone)
    plan, _ = plan_promise(small.con, small.workspace, "p", noon)
    known = set()
    for moment in (noon, noon + timedelta(hours=5, microseconds=1)):
        _, now = plan_promise(small.con, small.workspace, "p", moment)
        known.add(fingerprint.definition(small.workspace, plan, now))
    assert len(known) == 1


def test_what_was_written_of_a_plan_is_written_once(monkeypatch):
    small = golden_sql.world_of("clock-calendar-days")
    plan, now = plan_promise(small.con, small.workspace, "p", datetime(2026, 3, 30, tzinfo=UTC))
    written = []
    monkeypatch.setattr(
        "aspromised.judge.verdicts.written.render", lambda query: written.append(query) or render(query)
    )
    fingerprint.definition(small.workspace, plan, now)
    first = len(written)
    judging.judge_items(small.con, plan, now)
    scans_written(plan)
    assert 0 < first == len(written)
