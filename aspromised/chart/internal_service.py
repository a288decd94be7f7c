"""How departments serve one another, typeset: who serves whom as a matrix, a team's scores, what is expected and owed."""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from aspromised.analyse.internal_service.overview import InternalService, out_of, rated, score, signed_score
from aspromised.analyse.internal_service.scores import MONTHS_TOGETHER, Scale, Score
from aspromised.analyse.internal_service.steps import SERVICE_STEPS, ChainSteps, Step
from aspromised.analyse.internal_service.team import OwnPage, due_words
from aspromised.chart.base.dotplot import interval
from aspromised.chart.base.ledger import Column, Ledger, ledger
from aspromised.chart.base.links import Link, Links, address, lead
from aspromised.chart.base.theme import palette
from aspromised.words.figures import NOTHING, day, percent, plural
from aspromised.words.text import html as escape
from aspromised.words.text import html_with_code
from aspromised.words.vocabulary import PULSE

_MARKS = {
    "met": ("✓", "kept"),
    "not met": ("✕", "short"),
    "too close to call": ("≈", "unknown"),
    "too few": ("…", "unknown"),
    "nothing required": ("", "unknown"),
}


def service_matrix(found: Sequence[Score], scale: Scale, month: str, label: str) -> Ledger | None:
    """Return who serves (rows, the one furthest below what is required first) whom (columns); None where nobody was rated."""
    told = rated(found)
    if not told:
        return None
    suppliers = list(dict.fromkeys(each.supplier for each in told))
    customers = sorted({each.customer for each in told})
    cells = {(each.supplier, each.customer): _cell(each, scale, month) for each in told}
    columns = {"supplier": Column("Serves ↓ · is served →", html=True)}
    columns |= {
        f"c{n}": Column(name, html=True, to=address(month=month, team=name))
        for n, name in enumerate(customers)
    }
    rows = [
        [lead(escape(by), address(month=month, team=by)), *(cells.get((by, to), "") for to in customers)]
        for by in suppliers
    ]  # fmt: skip
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label=label, phone="cards")


def _cell(each: Score, scale: Scale, month: str) -> str:
    """Return one pair: mark and mean, which lead to the customer's page with this supplier; the rest in small print."""
    icon, colour = _MARKS[each.standing]
    to = address(month=month, team=each.customer, supplier=each.supplier)
    said = f"{each.standing}, {out_of(each, scale)}"
    shown = f'<span class="ap-{colour}">{f"{icon} " if icon else ""}{score(each.mean)}</span>'
    small = [plural(each.ratings, "rating")]
    small += [f"needs {each.required:g}"] if each.required == each.required else []
    small += [f"{each.moved} than before"] if each.moved in ("better", "worse") else []
    link = lead(shown, to).replace("<a ", f'<a aria-label="{escape(said)}" ', 1)
    return f"{link}<br><small>{escape(', '.join(small))}</small>"


def scores_ledger(found: Iterable[Score], scale: Scale, who: str, month: str, label: str) -> Ledger | None:
    """Return scores, one row a pair, those by heading below it; `who` is the side that is named. None where there are none."""
    told = rated(tuple(found))
    if not told:
        return None
    columns = {
        "who": Column(who.capitalize(), html=True),
        "mean": Column("Mean", "right", html=True),
        "drawn": Column(f"{scale.lowest:g} to {scale.best:g}, what is required", html=True),
        "standing": Column("Against what is required", html=True),
        "reached": Column("Reached it", "right"),
        "before": Column(f"{MONTHS_TOGETHER} months before", "right", html=True),
    }
    frame = pd.DataFrame([_score_row(each, scale, who, month) for each in told], columns=list(columns))
    if all(each.standing == "nothing required" for each in told):
        columns["drawn"] = Column(f"{scale.lowest:g} to {scale.best:g}", html=True)
        columns = {name: column for name, column in columns.items() if name not in ("standing", "reached")}
    return ledger(frame, columns, label=label)


