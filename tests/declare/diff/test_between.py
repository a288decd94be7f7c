"""What changed is told in words with its direction, and the past that would be rewritten is told as well."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.declare.diff import Difference, between, judged_anew
from aspromised.declare.load import load
from aspromised.declare.model import Company, Promise, Ratings
from aspromised.declare.objects import BY_ID
from aspromised.declare.workspace import Workspace

ON = date(2026, 10, 31)
CONTRACT = Path(__file__).parents[1] / "workspaces" / "contract"


def workspace(promise: dict[str, Any] | None = None, **declared: Any) -> Workspace:
    """Return a workspace of the promise `p`, and of further objects: `promotions={"id": {…}}`."""
    company = Company(name="Test", timezone="Europe/London")
    given = {"claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", **(promise or {})}
    objects = {**declared, "promises": {"p": given} if promise is not None else {}}
    made = {
        kind: {id: BY_ID[kind].model_validate(v) for id, v in each.items()} for kind, each in objects.items()
    }
    return Workspace(Path("nowhere"), company, **made)


def clock(**more: Any) -> dict[str, Any]:
    """Return a promise by a clock; `measure=…` adds to its measure."""
    measure = {
        "items": "orders",
        "id": "id",
        "started": "a",
        "done": "b",
        "within": "3 calendar days",
        **more.pop("measure", {}),
    }
    return {"measure": {key: value for key, value in measure.items() if value is not None}, **more}


def told(old: Workspace, new: Workspace) -> list[tuple[str, str, str]]:
    return [(each.direction, each.words, each.warning) for each in between(old, new, ON)]


def of(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is told of a promise's change."""
    return told(workspace(old), workspace(new))


REWRITES = "this rewrites the past: add a version"
LEAVES_OUT = "this leaves out what was promised before: add a version with the earlier terms"


def test_nothing_is_told_of_the_same_workspace() -> None:
    assert between(load(CONTRACT), load(CONTRACT), ON) == []
    assert judged_anew(load(CONTRACT), load(CONTRACT)) == []


@pytest.mark.parametrize(("before", "after", "direction", "words"), [
    ({"within": "3 calendar days"}, {"within": "2 calendar days"}, "tightened", "within 3 → 2 calendar days"),
    ({"within": "1 calendar day"}, {"within": "3 calendar days"}, "loosened", "within 1 → 3 calendar days"),
    ({"within": "90 minutes"}, {"within": "1 hour"}, "tightened", "within 90 minutes → within 1 hour"),
    ({"within": "60 minutes"}, {"within": "1 hour"}, "changed", "within 60 minutes → within 1 hour"),
    ({"within": "2 days"}, {"within": "2 calendar days"}, "changed", "within 2 days → within 2 calendar days"),
    ({"within": "15 minutes"}, {"within": None, "less_than": "15 minutes"}, "tightened", "within 15 minutes → less than 15 minutes"),
    ({"within": None, "less_than": "20 minutes"}, {"within": None, "less_than": "30 minutes"}, "loosened", "less than 20 → 30 minutes"),
    ({}, {"within": None, "by": "promised_at"}, "changed", "within 3 calendar days → by promised_at"),
    ({"within": {"column": "n", "unit": "days"}}, {}, "changed", "within n days → within 3 calendar days"),
    ({"cut_off": "14:00"}, {"cut_off": "16:00"}, "tightened", "cut-off 14:00 → 16:00"),
    ({}, {"cut_off": "9:00"}, "loosened", "cut-off none → 9:00"),
    ({"calendar": "a"}, {"calendar": "b"}, "changed", "calendar a → b"),
])  # fmt: skip
def test_a_clock_that_changes_without_a_version_rewrites_the_past(
    before: dict[str, Any], after: dict[str, Any], direction: str, words: str
) -> None:
    assert of(clock(measure=before), clock(measure=after)) == [(direction, words, REWRITES)]


