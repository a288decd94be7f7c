"""A launch's readiness on record: frozen once, printed byte for byte, and every change told."""

import hashlib
import io
import json
import re
import threading
from datetime import date
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import text

from aspromised.declare.load import load
from aspromised.report.certificate import (
    ALTERED,
    CERTIFICATE,
    FOREIGN,
    GENUINE,
    Certificate,
    certificate,
    check_certificate,
    frozen,
)
from aspromised.report.paper import embedded, pdf, record_html
from aspromised.report.record import readiness_record, restated, sha256
from aspromised.report.wording import record_small_print
from aspromised.store.ledger import DamagedLedger, open_ledger, sign_off
from aspromised.store.snapshot import open_snapshot
from aspromised.words.problems import AsPromisedError, MisuseError
from tests.report.conftest import DECLARED, refreshed


def asked(root: Path, promotion: str = "spring", who: str | None = "Ada") -> Certificate:
    with open_snapshot(root) as snapshot, open_ledger(root) as ledger:
        return certificate(load(root), snapshot, ledger, promotion, who)


def known(root: Path, promotion: str = "spring") -> dict:
    with open_snapshot(root) as snapshot, open_ledger(root) as ledger:
        return readiness_record(load(root), snapshot, ledger, promotion)


def checked(root: Path, file: Path):
    with open_ledger(root) as ledger:
        return check_certificate(ledger, file)


def exported(root: Path, found: Certificate) -> tuple[Path, Path]:
    pages, paper = root / "x.html", root / "x.pdf"
    pages.write_text(found.html, encoding="utf-8")
    paper.write_bytes(found.pdf)
    return pages, paper


def test_a_record_tells_each_gate_as_it_was_known_at_launch_and_nothing_that_came_later(tiny):
    told = known(tiny)
    assert (told["verdict"], told["missing"], told["judged_on"], told["is_launch"]) == (
        "not ready",
        ["agents trained"],
        "2026-05-01",
        True,
    )
    delivery, agents, press = told["gates"]
    assert (delivery["met"], delivery["value"]) == (True, 0.9)
    assert (agents["met"], agents["evidence"], agents["sign_offs"]) == (False, "not signed off by care", [])
    assert press["optional"]
    assert press["sign_offs"] == [
        {"team": "marketing", "who": "marketing", "on": "2026-04-20", "written_at": None, "note": ""}
    ]
    assert "2026-05-04" not in json.dumps(told)  # the day agents were trained came after the launch


def test_what_was_signed_after_the_launch_is_not_in_its_record(tiny):
    workspace = load(tiny)
    with open_ledger(tiny) as ledger:
        sign_off(ledger, workspace, "spring", "agents trained", team="care", who="Bo", on=date(2026, 4, 1))
    assert known(tiny)["gates"][1]["sign_offs"] == []


def test_a_sign_off_known_by_the_day_that_decides_is_told_with_both_dates(tiny, monkeypatch):
    workspace = load(tiny)
    monkeypatch.setattr("aspromised.store.ledger.book._now", lambda _: "2026-04-30T12:00:00.000000+00:00")
    with open_ledger(tiny) as ledger:
        sign_off(
            ledger,
            workspace,
            "spring",
            "agents trained",
            team="care",
            who="Bo",
            on=date(2026, 4, 1),
            note="all 40",
        )
    (signed,) = known(tiny)["gates"][1]["sign_offs"]
    assert (signed["on"], signed["written_at"], signed["who"]) == (
        "2026-04-01",
        "2026-04-30T12:00:00+00:00",
        "Bo",
    )
    refreshed(tiny)
    html = asked(tiny).html
    assert "Bo for care, claimed for 1 Apr 2026, written Thu 30 Apr 2026 13:00, “all 40”" in html


def test_a_record_never_tells_of_a_sign_off_and_counts_it_as_missing(tiny, monkeypatch):
    monkeypatch.setattr("aspromised.store.ledger.book._now", lambda _: "2026-10-31T12:00:00.000000+00:00")
    with open_ledger(tiny) as ledger:
        sign_off(
            ledger, load(tiny), "winter", "agents trained", team="care", who="Ann", on=date(2026, 10, 31)
        )
    with pytest.raises(
        AsPromisedError, match=r"“agents trained” has changed since the last refresh.*run `asp"
    ):
        asked(tiny, "winter")
    with open_ledger(tiny) as ledger:
        assert frozen(ledger, "winter") == []
    refreshed(tiny)
    (gate,) = asked(tiny, "winter").content["gates"]
    assert (gate["met"], [each["who"] for each in gate["sign_offs"]]) == (True, ["Ann"])


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("on: 2026-05-04", "on: 2026-04-04"),
        ("agents trained, signed_off_by: care, on", "agents ready, signed_off_by: care, on"),
    ],
)
def test_a_record_is_of_the_gates_that_the_snapshot_was_judged_by(tiny, word, instead):
    file = tiny / "promises" / "all.yaml"
    file.write_text(DECLARED.replace(word, instead))
    with pytest.raises(AsPromisedError, match="“agents trained” has changed since the last refresh"):
        asked(tiny)
    file.write_text(DECLARED)
    before = asked(tiny)
    file.write_text(DECLARED.replace(word, instead))
    assert asked(tiny, who=None).content == before.content, "what was frozen is kept and printed all the same"


