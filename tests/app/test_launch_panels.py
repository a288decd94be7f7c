"""Signing a gate off and keeping a record, on the page: what is written stays, and two who write at once lose nothing."""

import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from aspromised.analyse.launches.readiness.verdicts import launches
from aspromised.app.sign_off import _wording, reworded, sign_off_outcome
from aspromised.report.certificate import frozen
from aspromised.store.ledger import SignOff, open_ledger, signed_off
from aspromised.store.snapshot import open_snapshot
from aspromised.words.text import label
from tests.analyse.shelf import shelf
from tests.app.conftest import Opened, said
from tests.report.conftest import refreshed

PAGE = "pages/launches.py"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return refreshed(tmp_path_factory.mktemp("panels") / "tiny")


class AsServed(PagesManager):
    """Pages as a server keeps them after its first visit: AppTest forgets, and starts at the older kind of app each run."""

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        PagesManager.uses_pages_directory = False


@pytest.fixture(autouse=True)
def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", AsServed)


@pytest.fixture
def tiny(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "tiny"))


def headings(app: AppTest) -> list[str]:
    return [one.value.removeprefix("## ") for one in app.markdown if one.value.startswith("## ")]


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def signing(app: AppTest, who: str, promotion: str = "winter", note: str = "") -> AppTest:
    app.text_input(key=f"sign-{promotion}-who").input(who)
    app.text_input(key=f"sign-{promotion}-note").input(note)
    return button(app, "Sign off, for good").click().run()


def signed(root: Path, promotion: str = "winter") -> list[str]:
    with open_ledger(root) as ledger:
        return [one.who for one in signed_off(ledger, promotion, "agents trained")]


def test_the_form_stands_under_an_opened_promotion_with_gates_to_sign_and_nowhere_else(opened: Opened, tiny):
    assert "Sign a gate off" not in headings(opened(tiny, PAGE))
    assert "Sign a gate off" in headings(opened(tiny, PAGE, promotion="winter"))
    assert "Sign a gate off" not in headings(opened(tiny, PAGE, promotion="summer"))
    assert "Sign a gate off" not in headings(opened(tiny, PAGE, promotion="autumn"))


def test_what_is_signed_is_in_the_ledger_with_the_moment_it_was_written_and_shown_at_once(
    opened: Opened, tiny
):
    app = signing(opened(tiny, PAGE, promotion="winter"), "Ada", note="all 40")
    assert not app.exception
    assert [
        one.value.startswith("“agents trained” is signed off by care (Ada), and counts from")
        for one in app.success
    ] == [True]
    (table,) = [one.value for one in app.dataframe if "Day claimed" in one.value.columns]
    assert table[["Gate", "Team", "Who", "Note", "In the numbers above"]].to_numpy().tolist() == [
        ["agents trained", "care", "Ada", "all 40", "after a refresh"]
    ]
    assert "With it, nothing is missing." in said(app)
    assert signed(tiny) == ["Ada"]


def test_what_was_signed_for_is_shown_and_what_reads_otherwise_since(opened: Opened, tiny):
    app = signing(opened(tiny, PAGE, promotion="winter"), "Ada")
    (table,) = [one.value for one in app.dataframe if "Signed for" in one.value.columns]
    with open_ledger(tiny) as ledger:
        (one,) = signed_off(ledger, "winter", "agents trained")
    assert table["Signed for"].tolist() == ["; ".join(f"“{words}”" for _, words in one.wording)]
    today = dict(one.wording)
    assert "" in today and "Since Ada signed" not in said(app) and reworded(one, today) == ""
    assert reworded(one, {**today, "": "Anything, tomorrow"}).startswith(
        f"Since Ada signed “agents trained” off, “{today['']}” now reads “Anything, tomorrow”. What was signed stays"
    )
    assert "it no longer leans on" in reworded(one, {"": today[""]}) or len(today) == 1


@pytest.mark.parametrize(("launched", "words"), [("2026-11-30", "In 2 days"), ("2026-12-01", "In 1 day")])
def test_what_is_signed_for_reads_today_as_on_the_day_of_the_launch(launched: str, words: str) -> None:
    """The newest words stand from 1 December: signed for a launch before it, nothing reads otherwise."""
    versions = [
        {"version": 1, "claim": "In 2 days", "to_day": "2026-12-01"},
        {"version": 2, "claim": "In 1 day", "from_day": "2026-12-01"},
    ]
    snapshot: Any = shelf("2026-11-20", promise=[{"claim": "In 1 day"}], promise_version=versions)
    launch: Any = SimpleNamespace(
        says="Faster", leans_on=("p", "unreadable"), launched_day=date.fromisoformat(launched)
    )
    today = _wording(snapshot, launch)
    assert today == {"": "Faster", "p": words, "unreadable": None}
    signed_for = (("", "Faster"), ("p", words), ("unreadable", "Anything"))
    one = SignOff("p", "g", "t", "Ada", date(2026, 11, 1), None, "ledger", wording=signed_for)
    assert reworded(one, today) == "", "of words that cannot be read nobody says that they changed"


