"""`aspromised dispute`: a supplier says that late minutes are not its own."""

from pathlib import Path
from typing import Annotated

import typer

from aspromised.cli.answers.writing import DisputeAnswer
from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.cli.say import say, say_json
from aspromised.cli.windows import FromText, ToText
from aspromised.cli.writing.sign import written_day
from aspromised.declare.load import load
from aspromised.store.ledger import open_ledger
from aspromised.store.ledger.disputing import write_dispute


def dispute_(
    chain: Annotated[str, typer.Argument(help="The chain.")],
    stage: Annotated[str, typer.Argument(help="The stage, as it is declared.")],
    by: Annotated[str, typer.Option("--by", help="The team that disputes: the stage's supplier.")],
    who: Annotated[str, typer.Option("--who", help="Who writes it, for the team.")],
    because: Annotated[str, typer.Option("--because", help="Why the minutes are not the team's own.")],
    promise: Annotated[str, typer.Option("--promise", help="Only those of one promise.")] = "",
    item: Annotated[str, typer.Option("--item", help="Only those of one item.")] = "",
    first: FromText = None,
    last: ToText = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Dispute it no longer: all else as it was written.")
    ] = False,
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """Write that a stage's late minutes are not its supplier's own: the contested share stands beside them."""
    declared = load(workspace)
    days = [written_day(each) if each else None for each in (first, last)]
    with open_ledger(workspace) as book:
        written = write_dispute(
            book, declared, chain, stage, team=by, who=who, because=because, promise=promise, item=item,
            first=days[0], last=days[1], is_withdrawn=withdraw,
        )  # fmt: skip
    if as_json:
        told: DisputeAnswer = {
            "chain": chain, "stage": stage, "promise": promise or None, "item": item or None, "team": by, "who": who,
            "because": because, "withdrawn": withdraw, "written_at": written.written_at.isoformat(),
        }  # fmt: skip
        say_json(told)
        return
    say(f"{written.words}: {'no longer disputed' if withdraw else 'disputed'} by {by} ({who})")
    say(
        "the pages and `aspromised handoffs` show it after the next `aspromised refresh`; one judged as of a moment before now"
        " (--as-of) does not hold it yet"
    )