def test_asked_again_it_is_the_same_record_byte_for_byte(tiny):
    first, again = asked(tiny), asked(tiny, who=None)
    assert (first.content, first.sha256, first.html, first.pdf) == (
        again.content,
        again.sha256,
        again.html,
        again.pdf,
    )
    assert again.restated == ()
    with open_ledger(tiny) as ledger:
        assert len(ledger.events(CERTIFICATE)) == 1


def test_records_that_were_older_than_promised_are_told_on_the_paper(tiny):
    content = asked(tiny).content
    (source,) = content["data"]["sources"]
    old = {
        **content,
        "data": {**content["data"], "sources": [{**source, "freshness": "older than promised"}]},
    }
    (told, *_), (first, *_) = record_small_print(old, ""), record_small_print(content, "")
    assert told.startswith("The records of orders (to ") and "may stand here as missed" in told
    assert first.startswith("Judged from snapshot")


def test_rows_that_were_set_aside_or_are_no_longer_there_are_told_on_the_paper(tiny):
    content = asked(tiny).content
    (source,) = content["data"]["sources"]

    def told(**changed):
        data = {**content["data"], "sources": [{**source, **changed}]}
        return record_small_print({**content, "data": data}, "")[0]

    name = source["source"]
    assert told(rows_in=100, set_aside=30).startswith(f"30 of 100 rows of {name} (30 %) were set aside: ")
    assert told(rows=0, rows_in=0, rows_before=9).startswith(f"{name} had 9 rows, now none: ")
    assert told(rows_in=100, set_aside=5).startswith("Judged from snapshot")


def test_the_hash_is_that_of_the_content_as_anyone_may_compute_it(tiny):
    found = asked(tiny)
    canonical = json.dumps(found.content, sort_keys=True, separators=(",", ":")).encode()
    assert found.sha256 == hashlib.sha256(canonical).hexdigest() == sha256(found.content)
    assert found.content["exported_by"] == "Ada"


def test_numbers_that_became_others_are_told_and_the_record_stays(tiny):
    before = asked(tiny)
    refreshed(tiny, late=40)
    after = asked(tiny, who=None)
    assert after.content == before.content
    (line,) = after.restated
    assert line == (
        "“delivery holds” was: 90.0 % of 100 orders over 28 days; needs 80 %;"
        " today's numbers say: 60.0 % of 100 orders over 28 days; needs 80 %"
    )


def test_a_gate_added_or_taken_away_since_is_told():
    gates = [{"gate": "a", "met": True, "evidence": "x", "needed": "n"}]
    before = {"verdict": "ready", "gates": gates}
    assert restated(before, before) == []
    assert restated(before, {"verdict": "not ready", "gates": [{**gates[0], "gate": "b"}]}) == [
        "the verdict was “ready”, today's numbers say “not ready”",
        "“a” is no longer a gate",
        "“b” was not a gate then",
    ]


def test_nobody_is_made_up_where_nobody_said_who(tiny):
    for who in (None, "", "  "):
        with pytest.raises(AsPromisedError, match="--who"):
            asked(tiny, who=who)
    with open_ledger(tiny) as ledger:
        assert frozen(ledger, "spring") == []


def test_before_a_launch_each_day_of_the_data_has_a_record_of_its_own(tiny):
    first = asked(tiny, "winter")
    assert first.content["is_launch"] is False
    assert first.content["judged_on"] == "2026-10-31"
    refreshed(tiny, as_of="2026-11-02")
    assert asked(tiny, "winter").content["judged_on"] == "2026-11-02"
    with open_ledger(tiny) as ledger:
        assert [each.content["judged_on"] for each in frozen(ledger, "winter")] == [
            "2026-10-31",
            "2026-11-02",
        ]


def test_a_launch_without_gates_is_never_called_ready(tiny):
    found = asked(tiny, "summer")
    assert found.content["verdict"] == "cannot tell"
    assert "it cannot be told whether it was ready: nothing was declared that had to be ready" in found.html


def test_what_was_called_off_or_is_not_there_has_no_record(tiny):
    with pytest.raises(AsPromisedError, match="it was called off"):
        asked(tiny, "autumn")
    with pytest.raises(MisuseError, match="no promotion 'sprung'"):
        asked(tiny, "sprung")


