"""Where late minutes went: by hand, by the definition in pandas, and adding up exactly whatever the data are like."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.judge.chains.test_stages import EVENTS, LOG
from tests.judge.chains.world import TEN_DAYS, ChainWorld, stage

T = "timestamptz"
COLUMNS = {"id": "varchar", "s": T, "a": T, "b": T, "c": T, "e": T, "d": T}
FOUR = [
    stage("triage", "a", "2 days"),
    stage("pick", "b", "4 days"),
    stage("pack", "c", "2 days"),
    stage("carry", "e", "1 day"),
]
CHAIN = {"items": {"source": "items", "id": "id", "started": "s"}, "stages": FOUR}
START = datetime(2026, 3, 1, tzinfo=UTC)


def day(number):
    return None if number is None else str(START + timedelta(days=number))


def late(*ends, stages=FOUR, done=None, as_of="2026-06-01", measure=None, begins=0, **more):
    """Return place → days late of one item whose stages ended on these days."""
    chain = CHAIN | {"stages": stages}
    told = [day(each) for each in (*ends, *[None] * (4 - len(ends)))]
    row = ("1", day(begins), *told, day(done) if done is not None else None)
    promise = TEN_DAYS | {"measure": TEN_DAYS["measure"] | (measure or {})}
    w = ChainWorld(chain, COLUMNS, [row], {"p": promise}, **more).judge(as_of)
    assert not w.problems, w.problems
    return {place: pytest.approx(hours / 24, abs=1e-9) for place, hours in w.shared("1").items()}


def test_the_promise_of_ten_days_of_the_textbook():
    """Budgets 2, 4, 2, 1 of 10 days; the stages took 5, 4, 1 and 3: three days late."""
    assert late(5, 9, 10, 13, done=13) == {1: 7 / 3, 2: 0, 3: -2 / 3, 4: 4 / 3}


def test_what_lies_outside_the_stages_is_a_row_of_its_own():
    """The chain's last end is on day 13, the promise is kept on day 15 only: two of the five days late are nobody's stage."""
    found = late(2, 6, 8, 9, done=12)
    assert found == {0: 2, 1: 0, 2: 0, 3: 0, 4: 0}


def test_an_item_that_no_case_is_known_of_is_wholly_outside():
    chain = {"events": EVENTS, "stages": [stage("a", "A", "1 day")]}
    w = ChainWorld(
        chain, COLUMNS, [("1", day(0), *[None] * 4, day(11))], {"p": TEN_DAYS}, logs={"log": (LOG, [])}
    ).judge("2026-06-01")
    assert w.shared("1") == {0: 24}


def test_budgets_that_exceed_the_promise_are_late_by_plan():
    wide = [
        stage("triage", "a", "6 days"),
        stage("pick", "b", "6 days"),
        stage("pack", "c"),
        stage("carry", "e"),
    ]
    found = late(6, 13, stages=wide[:2], done=13)
    assert found == {-1: 2, 1: 0, 2: 1}


def test_a_stage_without_a_budget_may_take_what_the_others_leave():
    free = [
        stage("triage", "a", "2 days"),
        stage("pick", "b"),
        stage("pack", "c"),
        stage("carry", "e", "2 days"),
    ]
    assert late(2, 5, 8, 13, stages=free, done=13) == {1: 0, 2: 0, 3: 0, 4: 3}


def test_a_stage_not_come_to_takes_no_part_and_one_still_running_has_recovered_nothing():
    """As of day 11 it has been a day in packing, of two: it is a day late, and all of that is triage's."""
    assert late(6, 10, as_of="2026-03-12") == {1: 1, 2: 0, 3: 0}


def test_a_stage_of_no_budget_at_all_owns_all_it_took():
    none = [stage("triage", "a", "0 days"), stage("pick", "b", "10 days")]
    assert late(2, 12, stages=none, done=12) == {1: 2, 2: 0}


def test_the_clock_of_the_promise_cuts_what_lies_before_and_after_it():
    """Half of triage lies before the promise's clock, which stops while picking is under way."""
    measure = {"started": "e"}
    stages = [stage("triage", "a", "2 days"), stage("pick", "b", "20 days")]
    assert late(4, 30, None, 2, stages=stages, done=13, measure=measure, as_of="2026-06-01") == {1: 1, 2: 0}


def test_a_repeated_stage_has_one_budget_for_all_its_rounds():
    """Check took 1 + 3 days of 2, repair 8 of 8; promised were 10."""
    chain = {"events": EVENTS, "stages": [stage("check", "A", "2 days"), stage("repair", "B", "8 days")]}
    events = [("1", "N", day(0)), ("1", "A", day(1)), ("1", "B", day(9)), ("1", "A", day(12))]
    rows = [(case, what, at_, None, None, None) for case, what, at_ in events]
    w = ChainWorld(
        chain, COLUMNS, [("1", day(0), *[None] * 4, day(12))], {"p": TEN_DAYS}, logs={"log": (LOG, rows)}
    ).judge("2026-06-01")
    assert w.shared("1") == {1: 48, 2: 0}