def test_a_target_is_tightened_or_loosened() -> None:
    assert of(clock(target="95%"), clock(target="98.5%")) == [("tightened", "target 95 % → 98.5 %", REWRITES)]
    assert of(clock(target="95%"), clock(target="90%")) == [("loosened", "target 95 % → 90 %", REWRITES)]


def test_a_claim_is_reworded_and_that_rewrites_nothing() -> None:
    assert of(clock(claim="In 3 days"), clock(claim="In three days")) == [
        ("reworded", '"In 3 days" → "In three days"', "")
    ]


FIRST = {"from": "2025-01-01", "within": "3 calendar days"}


def test_a_new_version_from_a_day_to_come_rewrites_nothing() -> None:
    old = clock(versions=[FIRST])
    new = clock(versions=[FIRST, {"from": "2026-12-01", "within": "2 calendar days", "target": "95%"}])
    assert of(old, new) == [
        ("tightened", "target 90 % → 95 %, from 1 Dec 2026", ""),
        ("tightened", "within 3 → 2 calendar days, from 1 Dec 2026", ""),
    ]


def test_a_new_version_that_reaches_back_says_how_far() -> None:
    new = clock(versions=[FIRST, {"from": "2026-09-01", "within": "2 calendar days"}])
    assert of(clock(versions=[FIRST]), new) == [
        ("tightened", "within 3 → 2 calendar days, from 1 Sep 2026, which reaches back from 31 Oct 2026", "")
    ]


def test_a_version_of_the_past_that_is_edited_rewrites_it_and_one_to_come_does_not() -> None:
    second, third = (
        {"from": "2026-01-01", "within": "2 calendar days"},
        {"from": "2027-01-01", "within": "1 calendar day"},
    )
    old = clock(versions=[FIRST, second, third])
    new = clock(
        versions=[FIRST, {**second, "within": "4 calendar days"}, {**third, "within": "2 calendar days"}]
    )
    assert of(old, new) == [
        ("loosened", "within 2 → 4 calendar days, from 1 Jan 2026, until 31 Dec 2026", REWRITES),
        ("loosened", "within 1 → 2 calendar days, from 1 Jan 2027", ""),
    ]


def test_a_version_moved_to_another_day_is_told_for_the_days_between() -> None:
    old = clock(versions=[FIRST, {"from": "2026-03-01", "within": "2 calendar days"}])
    new = clock(versions=[FIRST, {"from": "2026-04-01", "within": "2 calendar days"}])
    assert of(old, new) == [
        ("loosened", "within 2 → 3 calendar days, from 1 Mar 2026, until 31 Mar 2026", REWRITES)
    ]


def test_a_first_version_that_forgets_what_was_promised_before_is_warned_of() -> None:
    new = clock(measure={"within": "2 calendar days"}, versions=[{"from": "2026-12-01"}])
    assert of(clock(), new) == [
        ("tightened", "within 3 → 2 calendar days, from 1 Dec 2026", ""),
        ("changed", "not promised any more, until 30 Nov 2026", LEAVES_OUT),
    ]


def test_the_way_that_is_advised_is_not_warned_of() -> None:
    new = clock(versions=[FIRST, {"from": "2026-12-01", "within": "2 calendar days"}])
    assert of(clock(), new) == [
        ("tightened", "within 3 → 2 calendar days, from 1 Dec 2026", ""),
        ("changed", "not promised any more, until 31 Dec 2024", ""),
    ]


def test_versions_taken_away_promise_the_time_before_as_well() -> None:
    assert of(clock(versions=[FIRST]), clock()) == [("changed", "promised also, until 31 Dec 2024", REWRITES)]


def test_a_version_that_says_the_same_changes_no_meaning() -> None:
    new = clock(versions=[FIRST, {"from": "2026-12-01"}])
    assert of(clock(versions=[FIRST]), new) == [("changed", "written otherwise, with the same meaning", "")]


