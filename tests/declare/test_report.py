"""Problems in each format, from the same three problems."""

import json

from aspromised.declare.report import report
from aspromised.words.problems import Place, Problem

NOTE = Problem("not-judged-yet", "chains are not judged yet", Place("promises/a.yaml", 1, 1), "note")
ERROR = Problem(
    "unknown-key",
    "unknown key 'a:b'.",
    Place("promises/b c.yaml", 3, 5),
    frame="    3 |     a:b\n            ^",
)
NOWHERE = Problem("missing-company", "no company is declared")


def test_text_tells_errors_first_and_ends_with_the_counts() -> None:
    assert report([NOTE, ERROR, NOWHERE]) == (
        "no company is declared\n"
        "\n"
        "promises/b c.yaml:3:5: unknown key 'a:b'.\n"
        "    3 |     a:b\n"
        "            ^\n"
        "\n"
        "promises/a.yaml:1:1: note: chains are not judged yet\n"
        "\n"
        "2 errors, 1 note"
    )


def test_github_commands_escape_what_would_end_them() -> None:
    bad = Problem("x", "100%\nsure", Place("a,b.yaml", 1, 2))
    assert report([bad, NOTE, NOWHERE], "github").split("\n") == [
        "::error title=missing-company::no company is declared",
        "::error file=a%2Cb.yaml,line=1,col=2,title=x::100%25%0Asure",
        "::notice file=promises/a.yaml,line=1,col=1,title=not-judged-yet::chains are not judged yet",
    ]


def test_json_has_a_row_a_problem_and_totals() -> None:
    told = json.loads(report([NOTE, ERROR, NOWHERE], "json"))
    assert {key: told[key] for key in ("errors", "warnings", "notes")} == {
        "errors": 2,
        "warnings": 0,
        "notes": 1,
    }
    assert told["problems"][0] == {
        "code": "missing-company", "severity": "error", "message": "no company is declared",
        "path": None, "line": None, "column": None, "frame": "",
    }  # fmt: skip
    assert [row["line"] for row in told["problems"]] == [None, 3, 1]


def test_sarif_places_each_result_and_names_each_rule_once() -> None:
    log = json.loads(report([NOTE, ERROR, ERROR, NOWHERE], "sarif"))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "missing-company",
        "not-judged-yet",
        "unknown-key",
    ]
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "promises/b%20c.yaml"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert "locations" not in run["results"][0]
    assert run["results"][-1]["level"] == "note"


def test_no_problems_are_said_in_every_format() -> None:
    assert report([]) == "no problems"
    assert report([], "github") == ""
    assert json.loads(report([], "json"))["problems"] == []
    assert json.loads(report([], "sarif"))["runs"][0]["results"] == []