def test_business_budgets_are_the_wall_time_from_when_the_stage_began():
    """Begun on Friday 16:00, two open hours run out on Monday at 10:00; done on Tuesday at 10:00: a day late."""
    shop = {"shop": {"open": {"mon-fri": ["09:00-17:00"]}}}
    stages = [stage("desk", "a", "2 business hours", calendar="shop")]
    chain = CHAIN | {"stages": stages}
    row = ("1", "2026-03-06 16:00+00", "2026-03-10 10:00+00", None, None, None, "2026-03-10 10:00+00")
    promise = TEN_DAYS | {"measure": TEN_DAYS["measure"] | {"within": "66 hours"}}
    w = ChainWorld(chain, COLUMNS, [row], {"p": promise}, calendars=shop).judge("2026-06-01")
    assert w.shared("1") == {1: 24}


OFFICE = {"office": {"open": {"mon-fri": ["09:00-17:00"]}}}
HALVES = {
    "2 calendar days": {"budget": "1 calendar day"},
    "2 business days": {"budget": "1 business day", "calendar": "office"},
    "8 business hours": {"budget": "4 business hours", "calendar": "office"},
}


def microseconds(stages, promised, begun, *ends, begins=None):
    """Return place → microseconds of one item, by the default due of its promise on the same calendar."""
    calendar = {"calendar": "office"} if "business" in promised else {}
    measure = TEN_DAYS["measure"] | {"within": promised, "started": begins or "s", **calendar}
    row = ("1", begun, *ends, *[None] * (4 - len(ends)), ends[-1])
    w = ChainWorld(
        CHAIN | {"stages": stages}, COLUMNS, [row], {"p": TEN_DAYS | {"measure": measure}}, calendars=OFFICE
    ).judge("2026-06-01")
    assert not w.problems, w.problems
    (late_us,) = w.rows("select epoch_us(done) - epoch_us(due) from out.item")[0]
    found = dict(w.rows("select position, late_us from out.late_stage"))
    assert sum(found.values()) == late_us
    return found


@pytest.mark.parametrize("promised", HALVES)
@pytest.mark.parametrize("begun", ["2026-03-02 10:00+00", "2026-03-06 22:30+00", "2026-03-27 16:59+00"])
def test_budgets_that_fit_into_the_promise_leave_nothing_unfunded(promised, begun):
    """Two halves laid one after the other end when the whole does, to the microsecond, weekends and the change of the clock between."""
    half = HALVES[promised]
    stages = [stage("x", "a", **half), stage("y", "b", **half)]
    at_once = str(datetime.fromisoformat(begun) + timedelta(hours=2))
    found = microseconds(
        stages, promised, begun, at_once, str(datetime.fromisoformat(begun) + timedelta(days=9))
    )
    assert -1 not in found
    assert found[1] < 0 < found[2]


def test_what_the_plan_ends_after_the_due_moment_is_unfunded():
    """One calendar day and one more hour end at 1 in the night, an hour after the promised day."""
    stages = [stage("x", "a", "1 calendar day"), stage("y", "b", "1 hour")]
    begun, first, last = "2026-03-02 10:00+00", "2026-03-03 10:00+00", "2026-03-04 10:00+00"
    assert microseconds(stages, "1 calendar day", begun, first, last)[-1] == 3_600_000_000


def test_a_stage_not_come_to_takes_no_room_in_the_plan():
    stages = [
        stage("x", "a", "1 calendar day"),
        stage("y", "b", "1 calendar day"),
        stage("z", "c", "1 calendar day"),
    ]
    begun, first, last = "2026-03-02 10:00+00", "2026-03-02 12:00+00", "2026-03-05 10:00+00"
    assert -1 in microseconds(stages, "2 calendar days", begun, first, first, last)
    assert -1 not in microseconds(stages, "2 calendar days", begun, first, None, last)


def test_a_stage_done_when_the_clock_of_the_promise_began_takes_no_part():
    """Promised from the end of the first stage on, which left most of its day: that is no part of the promise."""
    stages = [stage("x", "a", "1 calendar day"), stage("y", "b", "2 calendar days")]
    begun, first, last = "2026-03-02 10:00+00", "2026-03-02 12:00+00", "2026-03-05 12:00+00"
    assert microseconds(stages, "2 calendar days", begun, first, last, begins="a") == {2: 43_200_000_001}