@pytest.mark.parametrize(("before", "after", "direction", "words"), [
    ({"only": "a = 1"}, {"only": "a = 2"}, "changed", "covers a = 1 → a = 2"),
    ({}, {"only": "a = 2"}, "changed", "covers everything → a = 2"),
    ({"if_cancelled": "exempt"}, {"if_cancelled": "broken"}, "tightened", "if cancelled exempt → broken"),
    ({}, {"paused": [{"from": "x", "to": "y"}]}, "loosened", "paused nothing → from: x, to: y"),
    ({}, {"exempt": [{"when": "x", "because": "storm"}]}, "loosened", "exemption added: storm (when: x, because: storm)"),
    ({"exempt": [{"when": "x", "because": "storm"}]}, {}, "tightened", "exemption removed: storm"),
    ({"exempt": [{"when": "x", "because": "storm"}]}, {"exempt": [{"when": "y", "because": "storm"}]}, "changed",
     "exemption storm: when x → y"),
    ({"segments": ["region"]}, {"segments": ["region", {"hour": "hour(a)"}]}, "changed", "segments: added hour: hour(a)"),
    ({"done": "b"}, {"done": "c"}, "changed", "done b → c"),
])  # fmt: skip
def test_the_rest_of_a_measure_is_told_by_field(
    before: dict[str, Any], after: dict[str, Any], direction: str, words: str
) -> None:
    assert of(clock(measure=before), clock(measure=after)) == [(direction, words, "")]


def test_other_kinds_of_measure_have_their_own_directions() -> None:
    repeat = {"items": "o", "id": "i", "at": "a", "same": ["c"], "not_again_within": "7 days"}
    assert of({"measure": repeat}, {"measure": {**repeat, "not_again_within": "2 weeks"}}) == [
        ("tightened", "not again within 7 days → 2 weeks", "")
    ]
    spread = {"spread_of": "q", "across": "region", "at_most": "5 points"}
    assert of({"measure": spread}, {"measure": {**spread, "at_most": "8 points"}}) == [
        ("loosened", "at most 5 → 8", "")
    ]
    check = {"items": "o", "id": "i", "at": "a", "kept_when": "x"}
    words = "target 90 % → 95 % (no verdict of a spread asks for it: `at_most` is what is promised)"
    assert of({"measure": spread, "target": "90%"}, {"measure": spread, "target": "95%"}) == [
        ("changed", words, "")
    ]
    assert of({"measure": spread}, {"measure": check})[0][:2] == (
        "changed",
        "measured by a spread → a check: items: o, id: i, at: a, kept_when: x",
    )


def test_the_rest_of_a_promise_is_told_by_field() -> None:
    new = clock(kept_by="dispatch", said_in=["tv"], at_least=50, review_by="2027-01-31")
    assert of(clock(said_in=["radio"]), new) == [
        ("changed", "kept by b → dispatch", ""),
        ("changed", "said in: added tv; removed radio", ""),
        ("changed", "at least 30 → 50", ""),
        ("changed", "review by nothing → 31 Jan 2027", ""),
    ]


def test_promises_that_come_and_go_are_told() -> None:
    with_it, without = workspace(clock()), workspace()
    assert told(without, with_it) == [("added", 'added: "c", 90 %, said by a, kept by b', "")]
    assert told(with_it, without) == [("removed", 'removed: "c", 90 %, said by a, kept by b', "")]


PROMOTION = {"says": "Tomorrow", "launched": "2026-05-01T08:00", "leans_on": ["p"]}
GATE = {"gate": "stock cover", "sql": "select 1", "at_least": 14}


def promotion(**more: Any) -> Workspace:
    return workspace(promotions={"spring": {**PROMOTION, **more}})


