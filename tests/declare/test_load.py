"""Loading: what can be read is read, what cannot is told, and neither hides the other."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aspromised.declare.check import check
from aspromised.declare.load import load
from aspromised.declare.model import ClockMeasure, ItemLength, PauseSource, SpreadMeasure, TermsLength
from aspromised.declare.model.promise import WINDOWS
from aspromised.declare.objects import BY_ID
from aspromised.declare.workspace import Workspace
from aspromised.words.lengths import Length
from aspromised.words.moments import MOST_DAYS
from aspromised.words.problems import AsPromisedError, Place

CONTRACT = Path(__file__).parent / "workspaces" / "contract"
COMPANY = "company: {name: Fernway Home, timezone: Europe/London}\n"
PROMISE = """promises:
  {id}:
    claim: Right the first time
    measure: {{items: orders, id: order_id, at: day, kept_when: good}}
    {target}: 95%
    made_by: sales
    kept_by: finance
"""


def workspace(root: Path, **files: str) -> Workspace:
    (root / "promises").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / "promises" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load(root)


def test_every_field_of_the_language_loads() -> None:
    loaded = load(CONTRACT)
    assert loaded.problems == ()
    assert len(loaded.promises) == 9
    assert [problem for problem in check(loaded) if problem.severity == "error"] == []


def test_values_come_through_as_the_author_meant_them() -> None:
    loaded = load(CONTRACT)
    promise = loaded.promises["two-day-delivery"]
    measure = promise.measure
    assert isinstance(measure, ClockMeasure)
    assert measure.within == Length(Decimal(2), "calendar days")
    assert isinstance(measure.paused, PauseSource)
    assert measure.segment_expressions == {
        "region": '"region"',
        "channel": '"channel"',
        "carrier": "coalesce(carrier, 'own fleet')",
    }
    assert promise.target == 0.95
    assert [standing.from_ for standing in promise.standings()] == [
        date(2025, 1, 1),
        date(2026, 3, 1),
        date(2026, 6, 1),
        date(2026, 7, 1),
    ]
    assert loaded.sources["orders"].nulls == ["", "?", "NA", "-99"]


def test_each_length_is_read_as_its_own_shape() -> None:
    promises = load(CONTRACT).promises
    days, terms = promises["promised-days"].measure, promises["sold-response"].measure
    assert isinstance(days, ClockMeasure) and days.within == ItemLength(column="promised_days", unit="days")
    assert isinstance(terms, ClockMeasure) and isinstance(terms.within, TermsLength)
    assert isinstance(promises["same-everywhere"].measure, SpreadMeasure)


def test_places_are_those_a_person_counts() -> None:
    loaded = load(CONTRACT)
    assert loaded.places[("promises", "two-day-delivery", "measure", "only")] == Place(
        "promises/delivery.yaml", 12, 13
    )
    assert loaded.keys[("promises", "two-day-delivery", "measure", "only")] == Place(
        "promises/delivery.yaml", 12, 7
    )
    assert loaded.places[("promises", "two-day-delivery")] == Place("promises/delivery.yaml", 2, 3)
    problem = loaded.problem("x", "no column 'shipping'", ("promises", "two-day-delivery", "measure", "only"))
    assert str(problem) == (
        "promises/delivery.yaml:12:13: no column 'shipping'\n"
        "   12 |       only: shipping = 'standard'\n"
        "                    ^"
    )


def test_a_bad_promise_never_hides_a_good_one(tmp_path: Path) -> None:
    loaded = workspace(
        tmp_path,
        company=COMPANY,
        bad=PROMISE.format(id="bad", target="targit"),
        good=PROMISE.format(id="good", target="target"),
    )
    assert list(loaded.promises) == ["good"]
    (why,) = loaded.unreadable[("promises", "bad")]
    assert why.message == "unknown key 'targit'. Did you mean 'target'?"
    assert loaded.problems == (why,)


def test_a_file_that_is_no_yaml_never_hides_the_others(tmp_path: Path) -> None:
    loaded = workspace(tmp_path, company=COMPANY, bad="a: [", good=PROMISE.format(id="good", target="target"))
    assert list(loaded.promises) == ["good"]
    assert [problem.code for problem in loaded.problems] == ["syntax"]


def test_a_name_is_not_called_missing_while_a_file_that_has_it_cannot_be_read(tmp_path: Path) -> None:
    good = PROMISE.format(id="good", target="target")
    loaded = workspace(tmp_path / "one", company=COMPANY, bad="sources: {orders: [", good=good)
    assert [problem.code for problem in check(loaded)] == ["syntax"]
    other = workspace(tmp_path / "other", company=COMPANY, bad="sources: {returns: [", good=good)
    assert [problem.code for problem in check(other)] == ["syntax", "no-such-source"]


def test_a_name_that_is_declared_but_unreadable_is_not_called_missing(tmp_path: Path) -> None:
    sources = "sources:\n  orders: {fils: orders.csv}\n"
    loaded = workspace(
        tmp_path, company=COMPANY, sources=sources, good=PROMISE.format(id="good", target="target")
    )
    assert [problem.message for problem in check(loaded)] == ["unknown key 'fils'. Did you mean 'files'?"]


def test_without_a_company_one_stands_in(tmp_path: Path) -> None:
    loaded = workspace(tmp_path, good=PROMISE.format(id="good", target="target"))
    assert (loaded.company.name, loaded.company.timezone) == (tmp_path.name, "UTC")
    assert [problem.code for problem in loaded.problems] == ["missing-company"]
    assert list(loaded.promises) == ["good"]


def test_a_company_with_a_wrong_time_zone_keeps_its_name(tmp_path: Path) -> None:
    loaded = workspace(tmp_path, company="company: {name: Fernway Home, timezone: Mars/Base}\n")
    assert (loaded.company.name, loaded.company.timezone) == ("Fernway Home", "UTC")
    assert [str(problem.place) for problem in loaded.problems] == ["promises/company.yaml:1:41"]


def test_a_second_company_is_told_where_the_first_is(tmp_path: Path) -> None:
    loaded = workspace(tmp_path, a=COMPANY, b=COMPANY)
    assert [str(problem).split("\n")[0] for problem in loaded.problems] == [
        "promises/b.yaml:1:1: 'company' is declared twice: first in promises/a.yaml:1:1"
    ]


def test_no_workspace_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AsPromisedError, match="aspromised init"):
        load(tmp_path)


def test_empty_files_and_empty_keys_are_no_problem(tmp_path: Path) -> None:
    loaded = workspace(tmp_path, company=COMPANY, empty="", comment="# later\n", key="promises:\n")
    assert loaded.problems == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [("NO", "NO"), ("1:30", "1:30"), ("0123", "0123"), ("2.10", "2.10"), ("2026-01-01", "2026-01-01")],
)
def test_text_stays_as_it_was_written(written: str, read: str, tmp_path: Path) -> None:
    change = f"changes:\n  c: {{on: 2026-02-10, what: w, touches: {{site: {written}}}}}\n"
    loaded = workspace(tmp_path, company=COMPANY, change=change)
    assert loaded.changes["c"].touches == {"site": read}


def test_python_names_of_reserved_words_are_no_keys(tmp_path: Path) -> None:
    correction = "corrections:\n  c: {promises: [], from_: 2026-01-01, to: 2026-01-02, because: b}\n"
    loaded = workspace(tmp_path, company=COMPANY, correction=correction)
    assert [problem.message for problem in loaded.problems] == ["unknown key 'from_'. Did you mean 'from'?"]


def test_files_that_an_editor_keeps_for_itself_are_not_read(tmp_path: Path) -> None:
    kept = tmp_path / "promises" / ".ipynb_checkpoints" / "company-checkpoint.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text(COMPANY)
    assert workspace(tmp_path, company=COMPANY).problems == ()


@pytest.mark.parametrize("written", ['""', '" "'])
@pytest.mark.parametrize("kind", sorted(BY_ID))
def test_nothing_is_declared_without_a_name(tmp_path: Path, kind: str, written: str) -> None:
    loaded = workspace(tmp_path, a=f"{COMPANY}{kind}:\n  {written}: {{}}\n")
    assert [(problem.code, problem.place) for problem in loaded.problems] == [
        ("empty-id", Place("promises/a.yaml", 3, 3))
    ]


def test_a_window_is_as_many_days_as_can_be_counted(tmp_path: Path) -> None:
    shape = re.compile(WINDOWS)
    assert [days for days in range(12_000) if shape.fullmatch(f"rolling {days} days")] == [
        *range(1, MOST_DAYS + 1)
    ]
    late = PROMISE.format(id="p", target="window: rolling 5000 days\n    target")
    assert [str(problem.place) for problem in workspace(tmp_path, a=COMPANY + late).problems] == [
        "promises/a.yaml:6:13"
    ]
