"""The planted story of internal service is found by the product, with the size that the demo counted in pandas."""

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from tests.cli.run import run
from tests.e2e.conftest import Demo


def test_the_supplier_whose_brief_is_worst_comes_first_with_its_true_size(demo: Demo) -> None:
    story = demo.truth["stories"]["internal-service"]
    told = run("service", "--workspace", demo.root, "--month", demo.truth["until"], "--json").json
    worst, planted = told["suppliers"][0], story["worst_supplier"]
    assert (worst["supplier"], worst["customer"]) == (planted["supplier"], planted["customer"])
    assert (worst["ratings"], worst["mean"], worst["met"]) == (
        planted["ratings"], pytest.approx(planted["mean"], abs=5e-5), pytest.approx(planted["met"], abs=5e-5),
    )  # fmt: skip
    assert worst["standing"] == "not met" and worst["ranked"] and worst["required"] == story["required"]
    assert f"Rated lowest: {planted['supplier']} by {planted['customer']}" in told["sentence"]
    asked, hardest = told["customers"][0], story["hardest_customer"]
    assert (asked["supplier"], asked["customer"], asked["mean"]) == (
        hardest["supplier"], hardest["customer"], pytest.approx(hardest["mean"], abs=5e-5),
    )  # fmt: skip
    assert {each["customer"]: each["mean"] for each in told["pulse"]} == pytest.approx(
        {team: each["mean"] for team, each in story["pulse"].items()}, abs=5e-5
    )
    assert told["pulse"][0]["customer"] == story["least_well_served"]


def test_a_teams_own_page_tells_its_suppliers_by_heading(demo: Demo) -> None:
    planted = demo.truth["stories"]["internal-service"]["worst_supplier"]
    answer = run(
        "service", planted["customer"], "--workspace", demo.root, "--month", demo.truth["until"], "--json"
    ).json
    gets = [
        each for each in answer["team"]["gets"] if each["supplier"] == planted["supplier"] and each["heading"]
    ]
    assert {each["heading"]: (each["ratings"], each["mean"]) for each in gets} == {
        name: (each["ratings"], pytest.approx(each["mean"], abs=5e-5))
        for name, each in planted["headings"].items()
    }
    assert f"lowest is {planted['supplier']}" in answer["team"]["sentence"]


def test_the_table_and_the_answer_to_a_typo_are_plain(demo: Demo) -> None:
    told = run("service", "--workspace", demo.root)
    assert (told.code, told.err) == (0, "") and "sales → customer-care" in told.out
    own = run("service", "customer-care", "--workspace", demo.root)
    assert "What customer-care gets" in own.out and "What is expected of it" in own.out
    wrong = run("service", "custmer-care", "--workspace", demo.root)
    assert wrong.code == 2 and "Did you mean 'customer-care'?" in wrong.err
    past = run("service", "--workspace", demo.root, "--as-of", "2026-03-15", "--json")
    assert past.json["window"] == {"from": "2025-12-01", "to": "2026-02-28"}


@pytest.mark.parametrize(
    ("supplier", "customer"),
    [("sales", "customer-care"), ("finance", "fulfilment"), ("dispatch", "customer-care")],
)
def test_a_brief_is_one_page_as_html_and_pdf(
    supplier: str, customer: str, demo: Demo, tmp_path: Path
) -> None:
    words = (
        "brief",
        supplier,
        "--customer",
        customer,
        "--workspace",
        demo.root,
        "--month",
        "2026-10",
        "--out",
        tmp_path,
        "--json",
    )
    told = run(*words).json
    assert [part["heading"] for part in told["parts"]] == [
        "What we need from you", "How it has been", "Examples", "When we look again",
    ]  # fmt: skip
    html, pdf = map(Path, told["files"])
    assert told["title"] in html.read_text("utf-8")
    assert len(pypdf.PdfReader(pdf).pages) == 1


def test_the_worst_brief_tells_the_planted_scores(demo: Demo) -> None:
    planted = demo.truth["stories"]["internal-service"]["worst_supplier"]
    told = run(
        "brief",
        planted["supplier"],
        "--customer",
        planted["customer"],
        "--workspace",
        demo.root,
        "--month",
        demo.truth["until"],
    )
    assert f"we rated {planted['supplier']} {planted['mean']:.1f} of 5" in told.out
    for name, each in planted["headings"].items():
        assert f"  {name}: {each['mean']:.1f} of 5" in told.out
    stranger = run("brief", "stores", "--customer", "finance", "--workspace", demo.root)
    assert stranger.code == 2 and "nothing to do with one another" in stranger.err


def test_a_brief_handed_over_and_a_review_held_are_seen_among_the_seven_steps(
    copied: Callable[[], Path],
) -> None:
    root = copied()
    before = {"fulfilment": 5, "refunds": 3}
    words = ("brief", "finance", "--customer", "fulfilment", "--workspace", root, "--month", "2026-10")
    assert run("refresh", "--workspace", root, "--as-of", "2026-10-31").code == 0
    told = run("service", "--workspace", root, "--json").json
    assert {each["id"]: each["passed"] for each in told["chains"] if each["id"] in before} == before
    assert run(*words, "--note", "x").code == 2
    assert run(*words, "--who", "Ada", "--json").json["handed_over"]
    wrong = run("reviewed", "refund", "--workspace", root, "--who", "Bo")
    assert wrong.code == 2 and "Did you mean 'refunds'?" in wrong.err
    assert run("reviewed", "refunds", "--workspace", root, "--who", "Bo", "--json").json["chain"] == "refunds"
    # What is written today is not known as of a day that is over.
    assert run("refresh", "--workspace", root, "--as-of", "2026-10-31").code == 0
    again = run("service", "--workspace", root, "--json").json
    assert again["chains"] == told["chains"]
    later = run("service", "--workspace", root, "--json", "--as-of", "2030-01-01").json
    [refunds] = [each for each in later["chains"] if each["id"] == "refunds"]
    assert "last reviewed" in refunds["steps"][6]["evidence"]
