"""Sources: one place to read from, inside the data folder; keys, formats, and secrets kept out of files."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from aspromised.declare.model import Source
from aspromised.declare.rules.timezones import unknown_timezone
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.lengths import EXACT_SECONDS
from aspromised.words.problems import Problem

_FORMAT_LETTERS = frozenset("aAbBcdfgGHIjmMnpSuUVwWxXyYzZ%")
_ENVIRONMENT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_sources(workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with the sources and connections."""
    for name, source in workspace.sources.items():
        at = ("sources", name)
        yield from _origin(workspace, source, at)
        yield from _files(workspace, source, at)
        yield from _there(workspace, source, at)
        yield from _keys(workspace, source, at)
        yield from _formats(workspace, source, at)
        yield from _signs(workspace, source, at)
    for name, connection in workspace.connections.items():
        if not _ENVIRONMENT_NAME.fullmatch(connection.url_env):
            message = "'url_env' is the name of an environment variable, never the address itself"
            problem = workspace.problem("connection", message, ("connections", name, "url_env"))
            yield replace(problem, frame="")  # the line may hold a password
        longest = connection.longest
        if longest.unit not in EXACT_SECONDS or not longest.amount:
            message = f"'{longest}' is not how long to wait: write it as in '10 minutes'"
            yield workspace.problem("connection", message, ("connections", name, "time_out"))


def _origin(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    origins = [key for key in ("files", "connection", "sql", "spark") if getattr(source, key) is not None]
    if source.query is not None and source.connection is None:
        message = "a 'query' needs its 'connection'; a query over other sources is 'sql'"
        yield workspace.problem_at_key("source", message, (*at, "query"))
    elif not origins:
        message = "where it is read from is not told: give files, connection and query, sql, or spark"
        yield workspace.problem("source", message, at)
    if source.connection is not None and source.query is None:
        yield workspace.problem_at_key("source", "a 'connection' needs a 'query'", (*at, "connection"))
    for second in origins[1:]:
        message = f"'{origins[0]}' is given already: a source is read from one place"
        yield workspace.problem_at_key("source", message, (*at, second))


def _files(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    if source.files is None:
        return
    text = source.files
    outside = PurePosixPath(text).is_absolute() or PureWindowsPath(text).drive or text.startswith(("~", "\\"))
    if not text.strip():
        yield workspace.problem("files", "'files' names no file", (*at, "files"))
    elif outside or "://" in text or ".." in re.split(r"[/\\]", text):
        message = f"'{text}' leaves the data folder: write a path relative to data/"
        yield workspace.problem("files", message, (*at, "files"))


def _there(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    """Yield what is wrong with a source that Spark reads itself."""
    if source.spark is None:
        return
    if workspace.engine is None:
        message = (
            "it is read by spark, and none is named: write engine: {spark: sc://host:15002} beside company:"
        )
        yield workspace.problem_at_key("source", message, (*at, "spark"))
    if not is_there(source.spark):
        message = (
            "'spark' names neither parquet as the cluster sees it (/data/orders/, s3a://lake/orders/) nor a table of its"
            " catalog (lake.orders); credentials are the cluster's to hold"
        )
        yield replace(workspace.problem("source", message, (*at, "spark")), frame="")
    for key in ("timestamp_format", "date_format", "decimal", "thousands"):
        if key in source.model_fields_set:
            message = f"'{key}' tells how text is read, and spark reads typed columns as they stand"
            yield workspace.problem_at_key("source", message, (*at, key))


def is_there(place: str) -> bool:
    """Return whether a place is one that Spark may be told to read: a path or a URL without a password, or a table.

    >>> [is_there(each) for each in ("/data/orders/*.parquet", "abfss://lake@host/orders", "lake.orders", "s3a://me:secret@lake/x", "orders/")]
    [True, True, True, False, False]
    """
    return bool(_PATH.fullmatch(place) or _TABLE.fullmatch(place))


_PATH = re.compile(r"([a-z][a-z0-9+.-]*://[^/:@\s]+(@[^/@\s]+)?)?/[^\n]*")
_TABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,3}")


def _keys(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    if source.latest_by is not None and source.key is None:
        message = "'latest_by' needs a 'key': the latest row of what?"
        yield workspace.problem_at_key("source", message, (*at, "latest_by"))


def _formats(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    if source.timezone is not None and (wrong := unknown_timezone(source.timezone)):
        yield workspace.problem("timezone", wrong, (*at, "timezone"))
    for name in ("timestamp_format", "date_format"):
        wrong = _format_fault(getattr(source, name))
        if wrong:
            yield workspace.problem("format", wrong, (*at, name))


def _signs(workspace: Workspace, source: Source, at: KeyPath) -> Iterator[Problem]:
    if source.thousands == source.decimal:
        sign, other = source.decimal, "," if source.decimal == "." else "."
        message = f"'{sign}' cannot part thousands and be the decimal sign as well: with `decimal: '{other}'` it may"
        yield workspace.problem("format", message, (*at, "thousands"))


def _format_fault(text: str | None) -> str | None:
    if text is None:
        return None
    letters = re.findall(r"%-?(.?)", text)
    if not letters:
        return f"'{text}' is not a format: write it as in '%d/%m/%Y %H:%M'"
    odd = next((letter for letter in letters if letter not in _FORMAT_LETTERS), None)
    return None if odd is None else f"'%{odd}' is not known in a format: write it as in '%d/%m/%Y %H:%M'"
