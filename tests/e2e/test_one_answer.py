"""One answer everywhere: every figure of a promise or a launch, read off what is rendered, is the same wherever it stands."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from aspromised.analyse.windows.periods import Periods
from aspromised.analyse.windows.window import Window
from aspromised.display import fragments
from aspromised.display.html import HtmlRenderer
from aspromised.notebook.cells import read_notebook
from aspromised.notebook.context import reading
from aspromised.notebook.runner import run as play
from aspromised.store.snapshot import Snapshot, open_snapshot
from aspromised.words.figures import day, percent
from tests.cli.run import run
from tests.e2e.conftest import Demo
from tests.e2e.told import POOLED, Told, differences, rows_of, text

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
WINDOWS = (
    ("2026-10", "month", ("--month", "2026-10")),
    ("2026-03", "month", ("--month", "2026-03")),
    ("2026-07", "quarter", ("--quarter", "2026-Q3")),
    ("2026-05", "last 28 days", ("--from", "2026-05-04", "--to", "2026-05-31")),
    ("2026-10", "week", ("--week", "2026-10-31")),
)
"""As a page and as a command is asked for them; in March a wording changed, and the week is not over."""


def pages(snapshot: Snapshot, name: str, **chosen: str) -> str:
    """Return a notebook as the HTML it is shown and printed as, drawings by their words."""
    renderer = HtmlRenderer()
    with reading(snapshot):
        play(read_notebook(NOTEBOOKS / f"{name}.py"), renderer, chosen)
    html = "\n".join(renderer.pieces)
    assert "ap-error" not in html, (name, chosen)
    return html


@pytest.fixture(scope="module")
def snapshot(demo: Demo) -> Iterator[Snapshot]:
    with open_snapshot(demo.root) as opened_snapshot:
        yield opened_snapshot


@pytest.fixture(autouse=True)
def without_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing takes most of the time and says nothing that is read here."""
    monkeypatch.setattr(fragments, "svg", lambda figure: "")


@pytest.fixture
def told(snapshot: Snapshot) -> Told:
    claims = snapshot.query(
        "select claim, promise_id from promise_version union select claim, promise_id from promise"
    )
    return Told(dict(claims.itertuples(index=False)))


def the_commands(told: Told, demo: Demo, periods: Periods) -> None:
    """`status` in JSON and in words, by segments and period by period, and `why`."""
    for month, kind, words in WINDOWS:
        window = periods.around(month, kind).label
        answer = demo.status(*words)
        for row in answer["promises"]:
            told.figures(f"{row['id']}{POOLED * row['pooled']}", window, "status --json", row)
            if row["pooled"]:  # what is said of words is of the items that were promised in them
                own = [
                    each for each in row["versions"] if each.get("version", row["version"]) == row["version"]
                ]
                told.figures(row["id"], window, "status --json, by wording", own[-1])
            for part in row["segments"]:
                told.figures(f"{row['id']} {part['name']} = {part['value']}", window, "status --json", part)
        told.status_text(run("status", "--workspace", demo.root, *words).out, window, "status")
        by = run("status", "two-day-delivery", "--by", "carrier", "--workspace", demo.root, *words).out
        told.status_text(by, window, "status --by")
    latest = demo.status()
    for row in latest["promises"]:
        told.figures(row["id"], Window.month("2026-10").label, "status --json, no window", row)
    for words in (("--all",), ("--to", "2026-10-31")):
        for row in demo.status(*words)["promises"]:
            for version in row["versions"]:
                of, where = f"{row['id']}: {version['claim']}", f"status {words[0]} --json"
                told.figures(of, "all days", where, version if words == ("--all",) else _bounded(version))
    the_spreads(told, demo)
    for row in demo.status("--last", "90 days")["promises"]:
        if row["exemptions"] and row["exemptions"]["share"] is not None:
            share = f"{100 * row['exemptions']['share']:.8f}"
            told.tell(row["id"], "90 days", "status --last --json", share=share)
    for name in PROMISES:
        for words in ((), ("--month", "2026-03"), ("--all",)):
            told.sentences(run("why", name, "--workspace", demo.root, *words).out, "", "why")
        periodic = ("status", name, "--periods", "8", "--month", "2026-10", "--workspace", demo.root)
        told.status_text(run(*periodic).out, "", "status --periods", one=name)
        for row in run(*periodic, "--json").json["periods"]:
            told.figures(f"{name}{POOLED * row['pooled']}", row["label"], "status --periods --json", row)


def _bounded(row: dict[str, object]) -> dict[str, object]:
    """The figures that a last day leaves as they are: not what is open after it, or has no day."""
    return {name: value for name, value in row.items() if name not in ("open", "unknown")}