def test_looking_at_the_page_again_writes_nothing_more(opened: Opened, tiny):
    app = signing(opened(tiny, PAGE, promotion="winter"), "Ada")
    app.run()
    app.run()
    assert signed(tiny) == ["Ada"]


def test_nobody_signs_without_a_name(opened: Opened, tiny):
    app = signing(opened(tiny, PAGE, promotion="winter"), "   ")
    assert [one.value for one in app.error] == ["Say who signs: a name is kept with every sign-off."]
    assert signed(tiny) == []


def test_a_gate_that_was_renamed_since_is_not_signed(opened: Opened, tiny):
    app = opened(tiny, PAGE, promotion="winter")
    file = tiny / "promises" / "all.yaml"
    file.write_text(
        file.read_text().replace(
            "{gate: agents trained, signed_off_by: care}", "{gate: all trained, signed_off_by: care}"
        )
    )
    (error,) = signing(app, "Ada").error
    assert error.value.startswith(label("Nothing was written: 'winter' has no gate 'agents trained'."))
    assert signed(tiny) == []


def test_signing_after_a_launch_does_not_make_it_ready(opened: Opened, tiny):
    app = signing(opened(tiny, PAGE, promotion="spring"), "Ada", "spring")
    assert signed(tiny, "spring") == ["Ada"]
    assert "nothing is missing" not in said(app)
    assert "Nothing signed after a launch makes that launch one that was ready." in said(app)


def test_two_sessions_that_both_saw_it_unsigned_lose_nothing(opened: Opened, tiny):
    first, second = opened(tiny, PAGE, promotion="winter"), opened(tiny, PAGE, promotion="winter")
    signing(second, "Bo")
    signing(first, "Ada")
    assert signed(tiny) == ["Bo", "Ada"]
    with open_ledger(tiny) as ledger:
        assert ledger.verify().problem is None


def test_what_is_signed_is_judged_at_once_beside_the_other_gates(tiny):
    with open_snapshot(tiny) as snapshot:
        winter = next(one for one in launches(snapshot).launches if one.promotion_id == "winter")
    assert sign_off_outcome(winter, {"agents trained"}, "2026-10-31").endswith("With it, nothing is missing.")
    assert sign_off_outcome(winter, {"another"}, "2026-10-31").endswith(
        "With it, still missing: agents trained."
    )


def test_a_ledger_that_cannot_be_read_is_told_and_the_page_goes_on(opened: Opened, tiny):
    (tiny / "ledger").mkdir(exist_ok=True)
    (tiny / "ledger" / "ledger.db").write_text(
        "this is no database, but long enough to be taken for one" * 40
    )
    app = opened(tiny, PAGE, promotion="winter")
    assert not app.exception
    assert "The ledger cannot be read" in said(app)
    assert any("The record cannot be kept" in one.value for one in app.error)


def test_a_record_is_frozen_once_and_offered_on_paper(opened: Opened, tiny):
    app = opened(tiny, PAGE, promotion="spring")
    app.text_input(key="freeze-spring-who").input("Ada")
    app = button(app, "Freeze the record").click().run()
    with open_ledger(tiny) as ledger:
        (kept,) = frozen(ledger, "spring")
    assert kept.sha256 in said(app)
    labels = [one.proto.label for one in app.get("download_button")]
    assert [label for label in labels if label.startswith("Certificate")] == [
        "Certificate as PDF",
        "Certificate as HTML",
    ]
    assert not [one for one in app.button if one.label == "Freeze the record"]


def test_a_record_says_what_was_restated_since(opened: Opened, tiny):
    app = opened(tiny, PAGE, promotion="spring")
    app.text_input(key="freeze-spring-who").input("Ada")
    button(app, "Freeze the record").click().run()
    refreshed(tiny, late=40)
    assert "Restated since: “delivery holds” was: 90.0 %" in said(opened(tiny, PAGE, promotion="spring"))
