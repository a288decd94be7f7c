"""`aspromised changes` answers in the shape that is declared, and in words."""

from pathlib import Path

import pytest

from tests.cli.run import run
from tests.cli.shop import MOMENT, open_shop

CHANGES = """changes:
  new-van: {on: 2026-01-03, what: a new van, touches: {van: "7"}}
  new-shelves: {on: 2026-01-04, what: "<b>new shelves</b>"}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the shop with two changes, refreshed."""
    root = open_shop(tmp_path_factory.mktemp("changes") / "shop")
    (root / "promises" / "changes.yaml").write_text(CHANGES, encoding="utf-8")
    done = run("refresh", "--workspace", root, "--as-of", MOMENT)
    assert done.code == 0, done.err
    return root


def test_every_change_is_told_newest_first(shop):
    ran = run("changes", "--workspace", shop, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [each["id"] for each in ran.json["changes"]] == ["new-shelves", "new-van"]
    assert ran.json["changes"][1]["verdict"] == "touches no promise"


def test_one_change_in_words(shop):
    ran = run("changes", "new-van", "--workspace", shop)
    assert ran.code == 0
    assert "names 'van', which no judged promise has among its segments" in ran.out
    assert "<b>new shelves</b>" in run("changes", "--workspace", shop).out


def test_another_moment_is_judged_again(shop):
    ran = run("changes", "--workspace", shop, "--as-of", "2026-01-03", "--json")
    assert ran.code == 0
    assert {each["id"]: each["verdict"] for each in ran.json["changes"]}["new-shelves"] == "not yet"


def test_a_change_that_is_not_there_is_named_with_the_nearest(shop):
    ran = run("changes", "new-vna", "--workspace", shop)
    assert ran.code == 2
    assert "there is no change 'new-vna'. Did you mean 'new-van'?" in ran.err


def test_without_a_change_it_says_how_to_declare_one(tmp_path):
    root = open_shop(tmp_path / "shop")
    run("refresh", "--workspace", root, "--as-of", MOMENT)
    ran = run("changes", "--workspace", root)
    assert ran.code == 0
    assert "No change is declared" in ran.out


def test_check_tells_of_a_segment_that_no_promise_has_at_its_place(shop):
    ran = run("check", "--workspace", shop)
    assert "changes.yaml:2:" in ran.out
    assert "no promise has a segment 'van', so nothing can be told of what came of it" in ran.out