def the_spreads(told: Told, demo: Demo) -> None:
    """A spread over all days, wording by wording: in JSON, in words, and in `why`."""
    for row in demo.status("--all")["promises"]:
        for each in row["versions"] if row["kind"] == "spread" else ():
            told.figures(f"{row['id']}: {each['claim']}", "all days", "spread --all --json", each)
    words = run("status", "--all", "--workspace", demo.root).out
    for one, said, sd, low, high, status in re.findall(SPREAD, words):
        told.tell(f"{one}: {said}", "all days", "spread --all", sd=sd, low=low, high=high, status=status)
    why = run("why", "same-for-everyone", "--all", "--workspace", demo.root).out
    for said, sd, low, high, status in re.findall(SPREAD_WHY, why, re.DOTALL):
        told.tell(
            f"same-for-everyone: {said}", "all days", "spread, why", sd=sd, low=low, high=high, status=status
        )


SPREAD = (
    r"(?m)^([\w-]+) (?:to|from) [^“\n]*“([^”]+)”: .*?standard deviation of ([\d.]+) points \(([\d.]+) to ([\d.]+) points\)"
    r".*? Status: ([a-z ]+)\."
)
SPREAD_WHY = (
    r"the kept rate of '[^']+' \(([^)]+)\).*?after noise ([\d.]+) points \(95 % interval ([\d.]+) to ([\d.]+) points\)"
    r".*?promised, status: ([a-z ]+)"
)
PROMISES = ("two-day-delivery", "refund-in-five-days", "order-accuracy", "app-48-hours")
"""Opened in every window: two that changed their words, a check, and a plain clock."""


def the_pages(told: Told, snapshot: Snapshot, periods: Periods) -> None:
    """Compliance with every claim opened, the doubts about it, Gaps, and the monthly review."""
    latest = WINDOWS[0][:2]
    for month, kind, _ in WINDOWS:
        chosen = {"month": month, "window": kind}
        read_page(told, snapshot, "compliance", **chosen)
        for name in sorted(set(told.promises.values())) if (month, kind) == latest else PROMISES:
            read_page(told, snapshot, "promise", promise=name, **chosen)
            read_page(told, snapshot, "doubts", promise=name, **chosen)
        for name in PROMISES:
            read_page(told, snapshot, "gaps", promise=name, **chosen)
    for month in ("2026-10", "2026-03"):
        read_page(told, snapshot, "review", month=month)
    for one, share in re.findall(r"([\w-]+) leaves out ([\d.]+) %", text(pages(snapshot, "health"))):
        told.tell(one, "90 days", "Data health", share=share)


PAGES = {"compliance": "Compliance", "promise": "claim opened", "gaps": "Gaps", "doubts": "doubts"}


def read_page(told: Told, snapshot: Snapshot, name: str, month: str, **chosen: str) -> None:
    """Collect what one notebook shows of promises."""
    window = Periods.of(snapshot.meta).around(month, chosen.get("window", "month")).label
    page, of = pages(snapshot, name, month=month, **chosen), chosen.get("promise", "")
    where = f"{PAGES.get(name, f'review {month}')} {{{month} {chosen}}}"
    told.sentences(text(page), window, where, of=of)
    for label in (
        "Claims and whether they are kept",
        "Said differently elsewhere",
        f"The promises in {window}",
    ):
        told.ledger(page, label, window, where)
    told.ledger(page, "Windows of this kind, one after the other", window, where, of=of)
    if (month, chosen.get("window", "month")) in [each[:2] for each in WINDOWS if each[0] == "2026-10"]:
        for _, claim, _, target, rate in rows_of(page, "Wordings of the claim"):
            if found := re.fullmatch(r"([\d.]+) %\nof ([\d,]+) .*", rate):
                wording = f"{of}: {claim.strip('“”')}"
                told.tell(
                    wording, "all days", where, rate=found[1], n=found[2], target=target.removesuffix(" %")
                )
    if name == "gaps":
        for part, decided, broken, *_ in rows_of(page, "Table"):
            _part(told, of, window, part, decided, broken)


def _part(told: Told, promise: str, window: str, part: str, decided: str, broken: str) -> None:
    """A row of the numbers behind the worst parts: "site south", as `status` says it: "site = south"."""
    for name in ("carrier", "region", "channel", "site"):
        if part.startswith(f"{name} "):
            of = f"{promise} {name} = {part.removeprefix(name).strip()}"
            told.tell(of, window, "Gaps, the numbers", n=decided, broken=broken)