@pytest.mark.parametrize(("before", "after", "expected"), [
    ({}, {"launched": "2026-05-08"}, ("changed", "launched Fri 1 May 2026 08:00 → Fri 8 May 2026 00:00 (7 days later)")),
    ({}, {"ends": "2026-05-10"}, ("changed", "ends nothing → the end of Sun 10 May 2026")),
    ({}, {"says": "In a day"}, ("reworded", "says Tomorrow → In a day")),
    ({}, {"expects": {"demand": "+60%"}}, ("changed", "expects nothing → demand: +60 %")),
    ({}, {"leans_on": ["p", "q"]}, ("changed", "leans on: added q")),
    ({}, {"ready_when": [GATE]}, ("tightened", "gate added: stock cover (gate: stock cover, sql: select 1, at_least: 14)")),
    ({"ready_when": [GATE]}, {}, ("loosened", "gate removed: stock cover")),
    ({"ready_when": [GATE]}, {"ready_when": [{**GATE, "at_least": 7}]}, ("loosened", "gate stock cover: at least 14 → 7")),
    ({"ready_when": [GATE]}, {"ready_when": [{**GATE, "optional": True}]}, ("loosened", "gate stock cover: optional no → yes")),
    ({"ready_when": [{"gate": "g", "promise": "p", "kept_at_least": "90%", "over": "28 days"}]},
     {"ready_when": [{"gate": "g", "promise": "p", "kept_at_least": "95%", "over": "28 days"}]},
     ("tightened", "gate g: kept at least 90 % → 95 %")),
    ({"ready_when": [{"gate": "g", "signed_off_by": "ops"}]}, {"ready_when": [{"gate": "g", "signed_off_by": "ops", "on": "2026-05-06"}]},
     ("changed", "gate g: on nothing → 6 May 2026")),
])  # fmt: skip
def test_dates_and_gates_of_a_promotion_are_told(
    before: dict[str, Any], after: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert told(promotion(**before), promotion(**after)) == [(*expected, "")]


def test_corrections_exempt_so_adding_one_loosens() -> None:
    storm = {"promises": ["p"], "from": "2026-01-12", "to": "2026-01-14", "because": "red warning"}
    with_it, without = workspace(corrections={"storm": storm}), workspace(corrections={})
    words = "p from 12 Jan 2026 to 14 Jan 2026, because red warning"
    assert told(without, with_it) == [("loosened", f"added: {words}", "")]
    assert told(with_it, without) == [("tightened", f"removed: {words}", "")]


def test_calendars_sources_and_connections_are_told() -> None:
    old = workspace(
        calendars={"w": {"open": {"mon-fri": ["08:00-18:00"]}}},
        sources={"orders": {"files": "o.csv", "fresh_within": "26 hours"}},
        connections={"shop": {"kind": "postgres", "url_env": "A"}},
    )
    new = workspace(
        calendars={"w": {"open": {"mon-fri": ["09:00-17:00"]}}},
        sources={"orders": {"files": "o/*.csv", "fresh_within": "12 hours"}},
        connections={"shop": {"kind": "postgres", "url_env": "B"}},
    )
    assert told(old, new) == [
        ("changed", "open mon-fri: 08:00-18:00 → mon-fri: 09:00-17:00", ""),
        ("changed", "files o.csv → o/*.csv", ""),
        ("tightened", "fresh within 26 hours → 12 hours", ""),
        ("changed", "url env A → B", ""),
    ]


def test_what_cannot_be_read_in_one_state_is_left_out() -> None:
    lost = Workspace(Path("nowhere"), workspace().company, unreadable={("promises", "p"): ()})
    assert between(lost, workspace(clock()), ON) == []
    assert judged_anew(lost, workspace(clock())) == []


def test_promises_are_judged_anew_where_verdicts_or_targets_may_differ() -> None:
    old = workspace(clock(measure={"calendar": "w"}), calendars={"w": {"open": "always"}})
    same = [clock(measure={"calendar": "w", "segments": ["region"]}, claim="other", kept_by="other")]
    other = [
        clock(measure={"calendar": "w"}, target="99%"),
        clock(measure={"calendar": "w", "within": "1 day"}),
    ]
    calendars = {"w": {"open": "always"}}
    assert [judged_anew(old, workspace(each, calendars=calendars)) for each in same] == [[]]
    assert [judged_anew(old, workspace(each, calendars=calendars)) for each in other] == [["p"], ["p"]]
    open_less = {"w": {"open": {"mon": ["08:00-09:00"]}}}
    assert judged_anew(old, workspace(clock(measure={"calendar": "w"}), calendars=open_less)) == ["p"]
    assert judged_anew(old, workspace(calendars=calendars)) == ["p"]


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
version = st.fixed_dictionaries(
    {"from": days.map(date.isoformat)},
    optional={
        "within": st.sampled_from(["1 calendar day", "2 calendar days"]),
        "target": st.sampled_from(["90%", "95%"]),
    },
)
versions = st.lists(version, max_size=4, unique_by=lambda each: each["from"])


@settings(max_examples=60)
@given(old=versions, new=versions, seen=days)
def test_the_past_is_rewritten_exactly_where_an_item_of_the_past_would_be_judged_otherwise(
    old: list[Any], new: list[Any], seen: date
) -> None:
    """A second way: ask of one day after another which terms hold; a warning is right where they differ, and only there."""
    before, after = (Promise.model_validate({"claim": "c", "made_by": "a", "kept_by": "b", "target": "90%", **clock(versions=each)})
                     for each in (old, new))  # fmt: skip
    found: list[Difference] = between(workspace(clock(versions=old)), workspace(clock(versions=new)), ON)
    edited = [each for each in found if each.warning == REWRITES]
    begun = {v.from_ for v in after.versions} - {v.from_ for v in before.versions}
    if seen <= ON and not any(start <= seen for start in begun) and terms(after, seen) != terms(before, seen):
        assert edited or terms(after, seen) is None
    if edited and not begun:
        starts = {v.from_ for v in (*before.versions, *after.versions)} | {date(2024, 1, 1)}
        assert any(terms(before, start) != terms(after, start) for start in starts if start <= ON)


def terms(promise: Promise, day: date) -> tuple[float, str] | None:
    """Return target and length for an item that started on a day, or None where nothing was promised."""
    if not promise.versions:
        return promise.target, str(promise.measure.within)
    begun = [each for each in promise.versions if each.from_ <= day]
    if not begun:
        return None
    last = max(begun, key=lambda each: each.from_)
    return (promise.target if last.target is None else last.target), str(
        last.within or promise.measure.within
    )


def _rated(**more: Any) -> Workspace:
    columns = {"source": "r", "at": "a", "supplier": "s", "customer": "c", "score": "score"}
    return replace(workspace(), ratings=Ratings.model_validate(columns | more))


def test_what_is_required_of_ratings_is_told_by_pair_with_its_direction() -> None:
    assert told(_rated(required=4), _rated(required=4.5)) == [("tightened", "required 4 → 4.5", "")]
    sales = {"supplier": "sales", "customer": "care", "score": 4, "from": "2026-03-01"}
    before, after = (
        [sales, {**sales, "supplier": "finance"}],
        [{**sales, "score": 3}, {**sales, "customer": "stores", "from": None}],
    )
    assert told(_rated(required=before), _rated(required=after)) == [
        ("loosened", "required of sales by care from 1 Mar 2026: score 4 → 3", ""),
        ("loosened", "required removed: of finance by care from 1 Mar 2026", ""),
        ("tightened", "required added: of sales by stores always (supplier: sales, customer: stores, score: 4)", ""),
    ]  # fmt: skip
    [(direction, words, _)] = told(_rated(required=4), _rated(required=[sales]))
    assert (direction, words.partition("→")[0]) == ("changed", "required 4 ")
