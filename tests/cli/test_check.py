"""`check` tells every problem in one run, with its exact place, in the format asked for."""

import json
from pathlib import Path

import pytest

from tests.cli.run import run
from tests.cli.shop import MOMENT, PROMISES, SOURCES, open_shop


def said(root: Path, promises: str = PROMISES, sources: str = SOURCES) -> list[str]:
    """Return the first line of each problem that `check` tells of a shop."""
    shop = open_shop(root / "shop", promises=promises, sources=sources)
    ran = run("check", "--workspace", shop, "--json")
    told = ran.json["problems"]
    assert ran.code == (1 if ran.json["errors"] else 0)
    return [f"{each['path']}:{each['line']}:{each['column']}: {each['message']}" for each in told]


def test_a_shop_that_fits_its_data_has_no_problems(tmp_path: Path) -> None:
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("was", "now", "line", "column", "message"),
    [
        ("started: ordered_at", "started: orderd_at", 11, 16,
         "the source 'orders' has no column 'orderd_at'. Did you mean 'ordered_at'?"),
        ("id: order_id\n", "id: number\n", 10, 11, "the source 'orders' has no column 'number'."),
        ("done: delivered_at", "done: region", 12, 13,
         "the column 'region' is varchar, not a date or a time: declare it as timestamp or date under "
         "sources: orders: columns in data/sources.yaml"),
        ("within: 1 calendar day", "only: region\n      within: 1 calendar day", 14, 13,
         "'region' is varchar, not true or false (in the source 'orders')"),
        ("when: moved", "when: movd", 15, 23,
         "unknown column 'movd'. Did you mean 'moved'? (in the source 'orders')"),
        ("when: moved", "when: ordered_at", 15, 23,
         "'ordered_at' is timestamp with time zone, not true or false (in the source 'orders')"),
        ("dayname(ordered_at)", "dayname(orderd_at)", 16, 17,
         "unknown column 'orderd_at'. Did you mean 'ordered_at'? (in the source 'orders')"),
        ("kept_when: not wrong", "kept_when: wrong < ordered_at", 24, 71,
         "'wrong < ordered_at' does not fit the data: it compares true or false with a moment: write both as the same kind"),
        ("kept_when: not wrong", "kept_when: delivered_at - ordered_at < 2", 24, 71,
         "'delivered_at - ordered_at < 2' does not fit the data: it compares a length of time with a number: write that as a"
         " length of time too, as in < interval '2 days'"),
        ("kept_when: not wrong", "kept_when: read_text('x') = ''", 24, 71, "read_text() is not a function promises may use."),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_data_is_told_with_its_place(
    tmp_path: Path, was: str, now: str, line: int, column: int, message: str
) -> None:
    assert was in PROMISES
    (told,) = said(tmp_path, promises=PROMISES.replace(was, now))
    assert told.startswith(f"promises/promises.yaml:{line}:{column}: {message}")


def test_data_that_cannot_be_loaded_is_told_where_it_is_declared(tmp_path: Path) -> None:
    (told,) = said(tmp_path, sources=SOURCES.replace("orders.csv", "gone.csv"))
    assert told.startswith("data/sources.yaml:")
    assert "orders: data/gone.csv: there is no such file: check the name, or put it there" in told


def test_a_rule_of_a_source_that_fits_nothing_is_told(tmp_path: Path) -> None:
    told = said(tmp_path, sources=SOURCES + "    must: [delivered_at >= ordred_at]\n")
    assert any("unknown column 'ordred_at'. Did you mean 'ordered_at'?" in each for each in told)


def test_without_data_only_the_declarations_are_looked_at(tmp_path: Path) -> None:
    shop = open_shop(tmp_path / "shop", promises=PROMISES.replace("when: moved", "when: movd"))
    assert run("check", "--workspace", shop, "--no-data").code == 0
    assert run("check", "--workspace", shop).code == 1


@pytest.mark.parametrize(
    ("file", "was", "now"),
    [
        ("promises/promises.yaml", "when: moved", "when: movd"),
        ("data/sources.yaml", "ordered_at: timestamp", "ordered_at: text"),
        ("data/sources.yaml", "orders.csv", "gone.csv"),
        ("data/orders.csv", "order_id,", "number,"),
    ],
)
def test_after_a_refresh_check_still_looks_at_the_files_as_they_are_now(
    tmp_path: Path, file: str, was: str, now: str
) -> None:
    shop, never_refreshed = open_shop(tmp_path / "shop"), open_shop(tmp_path / "other")
    assert run("refresh", "--workspace", shop).code == 0
    assert run("check", "--workspace", shop).code == 0
    for root in (shop, never_refreshed):
        text = (root / file).read_text(encoding="utf-8")
        (root / file).write_text(text.replace(was, now), encoding="utf-8")
    told = run("check", "--workspace", shop)
    assert told.code == 1
    assert told == run("check", "--workspace", never_refreshed)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop with one unknown key."""
    return open_shop(
        tmp_path_factory.mktemp("check"), promises=PROMISES.replace("at_least: 5", "at_leats: 5")
    )


MESSAGE = "unknown key 'at_leats'. Did you mean 'at_least'?"


def test_as_text_each_problem_has_its_line_and_a_caret(broken: Path) -> None:
    ran = run("check", "--workspace", broken)
    assert ran.code == 1
    assert ran.out.splitlines()[:3] == [
        f"promises/promises.yaml:7:5: {MESSAGE}",
        "    7 |     at_leats: 5",
        "            ^",
    ]


def test_as_json_each_problem_is_an_object(broken: Path) -> None:
    ran = run("check", "--workspace", broken, "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    (told,) = ran.json["problems"]
    assert (told["message"], told["path"], told["line"], told["column"]) == (
        MESSAGE,
        "promises/promises.yaml",
        7,
        5,
    )
    assert ran == run("check", "--workspace", broken, "--json")


def test_for_github_each_problem_is_a_command(broken: Path) -> None:
    ran = run("check", "--workspace", broken, "--format", "github")
    assert ran.code == 1
    assert ran.out.startswith("::error file=promises/promises.yaml,line=7,col=5")
    assert MESSAGE in ran.out


def test_as_sarif_each_problem_is_a_result(broken: Path) -> None:
    ran = run("check", "--workspace", broken, "--format", "sarif")
    assert ran.code == 1
    (result,) = json.loads(ran.out)["runs"][0]["results"]
    assert result["message"]["text"] == MESSAGE
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "promises/promises.yaml"
    assert (where["region"]["startLine"], where["region"]["startColumn"]) == (7, 5)


def test_a_target_that_the_items_of_a_window_cannot_show_is_told_once_they_are_known(tmp_path: Path) -> None:
    """A handful of orders a month: 95 % takes 73."""
    root = open_shop(tmp_path / "shop")
    assert "could not show" not in run("check", "--workspace", root).out
    assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
    told = run("check", "--workspace", root)
    assert told.code == 0
    assert "even with no miss they could not show 95 %, which takes 73" in told.out
    assert "promises/promises.yaml:6:13: warning: its window usually holds about" in told.out
