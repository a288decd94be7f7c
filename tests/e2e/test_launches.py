"""Which of the demo's promotions were launched before they were ready: as it was planted, whenever one looks."""

import re
import shlex

import pytest

from aspromised.analyse.launches.detail.opened import open_launch, where_from
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import run
from tests.e2e.conftest import Demo


def launches(demo: Demo, *words: str) -> dict[str, dict[str, object]]:
    ran = run("launches", "--workspace", demo.root, "--json", *words)
    assert (ran.code, ran.err) == (0, "")
    return {row["id"]: row for row in ran.json["promotions"]}


def test_every_planted_verdict_day_and_earliness_comes_back_exactly(demo: Demo) -> None:
    found = launches(demo)
    assert found.keys() == demo.truth["promotions"].keys()
    for name, planted in demo.truth["promotions"].items():
        told = tuple(found[name][key] for key in ("verdict", "ready_on", "days_early"))
        assert told == tuple(planted.get(key) for key in ("verdict", "ready_on", "days_early")), name
        assert str(found[name]["launched"]).startswith(planted["launched"]), name


def test_what_was_planted_about_gates_comes_back(demo: Demo) -> None:
    gates = {
        (name, gate["gate"]): gate
        for name, row in launches(demo).items()
        for gate in row["gates"]  # type: ignore[attr-defined]
    }
    stock = gates["bedroom-bonus", "bedroom stock cover"]
    assert (stock["met"], stock["lost_on"], stock["met_on"]) == (False, "2025-11-10", "2025-11-20")
    express = [gates["express-everything", name]["met_on"] for name in ("picking headroom", "agents trained")]
    assert express == ["2026-05-12", "2026-05-09"]
    assert (
        "15 % for “A month of mattresses, here in days”"
        in gates["kitchen-clearance", "picking headroom"]["evidence"]
    )
    night = [gate["gate"] for (name, _), gate in gates.items() if name == "big-night-in" and not gate["met"]]
    assert night == ["delivery is holding", "picking headroom", "agents trained"]


def test_as_of_the_day_before_a_launch_it_was_planned_and_not_ready(demo: Demo) -> None:
    then = launches(demo, "express-everything", "--as-of", "2026-04-30")["express-everything"]
    assert (then["verdict"], then["ready_on"], then["harm"]) == ("planned_not_ready", None, None)
    assert then["missing"] == ["picking headroom", "agents trained"]


@pytest.mark.parametrize(("promotion", "gates"), [("big-night-in", 1), ("lighting-week", 1)])
def test_the_commands_a_launch_names_lead_to_the_figure_it_shows(
    demo: Demo, promotion: str, gates: int
) -> None:
    with open_snapshot(demo.root) as snapshot:
        one = open_launch(snapshot, promotion)
        told = {line: re.findall(r"`aspromised (.+?)`", line)[0] for line in where_from(one)}
    shown = {gate.gate: gate.value for gate in one.launch.gates if gate.kind == "promise"}
    assert len(shown) == gates
    for gate, value in shown.items():
        (words,) = [command for line, command in told.items() if f"“{gate}”" in line]
        ran = run(*shlex.split(words), "--workspace", demo.root, "--json")
        assert ran.json["rate"] == pytest.approx(value), (gate, words)
    for words in told.values():
        assert run(*shlex.split(words), "--workspace", demo.root).code == 0, words
