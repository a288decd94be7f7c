"""The command `aspromised`: its commands by name, each imported when it is asked for.

Each is a few lines over the same functions the pages use. What a command needs to start is what its module imports:
`--help` needs none of them, so their names and first lines stand here once more (tests/cli/test_start.py compares them).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from re import findall
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from aspromised import __version__
from aspromised.cli.say import say
from aspromised.words.problems import did_you_mean


@dataclass(frozen=True)
class LazyCommand:
    """A command that is not imported yet: its name, the first line of its help, and where it is."""

    name: str
    help: str
    module: str
    function: str

    def load(self) -> Any:
        """Return the function, or for a command of commands its Typer application."""
        return getattr(import_module(f"aspromised.cli.{self.module}"), self.function)


COMMANDS = (
    LazyCommand("init", "Write a first workspace: a company, one promise, and a few rows to try it on.", "starting", "init"),
    LazyCommand("demo", 'Make the demo company "Fernway Home": two years of invented records, with stories to find.', "starting", "demo"),
    LazyCommand("check", "Read every YAML, bind every expression to the data's columns, and tell all problems in one run.", "declared.check", "check_"),
    LazyCommand("diff", "Tell what changed in the promises since another state, and what the last days would have been by each.", "declared.diff", "diff"),
    LazyCommand("refresh", "Load what is new, judge every promise, publish one snapshot.", "refreshing", "refresh_"),
    LazyCommand("status", "Show where each promise stands over a window; without one, over the latest month, as on the pages.", "standing.status", "status"),
    LazyCommand("why", "Show the SQL and the counts behind a promise's number, by default the latest month's, or the story of one item.", "standing.why", "why"),
    LazyCommand("gaps", "Show which parts of a promise break it beyond their share, in any combination of up to three conditions.", "standing.gaps", "gaps_"),
    LazyCommand("launches", "Show which promotions were launched before they were ready: gates, ready on, days early, and what is planned.", "launching", "launches_"),
    LazyCommand("changes", "Show what came of each declared change: helped, made worse, no evidence, too early, beside what it did not touch.", "changing", "changes_"),
    LazyCommand("handoffs", "Show what the stages of a chain took, whose its late minutes are, and what follows a late handover.", "handoffs", "handoffs_"),
    LazyCommand("service", "Show how departments serve one another: who meets what is required, and what a team gets, gives and owes.", "serving", "service"),
    LazyCommand("tonight", "Show what is open and what will break today, from how such items fared before, and what is overdue, the oldest first.", "tonight", "tonight_"),
    LazyCommand("brief", "Tell a supplier what its customer needs, how it has been, examples, and when they look again: one page, as HTML and PDF.", "serving", "brief"),
    LazyCommand("reviewed", "Write that a chain was reviewed, for good: it stands in the ledger, and among the chain's seven steps.", "serving", "reviewed"),
    LazyCommand("sign", "Sign a launch gate off, for good: it stands in the ledger with the day claimed and the moment it was written.", "writing.sign", "sign"),
    LazyCommand("dispute", "Write that a stage's late minutes are not its supplier's own: the contested share stands beside them.", "writing.dispute", "dispute_"),
    LazyCommand("certificate", "Freeze what was known about a launch when it went out, print it for keeping, or check such a file.", "writing.certificate", "certificate_"),
    LazyCommand("ledger", "What people wrote: look at it, check it, back it up.", "writing.sign", "ledger_commands"),
    LazyCommand("schema", "Print the JSON Schema of the YAML, for editors.", "starting", "schema"),
    LazyCommand("app", "Start the app, for this machine alone.", "starting", "app_"),
)  # fmt: skip
"""Every command, in the order of the README."""


@contextmanager
def _plain_misuse() -> Iterator[None]:
    """Say what is wrong with a word of the command in our own words, and which was probably meant."""
    try:
        yield
    except Exception as error:
        if isinstance(message := getattr(error, "message", None), str) and hasattr(error, "ctx"):
            error.message = _plainly(message, getattr(error, "option_name", ""))  # type: ignore[attr-defined]
        raise


def _plainly(message: str, option: str) -> str:
    """Return what the parser of commands says, mended.

    >>> _plainly("Value error, 'jsn' is not one of 'text', 'json'.", "")
    "'jsn' is not one of 'text', 'json'. Did you mean 'json'?"
    >>> _plainly("Input should be a valid integer, unable to parse string as an integer", "")
    'write a whole number'
    """
    if "valid integer" in message:
        return "write a whole number"
    if option in ("-w", "--workspace"):
        return f"{message} It stands after the command, as in aspromised status {option} FOLDER"
    plain = message.removeprefix("Value error, ")
    word, is_choice, choices = plain.partition(" is not one of ")
    near = did_you_mean(word.strip("'"), findall(r"'([^']+)'", choices)) if is_choice else ""
    return f"{plain}{near}"


class LazyGroup(TyperGroup):
    """The commands by name and help; the one that is called is imported then."""

    def make_context(self, *args: Any, **more: Any) -> Any:
        """Return the context of a call, what is wrong with its first words said plainly."""
        with _plain_misuse():
            return super().make_context(*args, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, what is wrong with its words said plainly."""
        with _plain_misuse():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the name, the command itself instead of what stood for it in the help, and its arguments."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        lazy = next((each for each in COMMANDS if each.name == name), None)
        return name, _loaded(lazy) if lazy else stand_in, rest


def _loaded(lazy: LazyCommand) -> Any:
    found = lazy.load()
    if isinstance(found, typer.Typer):
        return get_group(found)
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(lazy.name)(found)
    return get_command(alone)


app = typer.Typer(
    name="aspromised",
    cls=LazyGroup,
    help="What is promised to customers, what is kept, and where it breaks.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _each in COMMANDS:
    app.command(_each.name, help=_each.help)(lambda: None)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        say(f"aspromised {__version__}")
        raise typer.Exit
