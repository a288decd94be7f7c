"""The options of a PostgreSQL URL as libpq knows them, for a driver in Python; and what keeps a server from answering."""

import ssl
from collections.abc import Mapping
from typing import Any

from sqlalchemy import URL

from aspromised.words.problems import AsPromisedError, did_you_mean

CONNECT_SECONDS = 10
"""How long a server may take to answer, unless `connect_timeout` says otherwise."""

_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_FILES = ("sslrootcert", "sslcert", "sslkey")
_OPTIONS = ("sslmode", *_FILES, "connect_timeout", "application_name", "options")
_MENDS = {
    "password authentication failed": "the password or the user is not the right one: set {variable} anew",
    "password authentication requires": "it asks for a password, and there is none in {variable}: set it anew",
    "server is requesting": "it asks for a password, and there is none in {variable}: set it anew",
    "does not exist": "it has no such user or database: check both in {variable}",
    "pg_hba.conf": "it lets nobody in from here with this user: ask who runs it, or check `sslmode` in {variable}",
    "name or service not known": "there is no such host: check the host in {variable}, and the network",
    "name resolution": "there is no such host: check the host in {variable}, and the network",
    "no address associated": "there is no such host: check the host in {variable}, and the network",
    "label": "there is no such host: check the host in {variable}",
    "connection refused": "nothing answers there: check that the server runs, and the host and port in {variable}",
    "timed out": "nothing answers there in time: check the host and port in {variable}, and the firewall",
    "unreachable": "there is no way to it from here: check the host in {variable}, and the network",
    "server refuses ssl": "it speaks without TLS only: remove `sslmode` from {variable}, or ask who runs it",
    "hostname mismatch": "its certificate is of another host: check the host in {variable}, or use sslmode=verify-ca",
    "certificate verify failed": "its certificate is of no authority known here: name its file as `sslrootcert` in {variable}",
    "database or disk is full": "the disk is full: free some space on it, and run it again",
    "disk i/o error": "the disk takes no more there: free some space, or raise the limit on file sizes (`ulimit -f unlimited`), and run it again",
    "readonly database": "it can only be read: take or ask for the right to write it",
    "unable to open database file": "it cannot be opened: take or ask for the right to its folder",
}


def mend(said: str, variable: str) -> str:
    """Return how to mend what a database said in reply, "" where only its own words can tell."""
    low = said.lower()
    return next((words.format(variable=variable) for sign, words in _MENDS.items() if sign in low), "")


def for_the_driver(url: URL, variable: str) -> tuple[URL, dict[str, Any]]:
    """Return a URL without its options, and what they mean to pg8000; AsPromisedError names one that means nothing."""
    given = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    for name in given:
        if name not in _OPTIONS:
            near = did_you_mean(name, _OPTIONS) or f" Known are {', '.join(_OPTIONS)}."
            raise AsPromisedError(f"{variable} gives '{name}', which is not known here: leave it out.{near}")
    arguments: dict[str, Any] = {"timeout": _seconds(given, variable)}
    if "application_name" in given:
        arguments["application_name"] = given["application_name"]
    if "options" in given:
        arguments["startup_params"] = {"options": given["options"]}
    if context := _security(given, variable):
        arguments["ssl_context"] = context
    return url.set(query={}), arguments


def _seconds(given: Mapping[str, str], variable: str) -> int:
    text = given.get("connect_timeout", str(CONNECT_SECONDS))
    if not text.isdecimal() or len(text) > 6:
        raise AsPromisedError(
            f"{variable} gives a connect_timeout that is no number of seconds: write it as 10"
        )
    return int(text) or CONNECT_SECONDS


def _security(given: Mapping[str, str], variable: str) -> ssl.SSLContext | None:
    """Return how to secure the connection, as libpq would; with an authority's file it is always checked."""
    mode = given.get("sslmode", "verify-ca" if "sslrootcert" in given else "disable")
    if mode not in _MODES:
        raise AsPromisedError(
            f"{variable} gives an sslmode that is not known: write one of {', '.join(_MODES)}"
        )
    if mode in ("disable", "allow", "prefer"):
        return None
    try:
        root = given.get("sslrootcert")
        context = ssl.create_default_context(cafile=None if root == "system" else root)
        if "sslcert" in given:
            context.load_cert_chain(given["sslcert"], given.get("sslkey"))
    except (OSError, ValueError):
        named = " and ".join(name for name in _FILES if name in given)
        raise AsPromisedError(
            f"{variable}: {named} cannot be read as certificates (PEM): check the path"
        ) from None
    context.check_hostname = mode == "verify-full"
    if mode == "require" and root is None:
        context.verify_mode = ssl.CERT_NONE
    return context
