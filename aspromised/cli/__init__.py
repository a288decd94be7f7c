"""Layer 7: the commands."""

import sys

from aspromised.cli.commands import app
from aspromised.words.problems import AsPromisedError, MisuseError
from aspromised.words.text import line, lines

MISUSE = 2


def main() -> None:
    """Run a command; a problem is told on stderr, without a traceback: exit 1, misuse 2."""
    try:
        app(prog_name="aspromised")
    except MisuseError as error:
        sys.exit(_tell(error, MISUSE))
    except AsPromisedError as error:
        sys.exit(_tell(error, 1))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _tell(error: AsPromisedError, code: int) -> int:
    told = f"aspromised: {error}"
    print(line(told) if code == MISUSE else lines(told), file=sys.stderr)
    return code
