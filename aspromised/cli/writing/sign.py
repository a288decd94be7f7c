"""`aspromised sign` and `aspromised ledger`: what people write, and keeping it safe."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from aspromised.cli.answers.writing import SignOffAnswer, VerifiedAnswer
from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.cli.say import say, say_json
from aspromised.cli.writing.listed import Listed, as_found, as_written
from aspromised.declare.load import load
from aspromised.judge.readiness.signing import after_launch, counts_from
from aspromised.store.ledger import DamagedLedger, open_ledger, sign_off
from aspromised.store.ledger import backup as keeping
from aspromised.store.ledger.kept import HASH, accept, lost
from aspromised.store.snapshot import served_meta
from aspromised.words.figures import day, moment, plural
from aspromised.words.inside import require_workspace
from aspromised.words.moments import local_moment, out_of_range
from aspromised.words.problems import MisuseError, no_such

ledger_commands = typer.Typer(
    help="What people wrote: look at it, check it, back it up.", no_args_is_help=True
)


def sign(
    promotion: Annotated[str, typer.Argument(help="The promotion.")],
    gate: Annotated[str, typer.Argument(help="The gate, as it is declared.")],
    by: Annotated[str, typer.Option("--by", help="The team that signs it off.")],
    who: Annotated[str, typer.Option("--who", help="Who signs, for the team.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="The day claimed. Default: today.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What is worth remembering.")] = "",
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """Sign a launch gate off, for good: it stands in the ledger with the day claimed and the moment it was written."""
    declared = load(workspace)
    claimed = written_day(on) if on else datetime.now(declared.timezone).date()
    with open_ledger(workspace) as book:
        signed = sign_off(book, declared, promotion, gate, team=by, who=who, on=claimed, note=note)
    launched = local_moment(declared.promotions[promotion].launched, declared.timezone)
    assert launched, "a promotion that is signed for says when it is launched"
    counts = counts_from(signed, launched, declared.timezone)
    if as_json:
        told: SignOffAnswer = {
            "promotion": signed.promotion,
            "gate": signed.gate,
            "team": signed.team,
            "who": signed.who,
            "note": signed.note,
            "on": signed.on.isoformat(),
            "written_at": signed.written_at.isoformat() if signed.written_at else None,
            "counts_from": counts.isoformat(),
        }
        say_json(told)
        return
    holds = signed.counts_from(declared.timezone)
    dated = f" for {day(claimed)}" if signed.on != holds.date() else ""
    late = after_launch(signed, launched, declared.timezone)
    when = f" {moment(holds)}{late}" if late else f", counts from {moment(counts)}"
    say(f"{gate}: signed off by {by} ({who}){dated}{when}")
    say("the pages and `aspromised launches` show it after the next `aspromised refresh`")


@ledger_commands.command("show")
def show_(
    kind: Annotated[str | None, typer.Option(help="Only events of this kind, such as sign-off.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only events about this, such as a promotion.")] = None,
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """List what was written, in order: when, who, what, about what; of a damaged ledger, what can be read of it."""
    require_workspace(workspace)
    with open_ledger(workspace) as book:
        state = book.verify()
        damage = DamagedLedger(state.problem) if state.problem else None
        listed = as_found(book.rows(), state) if damage else as_written(book.events())
        problem = str(damage or lost(book, served_meta(workspace)))
    shown = [each for each in listed if kind in (None, each.kind) and subject in (None, each.subject)]
    if not shown and not problem:
        _refuse_unknown(listed, kind, subject)
    if as_json:
        say_json([each.json for each in shown])
    else:
        say(*(each.line for each in shown) if listed or problem else ("nothing was written yet",))
    if problem:
        say(f"aspromised: {problem}", err=True)
        raise typer.Exit(1)


@ledger_commands.command("verify")
def verify(
    includes: Annotated[
        str | None, typer.Option(help="A hash noted earlier, that the ledger must still hold.")
    ] = None,
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """Check that every event is as it was written and none that the last refresh knew is gone; --includes asks for more."""
    require_workspace(workspace)
    with open_ledger(workspace) as book:
        state, rows = book.verify(), book.rows()
        problem = state.problem or lost(book, served_meta(workspace)) or None
    if problem is None and includes and includes not in {row.hash for row in rows}:
        problem = (
            f"no event has the hash {includes}: events are missing at the end, or this is another ledger"
        )
    if as_json:
        told: VerifiedAnswer = {"events": state.events, "last_hash": state.last_hash, "problem": problem}
        say_json(told)
    elif problem is None:
        say(f"{plural(state.events, 'event')}, none changed; last hash {state.last_hash}")
    else:
        say(f"aspromised: {problem}", err=True)
    raise typer.Exit(0 if problem is None else 1)


@ledger_commands.command("backup")
def backup_(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    workspace: WorkspacePath = Path(),
) -> None:
    """Write every event to a file that restores into SQLite or PostgreSQL."""
    require_workspace(workspace)
    with open_ledger(workspace) as book:
        state = keeping.backup(book, file, force)
    say(f"{plural(state.events, 'event')} written to {file}; last hash {state.last_hash}")


@ledger_commands.command("restore")
def restore_(
    file: Annotated[Path, typer.Argument(help="A backup.")], workspace: WorkspacePath = Path()
) -> None:
    """Add the events of a backup that the ledger does not hold yet; a ledger that holds others is left alone."""
    load(workspace)
    with open_ledger(workspace) as book:
        state, added = keeping.restore(book, file)
        loss = lost(book, served_meta(workspace))
    say(f"{plural(added, 'event')} restored, {plural(state.events, 'event')} in all")
    if loss:
        say(f"it is an older state: {loss}", err=True)


def _refuse_unknown(written: Sequence[Listed], kind: str | None, subject: str | None) -> None:
    """Say so where nothing of that kind, or about that subject, was ever written."""
    kinds, subjects = ({getattr(each, name) for each in written} for name in ("kind", "subject"))
    for what, word, known in (("event of the kind", kind, kinds), ("event about", subject, subjects)):
        if word is not None and known and word not in known:
            raise no_such(what, word, sorted(known))


@ledger_commands.command("clock")
def clock(
    who: Annotated[str, typer.Option("--who", help="Who says so.")], workspace: WorkspacePath = Path()
) -> None:
    """Say that the clock is right now, where the ledger's last event lies far from it: one written by a wrong clock."""
    load(workspace)
    with open_ledger(workspace) as book:
        said = book.correct_clock(who)
    say(
        f"event {said.id} says that it was {moment(said.at)} UTC; what was written before it counts as written by then"
    )


@ledger_commands.command("accept-loss")
def accept_loss(
    who: Annotated[str, typer.Option("--who", help="Who says so.")], workspace: WorkspacePath = Path()
) -> None:
    """Say that events which the last refresh knew are gone on purpose, as after an older backup was restored."""
    load(workspace)
    kept = served_meta(workspace)
    with open_ledger(workspace) as book:
        if not lost(book, kept):
            say("nothing is lost: the ledger holds what the last refresh knew")
            return
        said = accept(book, kept, who)
    say(f"event {said.id} says that the events up to {kept[HASH][:12]}… are gone on purpose")


def written_day(text: str) -> date:
    """Return a day written as 2026-10-31; MisuseError of anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise MisuseError(f"'{text}' is not a day: write 2026-10-31") from None
    if said := out_of_range(day):
        raise MisuseError(f"'{text}' {said}")
    return day
