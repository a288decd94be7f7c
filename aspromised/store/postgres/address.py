"""Where a PostgreSQL database is: its URL from the environment, shown without what is secret in it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from aspromised.store.formats.raw import SourceProblem

SHAPE = "postgresql://user:password@host:5432/database"

_HOSTS = re.compile(r"[\w.%-]*(:\d+)?(,[\w.%-]+(:\d+)?)*|\[[0-9a-fA-F:.]+\](:\d+)?")
_LEAST_SECRET = 3
"""A shorter secret is not looked for in messages: it would be found in every word."""


@dataclass(frozen=True)
class Address:
    """A database and how to reach it; only `hosts` and `database` are ever shown."""

    variable: str
    hosts: str
    database: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    settings: tuple[tuple[str, str], ...] = field(repr=False, default=())

    def __str__(self) -> str:
        return f"{self.hosts or 'localhost'}/{self.database}".rstrip("/")

    def uri(self, options: str, defaults: Mapping[str, str]) -> str:
        """Return the URL with the server's `options` after its own, and settings where it gives none."""
        given = dict(self.settings)
        settings = {**defaults, **given, "options": f"{given.get('options', '')} {options}".strip()}
        who = quote(self.user, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        asked = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in settings.items())
        return f"postgresql://{who + '@' if who else ''}{self.hosts}/{quote(self.database, safe='')}?{asked}"

    def censored(self, said: str) -> str:
        """Return a message without the password and other settings' values, however they are written."""
        secrets = [self.password, *(value for key, value in self.settings if key != "sslmode")]
        for secret in secrets:
            for written in {secret, quote(secret, safe="")}:
                if len(written) >= _LEAST_SECRET:
                    said = said.replace(written, "…")
        return said


def from_environment(variable: str) -> Address:
    """Return the address that an environment variable holds; SourceProblem where there is none.

    No part of what cannot be read is told: it may be a piece of the password.
    """
    text = os.environ.get(variable, "").strip()
    if not text:
        raise SourceProblem(f"{variable} is not set: set it to the database's address, as in {SHAPE}")
    try:
        parts = urlsplit(text)
        who, _, hosts = parts.netloc.rpartition("@")
    except ValueError:
        raise _unreadable(variable) from None
    scheme = parts.scheme.partition("+")[0]
    beyond = parts.path + parts.query
    if (
        scheme not in ("postgres", "postgresql")
        or not _HOSTS.fullmatch(hosts)
        or "@" in beyond
        or "#" in text
    ):
        raise _unreadable(variable)
    user, _, password = who.partition(":")
    settings = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Address(
        variable, hosts, unquote(parts.path.lstrip("/")), unquote(user), unquote(password), settings
    )


def _unreadable(variable: str) -> SourceProblem:
    return SourceProblem(
        f"{variable} does not hold a PostgreSQL address: write it as {SHAPE}, and signs such as @ : / ? # %"
        " in the password as %40 %3A %2F %3F %23 %25"
    )
