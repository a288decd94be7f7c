"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

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
