"""Why cases waited as tables: every cause that is told has its column, and nothing is shown of what is not."""

from aspromised.analyse.waiting.opened import open_log
from aspromised.analyse.waiting.ways import hand_ups, ways
from aspromised.analyse.windows.window import Window
from aspromised.chart.waits import gains_ledger, hand_ups_ledger, waits_ledger, ways_ledger
from tests.analyse.waiting.test_waiting import JUNE, cases, tables
from tests.judge.waiting.test_filling import EVENTS, ONE_CASE, THREE, WAY


def test_the_causes_of_each_handoff_stand_beside_it():
    found = open_log(tables(ONE_CASE, THREE), "c", JUNE)
    table = waits_ledger(found.waiting)
    assert "ask → check" in table.html and "100 %" in table.html and "Off hours" in table.html
    assert "check → pay" not in table.html, "nothing waited there"
    assert "+46.2 points" in gains_ledger(found.waiting).html


def test_what_is_not_told_has_no_column_and_no_gain():
    events = {key: value for key, value in EVENTS.items() if key not in ("resource", "started")}
    found = open_log(tables(ONE_CASE, THREE, events), "c", JUNE)
    assert "Busy" not in waits_ledger(found.waiting).html
    assert gains_ledger(found.waiting) is None
    assert "nobody can tell" in found.waiting.facts.caution


def test_where_nothing_waited_nothing_is_drawn():
    found = open_log(tables(ONE_CASE, THREE), "c", Window.month("2026-05"))
    assert waits_ledger(found.waiting) is None and gains_ledger(found.waiting) is None
    assert found.sentence == "No case of c went from one activity to the next in May 2026."


def test_names_of_rows_are_text():
    rows = cases(
        40,
        "ASK a t 10:00 10:10",
        "<b>x</b> a <i>t 10:20 10:30",
        "BOSS d u 10:40 10:50",
        "PAY c v 11:00 11:10",
    )
    snapshot = tables(rows, WAY)
    told = [hand_ups_ledger(hand_ups(snapshot, "c", JUNE)), ways_ledger(ways(snapshot, "c", JUNE)),
            waits_ledger(open_log(snapshot, "c", JUNE).waiting)]  # fmt: skip
    for table in told:
        assert "<b>" not in table.html and "<i>" not in table.html and "&lt;" in table.html


def test_a_promise_leads_to_the_log_of_its_chain_and_columns_have_none():
    snapshot = tables(ONE_CASE, THREE)
    snapshot.con.run("insert into out.promise (promise_id, claim, said_in, segments, chain) values ('p', 'p', [], [], 'c'),"
                     " ('q', 'q', [], [], 'columns')")  # fmt: skip
    assert open_log(snapshot, "", JUNE, "p").chain_id == "c"
    of_columns = open_log(snapshot, "", JUNE, "q")
    assert (of_columns.waiting, of_columns.others) == (
        None,
        ("c",),
    ) and "is read from columns" in of_columns.sentence
    assert open_log(snapshot, "c", JUNE, "q").chain_id == "c"
