"""Commands that start something: `init`, `demo`, `schema`, `app`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from aspromised.analyse.windows.window import Window
from aspromised.cli.opening import open_or_exit
from aspromised.cli.options import WorkspacePath
from aspromised.cli.say import say, say_text
from aspromised.declare.publish.scaffold import scaffold
from aspromised.declare.publish.schema import schema_text
from aspromised.demo.build import build
from aspromised.store.private import sharing
from aspromised.store.snapshot import NoSnapshot


def init(
    workspace: WorkspacePath = Path(),
    name: Annotated[str, typer.Option(help="The company's name.")] = "My Company",
    timezone: Annotated[
        str, typer.Option(help="Its IANA time zone; every report day is a day there.")
    ] = "UTC",
) -> None:
    """Write a first workspace: a company, one promise, and a few rows to try it on."""
    with sharing():
        made = scaffold(workspace, name, timezone)
    for path in made:
        say(f"wrote {path}")
    where = "" if workspace == Path() else f" --workspace {workspace}"
    say(f"next: aspromised refresh{where}, then aspromised app{where}")


def demo(
    workspace: WorkspacePath = Path(),
    until: Annotated[
        str | None, typer.Option(help="The last month, as in 2026-10. Default: the last full one.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another world with the same stories.")] = 20,
    orders: Annotated[int, typer.Option(help="How many orders.", min=1000)] = 250_000,
) -> None:
    """Make the demo company "Fernway Home": two years of invented records, with stories to find."""
    if until is not None:
        Window.month(until)  # tells what a month looks like before anything is written
    console = Console(stderr=True)
    with console.status("inventing") as spinner, sharing():
        built = build(workspace, until, seed, orders, lambda stage: spinner.update(f"inventing {stage}"))
    for path in built.kept:
        say(f"left alone, since it was edited: {path}", err=True)
    last_day = (workspace / "data" / "as-of.txt").read_text(encoding="utf-8").strip()
    where = "" if workspace == Path() else f" --workspace {workspace}"
    say(f"wrote {len(built)} files; all of it is invented")
    say(f"next: aspromised refresh --as-of {last_day}{where}, then aspromised app{where}")


def schema() -> None:
    """Print the JSON Schema of the YAML, for editors."""
    say_text(schema_text().rstrip())


def app_(
    workspace: WorkspacePath = Path(),
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Default: 8501, or the next free one.")
    ] = None,
    address: Annotated[
        str, typer.Option(help="Where to listen; another than localhost needs --unsafe-public.")
    ] = "localhost",
    unsafe_public: Annotated[
        bool,
        typer.Option("--unsafe-public", help="Let in everyone who reaches the address; nobody signs in."),
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", metavar="NAME", help="A name by which a proxy in front of the app is called."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Start the app, for this machine alone."""
    # The app brings charts and tables: a second that other commands need not wait for.
    from aspromised.app.doors import Doors
    from aspromised.app.serve import serve

    try:
        open_or_exit(workspace).close()
    except NoSnapshot as none:
        say(f"{str(none).rstrip('.')}. The app will say so too.", err=True)
    serve(
        workspace, port, address, browser, Doors(unsafe_public, frozenset(map(str.lower, allow_host or [])))
    )