def the_launches(told: Told, demo: Demo, snapshot: Snapshot, copy: Path) -> None:
    """The page, one launch opened, `launches` in words and JSON, and a certificate."""
    rows = run("launches", "--workspace", demo.root, "--json").json["promotions"]
    says = {row["says"]: row["id"] for row in rows}
    for row in rows:
        name, ready_on = row["id"], row["ready_on"] and day(date.fromisoformat(row["ready_on"]))
        early = str(row["days_early"]) if row["days_early"] else None
        told.tell(name, "launch", "launches --json", days=early, ready_on=ready_on)
        for gate in row["gates"]:
            share = gate["kind"] in ("promise", "capacity")
            value = (
                None if gate["value"] is None else f"{100 * gate['value'] if share else gate['value']:.8f}"
            )
            told.tell(f"{name} {gate['gate']}", "launch", "launches --json", measured=value)
        gates = [gate["gate"] for gate in row["gates"] if gate["value"] is not None]
        words = run("launches", name, "--workspace", demo.root).out
        for line in words.splitlines():
            for gate in gates:
                if f"  {gate}: " in line:
                    _measured(told, name, gate, line.split(f"{gate}: ")[1], "launches NAME")
        _days(told, name, words, "launches NAME")
        _unknown(told, name, [each for gate in row["gates"] for each in gate["not_known"]], "launches --json")
        _unknown(told, name, re.findall(r"(?m)^ *not known then: (.+)$", words), "launches NAME")
        html = pages(snapshot, "launches", promotion=name)
        _days(told, name, text(html), "launch opened")
        _unknown(told, name, re.findall(r"Not known then: (.+)\.", text(html)), "launch opened")
        for cells in rows_of(html, "The gates and their evidence"):
            gate = cells[0].splitlines()[0]
            if gate in gates:
                _measured(told, name, gate, cells[1], "launch opened")
    for cells in rows_of(pages(snapshot, "launches"), "Every promotion and whether it was ready"):
        _days(told, next(says[said] for said in says if cells[0].startswith(said)), cells[2], "Launches")
    frozen = run("certificate", CERTIFIED, "--who", "me", "--workspace", copy, "--out", copy / "out")
    assert frozen.code == 0, frozen.err
    (page,) = (copy / "out").glob("*.html")
    paper = page.read_text(encoding="utf-8")
    _unknown(told, CERTIFIED, re.findall(r"Not known then: (.+)\.", text(paper)), "certificate")
    for cells in rows_of(paper, "What had to be ready"):
        _measured(told, CERTIFIED, cells[0].split(": ")[0], cells[2], "certificate")


CERTIFIED = "express-everything"


def _measured(told: Told, promotion: str, gate: str, evidence: str, where: str) -> None:
    """What a gate measured: the first number of its evidence, where that is no sign-off."""
    if (found := re.search(r"[−-]?\d[\d,.]*", evidence)) and "sign" not in evidence:
        told.tell(f"{promotion} {gate}", "launch", where, measured=found[0].rstrip("."))


def _unknown(told: Told, promotion: str, sentences: list[str], where: str) -> None:
    """What could not be known then, as one text."""
    told.tell(
        promotion,
        "launch",
        where,
        not_known=" | ".join(sorted({re.sub(r"\W+", " ", each) for each in sentences})),
    )


def _days(told: Told, promotion: str, words: str, where: str) -> None:
    for one, other in re.findall(r"launched (\d+) days? before it was ready|✕ (\d+) days? early", words):
        told.tell(promotion, "launch", where, days=one or other)
    for ready in re.findall(r"ready on (\d+ \w+ \d+)", words):
        told.tell(promotion, "launch", where, ready_on=ready)


def the_diff(told: Told, demo: Demo, copy: Path) -> None:
    """What `diff` says was kept over its days, for a promise of which only the target changes."""
    file = next(
        path for path in (copy / "promises").rglob("*.yaml") if "\n  order-accuracy:" in path.read_text()
    )
    before, after = file.read_text(encoding="utf-8").split("\n  order-accuracy:")
    file.write_text(before + "\n  order-accuracy:" + re.sub(r"target: \d+%", "target: 97%", after, count=1))
    words = run("diff", "--workspace", copy, "--since", demo.root, "--format", "comment").out
    (rate,) = re.findall(r"^\| [^|]*order-accuracy[^|]*\|[^|]*\| ([\d.]+) % \|", words, re.MULTILINE)
    window = "the 90 days to 31 Oct 2026"
    told.tell("order-accuracy", window, "diff comment", rate=rate)
    told.figures(
        "order-accuracy",
        window,
        "status --last",
        demo.status("order-accuracy", "--last", "90 days")["promises"][0],
    )


