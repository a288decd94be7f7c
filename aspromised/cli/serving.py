"""`aspromised service`: how departments serve one another, and a team's own page; `aspromised brief`: what a supplier is told."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from aspromised.analyse.internal_service.brief import Brief, supplier_brief
from aspromised.analyse.internal_service.overview import (
    InternalService,
    internal_service,
    rated,
    score,
    signed_score,
)
from aspromised.analyse.internal_service.scores import Score
from aspromised.analyse.internal_service.steps import ChainSteps, seven_steps
from aspromised.analyse.internal_service.team import OwnPage, due_words, known_teams, own_page
from aspromised.analyse.windows.periods import latest_month_window
from aspromised.cli.answers.serving import (
    BriefAnswer,
    ChainStepsAnswer,
    ExpectedAnswer,
    OwesAnswer,
    OwnPageAnswer,
    ReviewedAnswer,
    ScoreAnswer,
    ServiceAnswer,
    ServiceStepAnswer,
)
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.cli.windows import MonthText
from aspromised.declare.load import load
from aspromised.store import private
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.serving import ServiceAct, hand_over, record_review
from aspromised.words.figures import day, percent
from aspromised.words.problems import MisuseError, no_such
from aspromised.words.trouble import translate_os_errors


def service(
    team: Annotated[str | None, typer.Argument(help="A team, for its own page; default all.")] = None,
    workspace: WorkspacePath = Path(),
    month: MonthText = None,
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show how departments serve one another: who meets what is required, and what a team gets, gives and owes."""
    with judged_tables(workspace, as_of, launches=True, handoffs=True) as (snapshot, meta):
        if team is not None and team not in (teams := known_teams(snapshot)):
            raise no_such("team", team, teams)
        chosen = month or f"{latest_month_window(snapshot).first:%Y-%m}"
        found = internal_service(snapshot, chosen)
        own = own_page(snapshot, team, chosen) if team else None
        chains = seven_steps(snapshot)
    if as_json:
        say_json(_answer(found, own, chains, meta["as_of"]))
    elif own:
        _print_own(own, date.fromisoformat(meta["as_of_day"]))
    else:
        _print_all(found)
        say(*(each.sentence for each in chains))


