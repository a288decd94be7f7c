"""`aspromised changes`: what came of each declared change."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aspromised.analyse.changes.declared import ChangeEffect, DeclaredChange, declared_changes
from aspromised.cli.answers.changes import ChangeAnswer, ChangeEffectAnswer, ChangesAnswer
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.words.figures import day, moment
from aspromised.words.problems import no_such


def changes_(
    change: Annotated[str | None, typer.Argument(help="One change; default all.")] = None,
    workspace: WorkspacePath = Path(),
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show what came of each declared change: helped, made worse, no evidence, too early, beside what it did not touch."""
    with judged_tables(workspace, as_of, launches=True) as (snapshot, meta):
        found = declared_changes(snapshot)
    shown = [each for each in found if change in (None, each.change_id)]
    if change is not None and not shown:
        raise no_such("change", change, [each.change_id for each in found])
    if as_json:
        told: ChangesAnswer = {"as_of": meta["as_of"], "changes": [_answer(each) for each in shown]}
        say_json(told)
    elif change is not None:
        _print_one(shown[0])
    elif shown:
        _print_all(shown, datetime.fromisoformat(meta["as_of"]))
    else:
        say(
            "No change is declared: write it under changes: in a file of promises/, with its day and what it touches."
        )


def _print_all(changes: list[DeclaredChange], as_of: datetime) -> None:
    columns = ("change", "on", "touches", "verdict")
    rows = [(each.change_id, day(each.on), each.part, each.verdict) for each in changes]
    say_table(f"Changes, as of {moment(as_of)}", rows, columns, columns, ("touches",))
    say(*(each.sentence for each in changes))


def _print_one(change: DeclaredChange) -> None:
    say(f"{change.change_id}: {change.sentence}", *(f"  {each.sentence}" for each in change.effects))
    if change.beside:
        say(f"Also on the days looked at: {'; '.join(change.beside)}.")
    if change.touches and change.effects and change.cannot_touch:
        named = " and ".join(f"'{name}'" for name in change.touches)
        say(f"Have no segment {named}, so nothing can be told of them: {', '.join(change.cannot_touch)}.")


def _answer(change: DeclaredChange) -> ChangeAnswer:
    return {
        "id": change.change_id,
        "on": change.on.isoformat(),
        "what": change.what,
        "touches": dict(change.touches),
        "verdict": change.verdict,
        "sentence": change.sentence,
        "promises": [_effect(each) for each in change.effects],
        "cannot_touch": list(change.cannot_touch),
        "also": list(change.beside),
    }


def _effect(each: ChangeEffect) -> ChangeEffectAnswer:
    sides = {
        f"{side}_{span}": {"items": each.items(side, span), "rate": each.rate(side, span)}
        for side in ("touched", "others")
        for span in ("before", "since")
    }
    returned = each.row.get("returned")
    return {
        "promise": each.promise_id,
        "verdict": each.verdict,
        "why": str(each.row["why"]) if isinstance(each.row.get("why"), str) else None,
        "from": str(each.row["before_first"])[:10],
        "to": str(each.row["since_last"])[:10],
        "counted_by": "started" if each.row["by_start"] else "counted",
        **sides,  # type: ignore[typeddict-item]
        "since_days": int(each.number("since_days") or 0),
        "effect": each.number("effect"),
        "low": each.number("low"),
        "high": each.number("high"),
        "p": each.number("adjusted_p"),
        "returned": bool(returned) if isinstance(returned, bool) else None,
        "sentence": each.sentence,
    }
