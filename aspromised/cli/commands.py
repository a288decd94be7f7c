"""The command `aspromised`: one function a command, each a few lines over the same functions the pages use."""

from typing import Annotated

import typer

from aspromised import __version__
from aspromised.cli.certifying import certificate_
from aspromised.cli.checking import check
from aspromised.cli.diffing import diff
from aspromised.cli.launching import launches_
from aspromised.cli.refreshing import refresh
from aspromised.cli.say import say
from aspromised.cli.signing import ledger, sign
from aspromised.cli.standing import status
from aspromised.cli.starting import app_, demo, init, schema
from aspromised.cli.telling import why

app = typer.Typer(
    name="aspromised",
    help="What is promised to customers, what is kept, and where it breaks.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(init)
app.command("demo")(demo)
app.command("check")(check)
app.command("diff")(diff)
app.command("refresh")(refresh)
app.command("status")(status)
app.command("why")(why)
app.command("launches")(launches_)
app.command("sign")(sign)
app.command("certificate")(certificate_)
app.add_typer(ledger, name="ledger")
app.command("schema")(schema)
app.command("app")(app_)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        say(f"aspromised {__version__}")
        raise typer.Exit