def brief(
    supplier: Annotated[str, typer.Argument(help="The team that serves.")],
    customer: Annotated[str, typer.Option("--customer", help="The team that is served, whose brief it is.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write it there as HTML and PDF.")
    ] = None,
    workspace: WorkspacePath = Path(),
    month: MonthText = None,
    who: Annotated[
        str | None, typer.Option("--who", help="Write into the ledger that it was handed over, by whom.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="With --who: what is worth remembering.")] = "",
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Tell a supplier what its customer needs, how it has been, examples, and when they look again: one page, as HTML and PDF."""
    with judged_tables(workspace, as_of, handoffs=True) as (snapshot, meta):
        chosen = month or f"{latest_month_window(snapshot).first:%Y-%m}"
        found = supplier_brief(snapshot, supplier, customer, chosen)
    if who is None and note:
        raise MisuseError("--note goes with --who: say who handed the brief over")
    files = _write(found, chosen, out) if out else []
    handed = _hand_over(workspace, supplier, customer, who, note) if who is not None else None
    if as_json:
        told: BriefAnswer = {
            "as_of": meta["as_of"],
            "supplier": supplier,
            "customer": customer,
            "title": found.title,
            "sentence": found.sentence,
            "parts": [
                {"heading": name, "rows": [{"about": about, "said": said} for about, said in rows]}
                for name, rows in found.parts.items()
            ],
            "handed_over": handed.written_at.isoformat() if handed else None,
            "files": [str(path) for path in files],
        }
        say_json(told)
        return
    say(found.title, found.sentence)
    for name, rows in found.parts.items():
        say(f"{name}:", *(f"  {about}: {said}" for about, said in rows))
    say(*map(str, files))
    if handed:
        say(f"handed over by {handed.who}: told among the seven steps after the next `aspromised refresh`")


def reviewed(
    chain: Annotated[str, typer.Argument(help="The chain.")],
    who: Annotated[str, typer.Option("--who", help="Who reviewed it.")],
    note: Annotated[str, typer.Option("--note", help="What is worth remembering.")] = "",
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """Write that a chain was reviewed, for good: it stands in the ledger, and among the chain's seven steps."""
    declared = load(workspace)
    with open_ledger(workspace) as book:
        written = record_review(book, declared, chain, who, note)
    if as_json:
        told: ReviewedAnswer = {
            "chain": chain,
            "who": written.who,
            "note": note,
            "written_at": written.written_at.isoformat(),
        }
        say_json(told)
        return
    say(f"{chain}: reviewed by {written.who}; declare its next `review_by`")
    say("told among the seven steps after the next `aspromised refresh`")


def _hand_over(workspace: Path, supplier: str, customer: str, who: str, note: str) -> ServiceAct:
    with open_ledger(workspace) as book:
        return hand_over(book, supplier, customer, who, note)


def _write(found: Brief, month: str, folder: Path) -> list[Path]:
    # What sets a paper takes a while to import, which those who read a brief here need not wait for.
    from aspromised.report.brief import brief_html, brief_name, brief_pdf

    name = brief_name(found, month)
    with translate_os_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pages, paper = folder / f"{name}.html", folder / f"{name}.pdf"
        private.write(pages, brief_html(found).encode())
        private.write(paper, brief_pdf(found))
    return [pages, paper]


def _print_all(found: InternalService) -> None:
    if not rated(found.suppliers):
        say(found.sentence, *found.scale.notes)
        return
    _print_scores(f"Suppliers as their customers rate them, {found.months}", found.suppliers)
    if rated(found.customers):
        _print_scores("Customers as their suppliers rate what they ask", found.customers)
    if rated(found.pulse):
        _print_scores("The company as staff of each team rate it", found.pulse)
    say(found.sentence, *found.findings, *found.scale.notes)


def _print_own(own: OwnPage, as_of: date) -> None:
    say(own.sentence)
    told = {
        f"What {own.team} gets": own.gets,
        f"What {own.team} gives": own.gives,
        f"What {own.team} asks, as its suppliers find it": own.asks,
        f"What {own.team} is asked, as it finds it": own.is_asked,
        "The company, as its staff find it": (own.pulse,) if own.pulse else (),
    }
    for title, found in told.items():
        if rated(found):
            _print_scores(title, found)
    if own.expected:
        rows = [(each.what, each.by, day(each.since), each.standing) for each in own.expected]
        say_table(
            "What is expected of it",
            rows,
            ("what", "by", "since", "standing"),
            ("by", "standing"),
            ("since",),
        )
    if own.owes:
        rows_owed = [(each.what, due_words(each, as_of)) for each in own.owes]
        say_table("What it owes", rows_owed, ("what", "due"), ("due",))


_COLUMNS = ("pair", "mean", "interval", "ratings", "required", "standing", "reached it", "before", "change")


def _print_scores(title: str, found: Iterable[Score]) -> None:
    rows = [
        (
            f"  {each.heading}" if each.heading else f"{each.supplier} → {each.customer}",
            score(each.mean),
            f"{score(each.low)} to {score(each.high)}" if each.low == each.low else "–",
            f"{each.ratings:,}",
            f"{each.required:g}" if each.required == each.required else "–",
            each.standing,
            percent(_known(each.met), 0),
            score(each.before_mean),
            _changed(each),
        )
        for each in found
        if each.ratings
    ]
    say_table(title, rows, _COLUMNS, ("pair", "standing", "change"), ("ratings", "interval", "before", "reached it", "change"))  # fmt: skip


def _changed(each: Score) -> str:
    if each.moved in ("better", "worse"):
        return f"{each.moved} ({signed_score(each.change_low)} to {signed_score(each.change_high)})"
    return each.moved or "too few to tell"


def _known(number: float) -> float | None:
    """Return a number, None where it is not known."""
    return None if number != number else round(number, 10)


def _answer(
    found: InternalService, own: OwnPage | None, chains: Iterable[ChainSteps], as_of: str
) -> ServiceAnswer:
    first, last = found.window.first, found.window.last
    return {
        "as_of": as_of,
        "window": {"from": first.isoformat() if first else None, "to": last.isoformat() if last else None},
        "lowest": _known(found.scale.lowest),
        "out_of": _known(found.scale.best),
        "problem": found.scale.problem or None,
        "notes": list(found.scale.notes),
        "sentence": found.sentence,
        "findings": found.findings,
        "suppliers": _rows(found.suppliers),
        "customers": _rows(found.customers),
        "pulse": _rows(found.pulse),
        "chains": [_steps(each) for each in chains],
        "team": _own(own) if own else None,
    }


def _steps(each: ChainSteps) -> ChainStepsAnswer:
    steps: list[ServiceStepAnswer] = [
        {
            "number": step.number,
            "step": step.name,
            "passed": step.passed,
            "evidence": step.evidence,
            "on": step.on.isoformat() if step.on else None,
            "missing": step.missing or None,
        }
        for step in each.steps
    ]
    return {"id": each.chain_id, "passed": each.passed, "sentence": each.sentence, "steps": steps}


def _own(own: OwnPage) -> OwnPageAnswer:
    expected: list[ExpectedAnswer] = [
        {
            "by": each.by,
            "what": each.what,
            "since": each.since.isoformat() if each.since else None,
            "standing": each.standing,
            "promise": each.promise_id or None,
        }
        for each in own.expected
    ]
    owes: list[OwesAnswer] = [
        {"what": each.what, "due": each.due.isoformat() if each.due else None, "overdue": each.is_overdue}
        for each in own.owes
    ]
    return {
        "team": own.team,
        "sentence": own.sentence,
        "gets": _rows(own.gets),
        "gives": _rows(own.gives),
        "asks": _rows(own.asks),
        "is_asked": _rows(own.is_asked),
        "pulse": _row(own.pulse) if own.pulse else None,
        "expected": expected,
        "owes": owes,
    }


def _rows(found: Iterable[Score]) -> list[ScoreAnswer]:
    return [_row(each) for each in found]


def _row(each: Score) -> ScoreAnswer:
    return {
        "supplier": each.supplier,
        "customer": each.customer,
        "heading": each.heading,
        "ratings": each.ratings,
        "mean": _known(each.mean),
        "low": _known(each.low),
        "high": _known(each.high),
        "required": _known(each.required),
        "met": _known(each.met),
        "standing": each.standing,
        "reliability": round(each.reliability, 10),
        "ranked": each.is_ranked,
        "before_ratings": each.before_ratings,
        "before_mean": _known(each.before_mean),
        "change": _known(each.change),
        "change_low": _known(each.change_low),
        "change_high": _known(each.change_high),
        "moved": each.moved,
    }
