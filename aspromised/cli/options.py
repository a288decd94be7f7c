"""Options that several commands share."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from aspromised.cli.say import say
from aspromised.words.figures import moment

WorkspacePath = Annotated[
    Path,
    typer.Option(
        "--workspace", "-w", envvar="ASPROMISED_WORKSPACE", help="The folder that holds promises/ and data/."
    ),
]
AsOfText = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY|MOMENT",
        help="Judge as of the end of a day, or a moment, of the company. Default: refresh takes now, others the snapshot's.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def warn_beyond(newest: Iterable[datetime | None], as_of: datetime) -> None:
    """Say so where `as_of` lies on a day after the newest moment (UTC) that any source holds."""
    known = max((each for each in newest if each is not None), default=None)
    if known is None:
        return
    local = known.replace(tzinfo=UTC).astimezone(as_of.tzinfo)
    if as_of.date() > local.date():
        say(
            f"the data reaches no further than {moment(local)}: nothing after it is known as of {moment(as_of)}",
            err=True,
        )