def test_two_who_freeze_at_once_get_the_same_record(tiny):
    found: list[Certificate] = []
    asking = [
        threading.Thread(target=lambda who=who: found.append(asked(tiny, who=who)))
        for who in ("Ada", "Bo", "Cy")
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert len({each.sha256 for each in found}) == 1
    assert len(found) == 3


def test_what_was_exported_is_genuine(tiny):
    for file in exported(tiny, asked(tiny)):
        verdict = checked(tiny, file)
        assert verdict.state == GENUINE
        assert "event 1 of the ledger" in verdict.sentence


def test_one_changed_word_is_told_on_either_paper(tiny):
    pages, paper = exported(tiny, asked(tiny))
    pages.write_text(pages.read_text().replace("not ready", "ready"))
    paper.write_bytes(paper.read_bytes().replace(b"obj", b"obJ", 1))
    assert [checked(tiny, file).state for file in (pages, paper)] == [ALTERED, ALTERED]


def test_a_file_of_another_ledger_is_not_vouched_for(tiny, tmp_path):
    pages, _ = exported(tiny, asked(tiny))
    other = tmp_path / "other"
    refreshed(other)
    assert checked(other, pages).state == FOREIGN
    (tmp_path / "shopping.txt").write_text("milk")
    assert checked(tiny, tmp_path / "shopping.txt").state == FOREIGN


def test_a_ledger_that_was_changed_vouches_for_nothing(tiny):
    pages, _ = exported(tiny, asked(tiny))
    with open_ledger(tiny) as ledger, ledger.engine.begin() as con:
        for (name,) in con.execute(text("select name from sqlite_master where type = 'trigger'")).all():
            con.execute(text(f'drop trigger "{name}"'))
        con.execute(text("update event set body = replace(body, 'not ready', 'ready')"))
    with pytest.raises(AsPromisedError, match="cannot vouch for anything: event 1 was changed"):
        checked(tiny, pages)


def test_the_page_needs_nothing_from_outside_and_obeys_nothing_that_authors_wrote(tiny):
    html = asked(tiny).html
    assert not re.search(r'(src|href)="(?!#|data:)', html)
    assert "<script" not in html
    assert "<all>" not in html
    assert "Spring *for* &lt;all&gt;" in html


def test_the_pdf_opens_is_tagged_and_says_what_the_page_says(tiny):
    found = asked(tiny)
    _, paper = exported(tiny, found)
    read = pypdf.PdfReader(paper)
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read.pages))
    for words in (
        "Was “Spring *for* <all>” ready?",
        "it was not ready: agents trained",
        "not signed off by care",
        found.sha256,
    ):
        assert words in said
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert embedded(paper.read_bytes()) == found.sha256


def test_letters_that_typst_brings_no_font_for_do_not_stop_the_record(tiny):
    content = asked(tiny).content
    content["promotion"] = {**content["promotion"], "says": "春のセール"}
    assert pdf(content, "0" * 64).startswith(b"%PDF-")


def test_what_turns_words_around_is_written_out_on_either_paper(tiny):
    content = asked(tiny).content
    (first, *others) = content["gates"]
    content |= {
        "promotion": {**content["promotion"], "says": "Ends \u202e2026\u2066", "run_by": "\u202dAda"},
        "gates": [{**first, "gate": "ready\u202e", "evidence": "99\x1b %"}, *others],
    }
    read = pypdf.PdfReader(io.BytesIO(pdf(content, "0" * 64)))
    said = re.sub(r"\s+", "", "".join([*(page.extract_text() for page in read.pages), read.metadata.title]))
    page = record_html(content, "0" * 64)
    for words in (r"Ends\u202e2026\u2066", r"\u202dAda", r"ready\u202e", r"99\x1b%"):
        assert words in said
        assert words in re.sub(r"\s+", "", page)
    assert not set("\u202e\u2066\u202d\x1b") & set(said + page)


@pytest.mark.parametrize(
    "changed",
    [None, {"judged_on": None}, {"files": []}, {"files": {"pdf": 1}}, {"content": "x"}, {"content": {"judged_on": "2026-05-01"}},
     {"sha256": 5}, {"judged_on": "2026-05-02"}],
)  # fmt: skip
def test_an_event_that_froze_no_record_is_told_in_a_sentence(tiny, changed):
    """Whoever holds the file can write rightly chained events of their own."""
    file = exported(tiny, asked(tiny))[0]
    with open_ledger(tiny) as ledger:
        body = ledger.events(CERTIFICATE)[0].body
        ledger.append(CERTIFICATE, "spring", {**body, **changed} if changed else {}, "Eve")
    for ask in (lambda: asked(tiny), lambda: checked(tiny, file)):
        with pytest.raises(DamagedLedger, match="event 2 is no certificate: it needs"):
            ask()
