"""Who may reach the app: the browser of this machine, on a page of the app itself.

There is no sign-in, so a request is answered only where it came in on a loopback address, names this machine as its
host (a name that another's DNS points here is refused), and was not made by another site's page. It is checked on
the connection, whatever an environment variable or a `config.toml` says.
"""

import ipaddress
import os
import re
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = "ASPROMISED_DOORS_KEPT_BY"
"""The environment variable that holds the process with a doorkeeper: modules are read anew while one is edited."""
UNSAFE, HOST = "--unsafe-public", "--allow-host"

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\[\]/@\s]+)(:\d{1,5})?")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""What a browser is told: nothing is fetched from elsewhere, and no other site's page may frame, embed or hold ours."""


@dataclass(frozen=True)
class Doors:
    """Whether others than this machine may come in, and by which further names the app may be called."""

    is_public: bool = False
    names: frozenset[str] = frozenset()

    def arguments(self) -> list[str]:
        """Return the words of a command line that say so."""
        named = [word for name in sorted(self.names) for word in (HOST, name)]
        return [*([UNSAFE] if self.is_public else []), *named]

    def refusal(self, scope: Scope) -> str:
        """Return why a request is not answered; "" where it is."""
        headers = list(scope["headers"])
        host = _only(headers, b"host")
        if not self._is_ours(scope.get("server")):
            return "This app has no sign-in and answers only this machine."
        if not self._is_named(host):
            return "This app does not go by that name: open it at localhost."
        if not self._is_own_page(headers, host):
            return "This app answers no other site's pages."
        if not _is_same_site(scope, headers):
            return "This app is not part of other sites' pages."
        return ""

    def _is_ours(self, server: tuple[str, int | None] | None) -> bool:
        """Whether the request came in on an address that only this machine reaches."""
        return self.is_public or bool(server and is_loopback(server[0]))

    def _is_named(self, host: str | None) -> bool:
        """Whether the host is this machine's; an address is never another's name for us."""
        name = _name_in(host)
        if name is None:
            return False
        if name == "localhost" or name in self.names or is_loopback(name):
            return True
        return self.is_public and (_address(name) is not None or name in _machine_names())

    def _is_own_page(self, headers: Iterable[tuple[bytes, bytes]], host: str | None) -> bool:
        """Whether the page that asks, where a browser tells it, is the app's own."""
        if not any(name == b"origin" for name, _ in headers):
            return True
        try:
            origin = urlsplit(_only(headers, b"origin") or "")
        except ValueError:  # no address, such as a bracket that is never closed
            return False
        if origin.scheme not in ("http", "https") or not origin.netloc:
            return False
        return origin.netloc.lower() == (host or "").lower() or origin.hostname in self.names


CLOSED = Doors()


def doors() -> Doors:
    """Return what the command line says, and nothing else does; closed where it says nothing."""
    words = ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    words.add_argument(UNSAFE, dest="is_public", action="store_true")
    words.add_argument(HOST, dest="names", action="append", default=[])
    asked, _ = words.parse_known_args(sys.argv[1:])
    return Doors(asked.is_public, frozenset(map(str.lower, asked.names)))


def is_loopback(address: str) -> bool:
    """Return whether an address or host name is one that only this machine reaches.

    >>> [is_loopback(one) for one in ("localhost", "127.0.0.1", "[::1]", "::ffff:127.0.0.1", "0.0.0.0", "box", "")]
    [True, True, True, True, False, False, False]
    """
    found = _address(address)
    if found is None:
        return address.lower() == "localhost"
    return (getattr(found, "ipv4_mapped", None) or found).is_loopback


class Doorkeeper:
    """Answers a request or says why not, before anything of Streamlit sees it."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app, self.doors = app, doors
        os.environ[_KEPT] = str(os.getpid())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with what its browser is to be told, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif refusal := self.doors.refusal(scope):
            await PlainTextResponse(refusal + "\n", 403)(scope, receive, send)
        else:
            await self.app(scope, receive, _telling(send))


def are_kept() -> bool:
    """Return whether a doorkeeper stands before the pages of this process."""
    return os.environ.get(_KEPT) == str(os.getpid())


def _telling(send: Send) -> Send:
    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(_HEADERS)
        await send(message)

    return tell


def _is_same_site(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether our own page asks, or a person follows a link to a page; browsers say which."""
    if _only(headers, b"sec-fetch-site") in (None, "none", "same-origin"):
        return True
    asked = _only(headers, b"sec-fetch-mode"), _only(headers, b"sec-fetch-dest")
    return scope.get("method") in ("GET", "HEAD") and asked == ("navigate", "document")


def _only(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str | None:
    """Return the value of a header that stands once; None where it is missing, "" where it stands twice."""
    found = [value.decode("latin-1") for name, value in headers if name == wanted]
    return None if not found else found[0] if len(found) == 1 else ""


def _name_in(host: str | None) -> str | None:
    """Return the name in a host header, without its port; None where it is none.

    >>> [_name_in(one) for one in ("LocalHost:8501", "[::1]:80", "a@localhost", "localhost:80:80", "")]
    ['localhost', '[::1]', None, None, None]
    """
    found = _HOST.fullmatch(host or "")
    return found["name"].lower().rstrip(".") if found else None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return None


def _machine_names() -> set[str]:
    return {socket.gethostname().lower(), socket.getfqdn().lower()}
