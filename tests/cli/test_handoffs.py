"""`handoffs` tells stages, late minutes that add up, and what is disputed; `dispute` writes for good."""

from pathlib import Path

import pytest

from aspromised.store.ledger.engine import URL_VARIABLE
from aspromised.words.figures import percent
from tests.cli.run import run

YAML = """company: {name: Repair Shop, timezone: UTC}
promises:
  ten-hours:
    {claim: Back in ten hours, made_by: sales, kept_by: desk, target: 90%, at_least: 1, chain: repairs,
     measure: {items: jobs, id: id, started: came, done: back, within: 10 hours, segments: [site]}}
chains:
  repairs:
    items: {source: jobs, id: id, started: came}
    expects: [{customer: shop, what: a part in stock, from: 2026-01-01}]
    stages:
      - {stage: look, kind: check, supplier: desk, customer: bench, done: looked, budget: 2 hours, accepted_when: ok, changed_when: not ok}
      - {stage: mend, supplier: bench, customer: desk, done: mended, budget: 8 hours, working_from: begun}
"""
SOURCES = """sources:
  jobs:
    files: jobs.csv
    key: id
    columns: {id: text, site: text, came: timestamp, looked: timestamp, begun: timestamp, mended: timestamp, back: timestamp, ok: boolean}
"""
JOBS = """id,site,came,looked,begun,mended,back,ok
1,a,2026-01-05 08:00,2026-01-05 10:00,2026-01-05 11:00,2026-01-05 17:00,2026-01-05 17:30,true
2,a,2026-01-05 08:00,2026-01-05 12:00,2026-01-05 13:00,2026-01-05 21:00,2026-01-05 21:00,false
3,b,2026-01-06 08:00,2026-01-06 09:00,2026-01-06 10:00,2026-01-06 19:00,2026-01-06 20:00,true
4,b,2026-01-06 08:00,,,,,
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace of four jobs, judged as of the end of 6 January."""
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    root = tmp_path / "shop"
    for name, text in {"promises/p.yaml": YAML, "data/sources.yaml": SOURCES, "data/jobs.csv": JOBS}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    refreshed(root)
    return root


def refreshed(root: Path) -> None:
    run("refresh", "--workspace", root, "--as-of", "2026-01-06")


def asked(root: Path, *more: str) -> dict:
    (chain,) = run("handoffs", "repairs", "--workspace", root, "--month", "2026-01", "--json", *more).json[
        "chains"
    ]
    return chain


def test_late_minutes_add_up_over_stages_outside_and_plan(shop: Path) -> None:
    """Job 2 took 4 + 9 of 2 + 8 hours: three late. Job 3 took 1 + 10, and an hour outside: two late. Job 4 is open and six late."""
    chain = asked(shop)
    assert chain["late_items"] == 3
    assert chain["late_minutes"] == pytest.approx((3 + 2) * 60 + 360 - 1 / 6e7, abs=1e-3)
    assert sum(each["late_minutes"] for each in chain["stages"]) == pytest.approx(
        chain["late_minutes"], abs=1e-4
    )
    assert {each["stage"]: each["owner"] for each in chain["stages"]} == {
        "look": "desk", "mend": "bench", "(outside the declared stages)": "desk"
    }  # fmt: skip


def test_what_stages_took_and_how_they_handed_over(shop: Path) -> None:
    look, mend, _ = asked(shop)["stages"]
    assert (look["cases"], look["done"], look["open"], look["late_share"]) == (4, 3, 1, pytest.approx(1 / 3))
    assert look["mean_s"] == pytest.approx((2 + 4 + 1) / 3 * 3600)
    assert (mend["waiting_s"], mend["working_s"]) == (3600, pytest.approx((6 + 8 + 9) / 3 * 3600))
    assert (look["accepted_share"], look["changed_share"]) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert look["median_s"] == pytest.approx(7200, rel=0.05)
    assert asked(shop)["rolled"] == pytest.approx(2 / 3)


def test_late_minutes_of_a_chain_that_no_promise_names_are_not_known(shop: Path) -> None:
    (shop / "promises/p.yaml").write_text(YAML.replace("chain: repairs,", ""), encoding="utf-8")
    refreshed(shop)
    chain = asked(shop)
    assert (chain["late_items"], chain["late_minutes"]) == (0, None)
    assert {(each["late_minutes"], each["share"]) for each in chain["stages"]} == {(None, None)}
    told = run("handoffs", "--workspace", shop, "--month", "2026-01").out
    assert all(
        each.split()[-2:] == ["–", "–"] for each in told.splitlines() if each.startswith(("look", "mend"))
    )


