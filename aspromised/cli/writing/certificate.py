"""`aspromised certificate`: a launch's readiness frozen, printed and checked."""

from pathlib import Path
from typing import Annotated

import typer

from aspromised.cli.answers.writing import CertificateAnswer, CheckedFileAnswer
from aspromised.cli.opening import open_or_exit
from aspromised.cli.options import AsJson, WorkspacePath
from aspromised.cli.say import say, say_json
from aspromised.declare.load import load
from aspromised.report.certificate import GENUINE, Certificate, certificate, check_certificate
from aspromised.store import private
from aspromised.store.ledger import open_ledger
from aspromised.words.problems import AsPromisedError, MisuseError
from aspromised.words.trouble import translate_os_errors


def certificate_(
    promotion: Annotated[str | None, typer.Argument(help="The promotion.")] = None,
    who: Annotated[str | None, typer.Option("--who", help="Who freezes the record, the first time.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write it there as HTML and PDF.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Check a file that was exported.")
    ] = None,
    workspace: WorkspacePath = Path(),
    as_json: AsJson = False,
) -> None:
    """Freeze what was known about a launch when it went out, print it for keeping, or check such a file.

    Asked again it is the same record, and says where today's numbers differ. Before a launch it is a record of the
    snapshot's day.
    """
    if (promotion is None) == (verify is None):
        raise MisuseError("name a promotion, or a file with --verify")
    if verify is not None:
        _check(workspace, verify, as_json)
        return
    declared = load(workspace)
    with open_or_exit(workspace) as snapshot, open_ledger(workspace) as book:
        found = certificate(declared, snapshot, book, str(promotion), who)
    files = _write(found, out) if out else []
    if as_json:
        say_json(_json(found, files))
        return
    say(f"event {found.event.id}, written {found.event.at:%Y-%m-%d %H:%M:%S} UTC by {found.event.who}")
    say(f"SHA-256 {found.sha256}")
    say(*map(str, files), *(f"restated: {each}" for each in found.restated))


def _check(workspace: Path, file: Path, as_json: bool) -> None:
    load(workspace)
    if not file.is_file():
        raise AsPromisedError(f"there is no file {file}")
    with open_ledger(workspace) as book:
        found = check_certificate(book, file)
    if as_json:
        event = found.event.id if found.event else None
        told: CheckedFileAnswer = {"state": found.state, "sentence": found.sentence, "event": event}
        say_json(told)
    else:
        is_ours = found.state == GENUINE
        say(found.sentence if is_ours else f"aspromised: {found.sentence}", err=not is_ours)
    raise typer.Exit(0 if found.state == GENUINE else 1)


def _write(found: Certificate, folder: Path) -> list[Path]:
    with translate_os_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pages, paper = folder / f"{found.name}.html", folder / f"{found.name}.pdf"
        private.write(pages, found.html.encode())
        private.write(paper, found.pdf)
    return [pages, paper]


def _json(found: Certificate, files: list[Path]) -> CertificateAnswer:
    return {
        "event": found.event.id,
        "written_at": found.event.at.isoformat(),
        "who": found.event.who,
        "sha256": found.sha256,
        "content": found.content,
        "restated": list(found.restated),
        "files": [str(path) for path in files],
    }
