"""Counts already added up, and matters that should not come up again: rows few enough to count."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

COUNTS = {"items": "items", "at": "period", "kept": "seen - late", "total": "seen", "segments": ["place"]}
TYPES = {"period": "date", "seen": "integer", "late": "integer", "place": "varchar"}

FCR = [
    # methods §1.8, constructed: as of 31 January, a window of 7 days, its boundary counts as again
    (1, "2026-01-01", "A", "bill"), (2, "2026-01-05", "A", "bill"), (3, "2026-01-20", "A", "bill"),
    (4, "2026-01-02", "B", "late"), (5, "2026-01-03", "C", "late"), (6, "2026-01-04", "C", "bill"),
    (7, "2026-01-28", "D", "late"),
    (8, "2026-01-10", "E", "bill"), (9, "2026-01-17", "E", "bill"), (10, "2026-01-24", "E", "bill"),
]  # fmt: skip
CONTACTS = {"id": "integer", "at": "timestamptz", "who": "varchar", "what": "varchar"}
REPEAT = {"items": "items", "id": "id", "at": "at", "same": ["who", "what"], "not_again_within": "7 days"}


def totals(small, as_of):
    small.table("verdict_cell", as_of)
    sums = "sum(kept), sum(broken), sum(open), sum(exempt), sum(unknown), sum(not_promised)"
    return small.con.sql(f"select {sums} from out.verdict_cell").fetchall()[0]


def test_counts_are_added_up_and_never_averaged(world):
    rows = [("2026-01-01", 1000, 100, "a"), ("2026-01-01", 10, 9, "b"), ("2026-02-01", 500, 0, "a")]
    small = world({"measure": COUNTS}, TYPES, rows)
    assert totals(small, "2026-03-01") == (900 + 1 + 500, 100 + 9, 0, 0, 0, 0)
    daily = small.table("verdict_daily", "2026-03-01")
    by_place = {
        row[4]: (row[5], row[6]) for row in daily if row[3] == "place" and str(row[1]) == "2026-01-01"
    }
    assert by_place == {"a": (900, 100), "b": (1, 9)}


def test_counts_of_a_period_not_begun_are_not_known_yet(world):
    rows = [("2026-01-01", 1000, 100, "a"), ("2026-02-01", 500, 0, "a")]
    assert totals(world({"measure": COUNTS}, TYPES, rows), "2026-01-31")[:2] == (900, 100)


def test_counts_that_make_no_sense_are_unknown(world):
    rows = [
        ("2026-01-01", 10, None, "a"),
        ("2026-01-01", 10, 12, "a"),
        (None, 10, 1, "a"),
        ("2026-01-01", 0, 0, "a"),
    ]
    assert totals(world({"measure": COUNTS}, TYPES, rows), "2026-03-01") == (0, 0, 0, 0, 30, 0)


NUMBERS = {"period": "date", "k": "double", "t": "double"}
TOLD = {"items": "items", "at": "period", "kept": "k", "total": "t"}
STORM = {"storm": {"promises": ["p"], "from": "2026-03-05", "to": "2026-03-05", "because": "storm"}}


def test_numbers_that_are_no_counts_are_never_taken_off_what_is_counted(world):
    rows = [
        ("2026-03-01", 1, -5),  # before the first version: a row without a total is one
        ("2026-03-03", 9, 10),
        ("2026-03-04", 11, 10),  # more kept than there are: ten that nobody knows of
        ("2026-03-05", 1, -7),  # exempt: one
        ("2026-03-05", 5, 10),  # exempt: ten
        ("2026-03-06", 1.4, 2.6),  # no whole numbers: one unknown
        ("2026-03-06", 1.4, 3),  # three unknown
        ("2026-03-07", None, 8),  # eight
        ("2026-03-08", 0, 0),
        ("2026-03-09", float("nan"), 2),  # two
        ("2026-03-09", 1, float("inf")),  # one
        ("2026-03-10", 0.29 * 100, 100),  # 28.999999999999996: a share that means 29
    ]
    promise = {"measure": TOLD, "versions": [{"from": "2026-03-02"}]}
    small = world(promise, NUMBERS, rows, corrections=STORM)
    assert totals(small, "2026-04-01") == (9 + 29, 1 + 71, 0, 11, 10 + 1 + 3 + 8 + 2 + 1, 1)
    asked = "select reason, count(*) from out.item where verdict = 'unknown' group by 1 order by 1"
    assert small.con.sql(asked).fetchall() == [
        ("more kept than there are, or less than none", 2),
        ("more than can be counted", 1),
        ("no counts", 1),
        ("not a whole number", 2),
    ]
    assert told_by_items(small) == (11, 25)


def told_by_items(small):
    """How many items the rows worth seeing stand for: those exempt, and those unknown."""
    sums = ", ".join(f"coalesce(sum(items) filter (verdict = '{each}'), 0)" for each in ("exempt", "unknown"))
    return small.con.sql(f"select {sums} from out.item").fetchall()[0]


number = st.one_of(
    st.none(),
    st.integers(-20, 40),
    st.integers(-80, 160).map(lambda n: n / 4),
    st.sampled_from([float("nan"), float("inf"), 1e300]),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 9), number, number), min_size=1, max_size=12))
def test_counts_add_up_to_the_totals_that_were_told_and_none_is_less_than_none(world, drawn):
    rows = [(f"2026-03-{day:02}", kept, total) for day, kept, total in drawn]
    promise = {"measure": TOLD, "versions": [{"from": "2026-03-03"}]}
    small = world(promise, NUMBERS, rows, corrections=STORM)
    found = totals(small, "2026-04-01")
    assert told_by_items(small) == found[3:5]
    assert all(count >= 0 for count in found)
    whole = [total for _, _, total in rows if total is not None and 0 <= total < 41 and total == int(total)]
    assert sum(whole) <= sum(found) <= sum(whole) + len(rows)
    meant = [
        (kept, total)
        for day, kept, total in drawn
        if kept is not None
        and total in whole
        and 0 <= kept <= total
        and kept == int(kept)
        and day in (3, 4, 6, 7, 8, 9)
    ]
    assert found[:2] == (sum(kept for kept, _ in meant), sum(total - kept for kept, total in meant))


def test_counts_started_before_the_first_version_are_not_promised(world):
    rows = [("2026-01-01", 10, 1, "a"), ("2026-02-01", 10, 2, "a")]
    promise = {"measure": COUNTS, "versions": [{"from": "2026-02-01"}]}
    assert totals(world(promise, TYPES, rows), "2026-03-01") == (8, 2, 0, 0, 0, 10)


def test_contacts_that_come_up_again_are_broken_once_their_window_has_passed(world):
    """Nine mature contacts, three of them repeated: a rate of .667, not the .714 that counts the immature one."""
    small = world({"measure": REPEAT}, CONTACTS, FCR, timezone="UTC")
    verdicts = small.verdicts("2026-01-31T12:00")
    assert list(verdicts.values()).count("kept") == 6
    assert [item for item, verdict in verdicts.items() if verdict == "broken"] == [1, 8, 9]
    assert [item for item, verdict in verdicts.items() if verdict == "open"] == [7]


def test_an_early_repeat_waits_for_its_window_like_every_other(world):
    small = world({"measure": REPEAT}, CONTACTS, FCR, timezone="UTC")
    assert small.verdicts("2026-01-06")[1] == "open"
    assert small.verdicts("2026-01-08")[1] == "broken"


def test_a_matter_that_is_not_told_is_unknown_and_no_repeat_of_another(world):
    rows = [(1, "2026-01-01", None, "bill"), (2, "2026-01-02", None, "bill"), (3, "2026-01-01", "A", "bill")]
    small = world({"measure": REPEAT}, CONTACTS, rows, timezone="UTC")
    assert small.verdicts("2026-02-01") == {1: "unknown", 2: "unknown", 3: "kept"}


def test_a_contact_is_counted_on_the_day_its_window_ends(world):
    small = world({"measure": REPEAT}, CONTACTS, FCR[:1], timezone="UTC")
    assert str(small.items("2026-02-01")[0]["day"].date()) == "2026-01-08"