def test_nine_stages_are_too_many_to_share_among_and_that_is_said():
    many = [stage(f"s{n}", f"A{n}", "1 day") for n in range(9)]
    events = [("1", f"A{n}", day(n + 1), None, None, None) for n in range(9)]
    chain = {"events": EVENTS, "stages": many}
    row = ("1", day(0), *[None] * 4, day(11))
    w = ChainWorld(chain, COLUMNS, [row], {"p": TEN_DAYS}, logs={"log": (LOG, events)}).judge("2026-06-01")
    assert not w.problems
    assert w.rows("select not_shared from out.chain")[0][0].startswith("it has 9 stages")
    assert w.rows("select count(*) from out.late_stage") == [(0,)]
    assert w.stages("done") == [(1,)] * 9


def test_kept_and_broken_after_a_late_and_after_a_timely_handover():
    rows = [("1", day(0), day(3), None, None, None, day(11)), ("2", day(0), day(3), None, None, None, day(9)),
            ("3", day(0), day(2), None, None, None, day(9)), ("4", day(0), None, None, None, None, day(11))]  # fmt: skip
    w = ChainWorld(CHAIN | {"stages": FOUR[:1]}, COLUMNS, rows, {"p": TEN_DAYS}).judge("2026-06-01")
    counts = "late_broken, late_kept, timely_broken, timely_kept"
    assert w.rows(
        f"select position, {', '.join(f'cast(sum({c}) as int)' for c in counts.split(', '))} from out.handed_cell group by 1"
    ) == [(1, 1, 1, 0, 1)]


MOMENTS = st.one_of(st.none(), st.integers(-2, 40))


def in_pandas(begins, ends, done, as_of, budgets, promised):
    """Return place → hours by the definition: stretches between ends in order, and every order of the stages. All in hours."""
    stop = done if done is not None else as_of
    known = sorted(
        (max(end, begins), place) for place, end in enumerate(ends, 1) if end is not None and end <= as_of
    )
    stretches, reached = [], begins
    for end, place in known:
        stretches.append((place, reached, end, False))
        reached = end
    left = [
        place
        for place, _ in enumerate(ends, 1)
        if place > (known[-1][1] if known else 0) and place not in {p for _, p in known}
    ]
    if left:
        stretches.append((left[0], reached, as_of, True))
    spent = {p: max(0, min(to, stop) - max(frm, begins)) for p, frm, to, _ in stretches if frm <= stop}
    budget = {p: budgets[p - 1] for p in spent}
    for p, _, to, running in stretches:
        if p in budget and (running or to > stop):
            budget[p] = min(budget[p], spent[p])
    spent[0], budget[0] = stop - begins - sum(spent.values()), 0
    slack = promised - sum(budget.values())
    orders = list(permutations(spent))
    own = dict.fromkeys(spent, 0.0)
    for order in orders:
        so_far = -slack
        for p in order:
            own[p] += (max(0, so_far + spent[p] - budget[p]) - max(0, so_far)) / len(orders)
            so_far += spent[p] - budget[p]
    return own | {-1: max(0, -slack)}


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.tuples(MOMENTS, MOMENTS, MOMENTS), st.one_of(st.none(), st.integers(0, 40))),
        min_size=1,
        max_size=12,
    )
)
def test_any_items_at_all_add_up_exactly_and_are_shared_by_the_definition(items):
    hour = lambda n: None if n is None else str(START + timedelta(hours=n))  # noqa: E731
    stages = [stage("x", "a", "3 hours"), stage("y", "b", "1 hours"), stage("z", "c", "5 hours")]
    rows = [(str(n), hour(0), *map(hour, ends), None, hour(done)) for n, (ends, done) in enumerate(items)]
    promise = TEN_DAYS | {"measure": TEN_DAYS["measure"] | {"within": "8 hours"}}
    w = ChainWorld(CHAIN | {"stages": stages}, COLUMNS, rows, {"p": promise}).judge(
        str(START + timedelta(hours=30))
    )
    assert not w.problems
    as_of = 30
    for n, (ends, done) in enumerate(items):
        known = done if done is not None and done <= as_of else None
        length = (known if known is not None else as_of) - 8
        told = w.shared(str(n))
        if length <= 0:
            assert told == {}
            continue
        whole = w.rows(f"select sum(late_us) from out.late_stage where item_id = '{n}'")[0][0]
        assert whole == length * 3_600_000_000
        expected = in_pandas(0, ends, known, as_of, [3, 1, 5], 8)
        assert told == {p: pytest.approx(v, abs=1e-9) for p, v in expected.items() if p in told}
        assert all(abs(v) < 1e-9 for p, v in expected.items() if p not in told)