def test_too_few_to_say_what_follows_is_null(shop: Path) -> None:
    (found,) = asked(shop)["snowball"]
    assert (found["late"], found["late_broken"], found["timely"], found["timely_broken"]) == (1, 1, 2, 1)
    assert (found["risk_ratio"], found["avoidable"]) == (None, None)


def test_a_stage_without_a_budget_beside_one_that_has_one(shop: Path) -> None:
    text = YAML.replace(", budget: 8 hours", "")
    (shop / "promises/p.yaml").write_text(text, encoding="utf-8")
    refreshed(shop)
    look, mend, *_ = asked(shop)["stages"]
    assert (look["budget"], mend["budget"]) == ("2 hours", None)
    done = run("handoffs", "--workspace", shop, "--month", "2026-01")
    (line,) = [each for each in done.out.splitlines() if each.startswith("mend")]
    assert done.code == 0 and line.split()[:6] == ["mend", "bench", "→", "desk", "3", "0"] and "–" in line


def test_another_moment_is_judged_again(shop: Path) -> None:
    chain = asked(shop, "--as-of", "2026-01-05")
    assert (chain["cases"], chain["late_items"]) == (2, 1)
    told = run("handoffs", "--workspace", shop, "--as-of", "2026-01-05", "--month", "2026-01").out
    assert "repairs, from the customer backwards: cases begun in January 2026" in told
    assert told.index("mend") < told.index("look")


def test_a_chain_that_is_not_there_and_one_that_cannot_be_judged(shop: Path) -> None:
    done = run("handoffs", "repair", "--workspace", shop)
    assert done.code == 2 and "Did you mean 'repairs'?" in done.err
    text = YAML.replace("done: mended", "done: mendd")
    (shop / "promises/p.yaml").write_text(text, encoding="utf-8")
    refreshed(shop)
    chain = asked(shop)
    assert "the source 'jobs' has no column 'mendd'" in chain["problem"] and chain["late_items"] == 0
    assert "not judged: repairs: promises/p.yaml" in run("handoffs", "--workspace", shop).out


def dispute(root: Path, *more: str, by: str = "bench"):
    return run(
        "dispute",
        "repairs",
        "mend",
        "--by",
        by,
        "--who",
        "Bo",
        "--because",
        "parts came late",
        "--workspace",
        root,
        *more,
    )


def test_a_supplier_disputes_and_withdraws_and_no_figure_changes(shop: Path) -> None:
    before = asked(shop)
    assert dispute(shop, "--item", "2", "--json").json["item"] == "2"
    refreshed(shop)
    mend = asked(shop, "--as-of", "2026-12-31")["stages"][1]
    after = asked(shop)
    assert [each["late_minutes"] for each in after["stages"]] == [
        each["late_minutes"] for each in before["stages"]
    ]
    assert after["stages"][1]["contested_minutes"] == 0, "it was written after the snapshot's moment"
    assert mend["contested_minutes"] == pytest.approx(60)
    assert "no longer disputed by bench (Bo)" in dispute(shop, "--item", "2", "--withdraw").out
    assert asked(shop, "--as-of", "2026-12-31")["stages"][1]["contested_minutes"] == 0


def test_what_is_disputed_is_never_more_than_what_was_lost(shop: Path) -> None:
    """Looking lost time with jobs 2 and 4, and won an hour back with job 3: all of what it lost is disputed, no more."""
    words = ("--by", "desk", "--who", "Di", "--because", "two people were ill", "--workspace", shop)
    told = run("dispute", "repairs", "look", *words).out
    assert "one judged as of a moment before now (--as-of) does not hold it" in " ".join(told.split())
    look, mend, outside = asked(shop, "--as-of", "2026-12-31")["stages"]
    assert look["contested_minutes"] == pytest.approx(look["lost_minutes"])
    assert look["lost_minutes"] - look["late_minutes"] >= 30
    assert [each["contested_minutes"] for each in (mend, outside)] == [0, 0]
    every = sum(each["lost_minutes"] for each in (look, mend, outside))
    said = run("handoffs", "--workspace", shop, "--month", "2026-01", "--as-of", "2026-12-31").out
    assert f"{percent(look['lost_minutes'] / every)} of the time lost is disputed by its owners." in " ".join(
        said.split()
    )


def test_only_the_owner_disputes(shop: Path) -> None:
    done = dispute(shop, by="desk")
    assert (
        done.code == 1 and "the late minutes of 'mend' belong to bench: desk cannot dispute them" in done.err
    )
    assert dispute(shop, "--from", "2026-01-09", "--to", "2026-01-08").code == 2
    assert dispute(shop, "--promise", "ten-hour").code == 2