def _score_row(each: Score, scale: Scale, who: str, month: str) -> list[str]:
    icon, colour = _MARKS[each.standing]
    drawn = interval(
        each.mean, each.low if each.low == each.low else each.mean, each.high if each.high == each.high else each.mean,
        each.required, (scale.lowest, scale.best), getattr(palette(), colour), out_of(each, scale),
    )  # fmt: skip
    needs = f"<br><small>needs {each.required:g}</small>" if each.required == each.required else ""
    return [
        f'<span style="padding-left:1.2rem">{escape(each.heading)}</span>' if each.heading else _named(each, who, month),
        f"{score(each.mean)}<br><small>{plural(each.ratings, 'rating')}</small>",
        drawn,
        f'<span class="ap-{colour}" style="white-space:nowrap">{icon} {escape(each.standing)}</span>{needs}',
        percent(None if each.met != each.met else each.met, 0),
        f"{score(each.before_mean)}<br><small>{escape(_change(each))}</small>",
    ]  # fmt: skip


def _named(each: Score, who: str, month: str) -> str:
    """Return the side that is named, leading to where more of it is told; the company has no page of its own."""
    name = each.supplier if who == "supplier" else each.customer
    if name == PULSE:
        return "the company"
    state = {"team": each.customer, "supplier": each.supplier} if who == "supplier" else {"team": name}
    return lead(escape(name), address(month=month, **state))


def _change(each: Score) -> str:
    if each.moved in ("better", "worse"):
        return f"{each.moved}: {signed_score(each.change_low)} to {signed_score(each.change_high)}"
    return each.moved or "too few to tell"


def expected_ledger(own: OwnPage, month: str) -> Ledger | None:
    """Return what is expected of a team: by whom, since when, how it stands. None where nothing is."""
    if not own.expected:
        return None
    rows = [
        [
            lead(escape(each.what), address("compliance", month=month, promise=each.promise_id))
            if each.promise_id
            else escape(each.what),
            each.by,
            day(each.since) if each.since else NOTHING,
            each.standing,
        ]
        for each in own.expected
    ]
    columns = {
        "what": Column("What", html=True),
        "by": Column("By whom"),
        "since": Column("Since"),
        "stands": Column("How it stands"),
    }
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label=f"What is expected of {own.team}")  # fmt: skip


def owed_ledger(own: OwnPage, as_of: date) -> Ledger | None:
    """Return what a team owes, what was due first first; None where it owes nothing."""
    if not own.owes:
        return None
    rows = [
        [
            lead(escape(each.what), address(each.page, **dict(each.state)))
            if each.page
            else escape(each.what),
            due_words(each, as_of),
        ]
        for each in own.owes
    ]
    columns = {"what": Column("What", html=True), "due": Column("Due")}
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label=f"What {own.team} owes")


def steps_ledger(chains: Sequence[ChainSteps], month: str) -> Ledger | None:
    """Return the seven steps (rows) of each chain (columns): passed by which evidence, or what to do next; None without chains."""
    if not chains:
        return None
    columns = {"step": Column("Step", html=True)}
    columns |= {
        f"c{n}": Column(
            f"{each.chain_id}: {each.passed} of {len(each.steps)}", html=True, to=_of_chain(each, month)
        )
        for n, each in enumerate(chains)
    }
    rows = [
        [f"{number + 1}. {escape(name)}", *(_step(each.steps[number]) for each in chains)]
        for number, name in enumerate(SERVICE_STEPS)
    ]
    return ledger(pd.DataFrame(rows, columns=list(columns)), columns, label="The seven steps of each chain", phone="cards")  # fmt: skip


def _of_chain(each: ChainSteps, month: str) -> str:
    """Return where a chain is drawn, "" where it keeps no promise."""
    return address("handoffs", month=month, promise=each.promise_id) if each.promise_id else ""


def _step(step: Step) -> str:
    icon, word, colour = ("✓", "seen", "kept") if step.passed else ("✕", "not seen", "short")
    on = f", {day(step.on)}" if step.on else ""
    told = f"<br><small>{html_with_code(step.evidence + on)}</small>"
    after = f"<br><small>Next: {html_with_code(step.missing)}</small>" if step.missing else ""
    return f'<span class="ap-{colour}">{icon} {word}</span>{told}{after}'


def all_service(month: str, team: str = "") -> Links:
    """Return the way back from one team's page to all; from a brief to its `team`, too."""
    own = [Link(f"All of {team}", address(month=month, team=team))] if team else []
    return Links("", [*own, Link("All teams", address(month=month))])


def team_links(found: InternalService, month: str) -> Links:
    """Return the way to each team's own page, where any rates or is rated."""
    told = [*rated(found.suppliers), *rated(found.customers), *rated(found.pulse)]
    names = sorted({name for each in told for name in (each.supplier, each.customer)} - {PULSE})
    return Links("A team's own page:", [Link(name, address(month=month, team=name)) for name in names])
