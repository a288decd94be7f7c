"""A first workspace to change into one's own: a company, one promise, and a dozen rows of example data."""

from os.path import lexists
from pathlib import Path

from aspromised.declare.publish.schema import SCHEMA_FILE, schema_text
from aspromised.declare.rules.timezones import unknown_timezone
from aspromised.words.problems import AsPromisedError, MisuseError
from aspromised.words.whole import write_all

_EDITORS = "# yaml-language-server: $schema=../" + SCHEMA_FILE + "\n"

_COMPANY = """company:
  name: {name}
  timezone: {timezone}
"""

_PROMISE = """# One promise: the words customers read, how they are measured, and who must keep them.
promises:
  two-day-delivery:
    claim: Delivered to your door within 2 days
    about: speed
    made_by: marketing
    kept_by: fulfilment
    said_in: [homepage]
    measure:
      items: orders
      id: order_id
      started: ordered_at
      done: delivered_at
      within: 2 calendar days
      segments: [region]
    target: 95%
    at_least: 5     # so that a dozen example rows already get a verdict; the default is 30
"""

_SOURCES = """# Where the records come from. These are EXAMPLE rows, invented: point `files` at your own.
sources:
  orders:
    files: example-orders.csv
    key: order_id
    columns: {order_id: text, region: text, ordered_at: timestamp, delivered_at: timestamp}
"""

_ORDERS = """order_id,region,ordered_at,delivered_at
example-01,north,2026-01-05 09:12:00,2026-01-06 11:30:00
example-02,south,2026-01-05 10:40:00,2026-01-07 16:05:00
example-03,north,2026-01-05 15:20:00,2026-01-08 09:45:00
example-04,south,2026-01-06 08:55:00,2026-01-07 12:10:00
example-05,north,2026-01-06 13:30:00,2026-01-08 18:20:00
example-06,south,2026-01-07 09:05:00,2026-01-08 10:15:00
example-07,north,2026-01-07 11:45:00,2026-01-10 14:00:00
example-08,south,2026-01-08 10:00:00,2026-01-09 17:30:00
example-09,north,2026-01-08 16:10:00,2026-01-10 11:25:00
example-10,south,2026-01-09 09:30:00,2026-01-10 13:40:00
example-11,north,2026-01-09 14:50:00,2026-01-11 15:15:00
example-12,south,2026-01-10 10:20:00,
"""

_IGNORE_FILE = ".gitignore"
_IGNORED = """# Made anew by `aspromised refresh`.
.aspromised/
# ledger/ is no such thing: what people signed stands there and cannot be made again. Keep it, here or by
# `aspromised ledger backup`.
"""


def scaffold(root: Path, name: str, timezone: str) -> list[Path]:
    """Write a first workspace into `root` and return its files; a .gitignore that is there already is left as it is.

    MisuseError where the time zone is none; AsPromisedError where a file is there already, OSError where one
    cannot be written: nothing is written then.
    """
    if wrong := unknown_timezone(timezone):
        raise MisuseError(wrong)
    files = {root / path: text for path, text in _files(name, timezone).items()}
    if lexists(root / _IGNORE_FILE):
        del files[root / _IGNORE_FILE]
    for path in files:
        if lexists(path):
            raise AsPromisedError(f"{path} is there already: nothing was written. Choose an empty folder.")
    write_all(files)
    return list(files)


def _files(name: str, timezone: str) -> dict[str, str]:
    return {
        "promises/company.yaml": _EDITORS + _COMPANY.format(name=_quoted(name), timezone=timezone),
        "promises/delivery.yaml": _EDITORS + _PROMISE,
        "data/sources.yaml": _EDITORS + _SOURCES,
        "data/example-orders.csv": _ORDERS,
        SCHEMA_FILE: schema_text(),
        _IGNORE_FILE: _IGNORED,
    }


def _quoted(text: str) -> str:
    """Return text as YAML's single quotes write it, on one line.

    >>> print(_quoted("Anna's"))
    'Anna''s'
    """
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
