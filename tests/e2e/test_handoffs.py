"""The planted late payment check is found by the product, with the size that the demo counted in pandas; every late minute adds up."""

from datetime import date

import pytest

from aspromised.analyse.handoffs.late import late_minutes
from aspromised.analyse.handoffs.opened import open_chain
from aspromised.analyse.handoffs.snowball import snowballs
from aspromised.analyse.windows.window import Window
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.e2e.conftest import Demo

SINCE_TIGHTENED = Window(date(2026, 3, 1), date(2026, 10, 31))


def test_the_late_payment_check_is_counted_as_in_pandas(demo: Demo) -> None:
    story = demo.truth["stories"]["slow-payment-check"]
    with open_snapshot(demo.root) as snapshot:
        (row,) = snapshot.query(
            "select sum(late_broken)::int a, sum(late_broken + late_kept)::int b, sum(timely_broken)::int c, sum(timely_broken + timely_kept)::int d"
            " from handed_cell where promise_id = 'two-day-delivery' and version = 2 and position = 1"
        ).itertuples(index=False)
        assert tuple(row) == (
            story["late_and_broken"], story["late_checks"], story["on_time_and_broken"], story["on_time_checks"]
        )  # fmt: skip
        found = snowballs(snapshot, "fulfilment", "two-day-delivery", SINCE_TIGHTENED)
    assert found[0].stage == "payment check" and found[0].stands_out
    assert found[0].crude.low < story["risk_ratio"] < found[0].crude.high


def test_every_late_item_of_a_chain_adds_up_to_its_lateness_exactly(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        off = snapshot.query(
            "with own as (select promise_id, item_id, sum(late_us) as us from late_stage group by all)\n"
            "select count(*) as n, count(*) filter (where us is distinct from epoch_us(done) - epoch_us(due)) as off\n"
            "from item left join own using (promise_id, item_id) join promise using (promise_id)\n"
            "where verdict = 'broken' and not chain is null and promise.kind = 'clock' and done > due and due >= started"
            " and reason is distinct from 'cancelled'"
        )
    assert off["n"].iloc[0] > 100 and off["off"].iloc[0] == 0


def test_the_page_and_the_command_tell_the_same_minutes(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        [last] = snapshot.query(
            "select strftime(max(day), '%Y-%m') as month from late_stage where chain_id = 'refunds'"
        )["month"]
        one = open_chain(snapshot, "refund-in-five-days", Window.month(last))
        late = late_minutes(snapshot, "refunds", Window.month(last))
    (told,) = run("handoffs", "refunds", "--month", last, "--workspace", demo.root, "--json").json["chains"]
    assert one.late.items
    assert told["late_minutes"] == pytest.approx(one.late.minutes) == pytest.approx(late.minutes)
    assert sum(each["late_minutes"] for each in told["stages"]) == pytest.approx(told["late_minutes"])
    assert one.late.rows["share"].sum() == pytest.approx(1.0)


def test_a_promise_without_a_chain_says_so_and_leads_to_those_that_have_one(demo: Demo) -> None:
    with open_snapshot(demo.root) as snapshot:
        one = open_chain(snapshot, "chat-in-minutes", Window.month("2026-10"))
        assert "names no chain" in one.sentence and not one.is_told
        assert "two-day-delivery" in dict(one.others)
        assert "no such promise" in open_chain(snapshot, "nobody", Window.month("2026-10")).sentence