def everything(told: Told, demo: Demo, snapshot: Snapshot, copy: Path) -> None:
    """Collect all there is to read; `copy` is a workspace that may be written to."""
    periods = Periods.of(snapshot.meta)
    the_commands(told, demo, periods)
    the_pages(told, snapshot, periods)
    the_launches(told, demo, snapshot, copy)
    the_diff(told, demo, copy)


def test_every_figure_has_one_answer_wherever_it_is_told(
    told: Told, demo: Demo, snapshot: Snapshot, tmp_path: Path
) -> None:
    everything(told, demo, snapshot, Path(shutil.copytree(demo.root, tmp_path / "copy")))
    found = differences(told.facts)
    assert not found, "\n".join(found)
    places: dict[tuple[str, str, str], set[str]] = {}
    for fact in told.facts:
        places.setdefault(fact.key, set()).add(fact.where.split(" {")[0])
    several = {key: where for key, where in places.items() if len(where) > 1}
    assert len(told.facts) > 15_000 and len(several) > 1_300, (len(told.facts), len(several))
    compared = {place for where in several.values() for place in where}
    assert compared >= EVERY_PLACE, EVERY_PLACE - compared


EVERY_PLACE = {
    "Compliance", "claim opened", "doubts", "Gaps", "Gaps, the numbers", "review 2026-10", "Launches", "launch opened",
    "status", "status --by", "status --periods", "status --json", "status --json, by wording",
    "status --all --json", "status --periods --json", "why",
    "launches NAME", "launches --json", "certificate", "diff comment", "spread --all --json", "spread --all", "spread, why",
}  # fmt: skip
"""Where a figure was read that was also read elsewhere."""


def one_off(percent: Callable[..., str]) -> Callable[..., str]:
    """Return `percent` that is a tenth too high: what a second way to the same number would do."""
    return lambda share, *decimals: percent(None if share is None else share + 0.001, *decimals)


@pytest.mark.parametrize(
    ("module", "name", "chosen"),
    [
        ("aspromised.chart.compliance", "compliance", {}),
        ("aspromised.chart.budget", "promise", {"promise": "two-day-delivery"}),
        ("aspromised.analyse.promises.claim", "promise", {"promise": "two-day-delivery"}),
        ("aspromised.analyse.gaps.gap", "gaps", {"promise": "two-day-delivery"}),
        ("aspromised.chart.review", "review", {}),
    ],
)
def test_a_figure_that_is_false_in_one_place_is_found(
    told: Told,
    demo: Demo,
    snapshot: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    name: str,
    chosen: dict[str, str],
) -> None:
    for row in demo.status("two-day-delivery", "--periods", "8", "--month", "2026-10")["periods"]:
        told.figures("two-day-delivery", row["label"], "status --periods --json", row)
    for row in demo.status()["promises"]:
        told.figures(row["id"], "October 2026", "status --json", row)
    read_page(told, snapshot, name, month="2026-10", **chosen)
    assert differences(told.facts) == []
    monkeypatch.setattr(f"{module}.percent", one_off(percent))
    forgetful = Snapshot(snapshot.root, snapshot.path, snapshot.con)
    read_page(told, forgetful, name, month="2026-10", **chosen)
    assert differences(told.facts)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("aspromised.analyse.rates.versions", "compliance"),
        ("aspromised.analyse.promises.claim", "promise"),
        ("aspromised.analyse.windows.window", "gaps"),
    ],
)
def test_one_place_that_counts_days_to_come_is_found(
    told: Told, demo: Demo, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    """The week holds the first of November, of which only what was early is known."""
    chosen = {"month": "2026-10", "window": "week"} | (
        {} if name == "compliance" else {"promise": "two-day-delivery"}
    )
    window = Periods.of(snapshot.meta).around("2026-10", "week").label
    for row in demo.status("--week", "2026-10-31")["promises"]:
        told.figures(row["id"], window, "status --json", row)
        for part in row["segments"]:
            told.figures(f"{row['id']} {part['name']} = {part['value']}", window, "status --json", part)
    for row in demo.status("two-day-delivery", "--all")["promises"]:
        for version in row["versions"]:
            told.figures(f"{row['id']}: {version['claim']}", "all days", "status --all --json", version)
    read_page(told, snapshot, name, **chosen)
    assert differences(told.facts) == []
    monkeypatch.setattr(f"{module}.GONE_BY", "true")
    forgetful = Snapshot(snapshot.root, snapshot.path, snapshot.con)
    read_page(told, forgetful, name, **chosen)
    assert differences(told.facts)
