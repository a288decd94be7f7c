"""Run a command through its real entry, in this process or in one of its own."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

from aspromised.cli import main
from tests.cli.answers import hold


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stands on stdout, which must be JSON and nothing else."""
        return json.loads(self.out)


def run(*words: str | Path) -> Ran:
    """Return what `aspromised <words>` does, run in this process through the entry that the shell calls.

    JSON is held against the answer that is declared for the command.
    """
    out, err, code = StringIO(), StringIO(), 0
    with (
        mock.patch.object(sys, "argv", ["aspromised", *map(str, words)]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    hold([str(word) for word in words], out.getvalue())
    return Ran(code, out.getvalue(), err.getvalue())


def process(*words: str | Path, **more: str) -> Ran:
    """Return what `python -m aspromised <words>` does as a process of its own; `more` is its environment."""
    command = [sys.executable, "-m", "aspromised", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **more})
    hold([str(word) for word in words], done.stdout)
    return Ran(done.returncode, done.stdout, done.stderr)
