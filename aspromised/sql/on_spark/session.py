"""Spark as the engine that judges: reached by Spark Connect (sc://host:port), or as the driver of a cluster (spark://host:port).

The only module that knows its client. SQL comes from `sql.on_spark.rendering`; rows go there and come back as Arrow tables.
"""

import logging
import os
import shutil
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Thread, Timer, current_thread, main_thread
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from aspromised.sql.dialects.spark import SETTINGS
from aspromised.sql.limits import SECONDS_VARIABLE
from aspromised.words.problems import AsPromisedError

_PORTS = {"sc": 15002, "spark": 7077}
_ANSWERS_WITHIN = 10
"""Seconds in which a server has to take a call."""


_CAUSE = "Caused by: "


class SparkError(AsPromisedError):
    """What Spark could not do, in a sentence."""


class SparkGoneError(SparkError):
    """Spark cannot be reached, or no longer."""


@dataclass(frozen=True)
class Spark:
    """A session. `shown` is where it is, without what its address may tell in secret."""

    session: Any
    shown: str
    seconds: int

    @property
    def version(self) -> str:
        """Which Spark answers."""
        return f"spark {self.session.version}"

    def create(self, name: str, sql: str) -> None:
        """Keep a query under a name, for this session."""
        with self._asking():
            self.session.sql(sql).createOrReplaceTempView(name)

    def register(self, name: str, rows: pa.Table) -> None:
        """Let SQL read an Arrow table under a name."""
        with self._asking():
            self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def read(self, name: str, place: str) -> dict[str, str]:
        """Let SQL read parquet, or a table, under a name; return its columns, each with its type in our words, "" for one of no kind of ours."""
        with self._asking():
            reader = self.session.read.option("mergeSchema", "true")
            found = reader.parquet(place) if "/" in place else self.session.table(place)
            columns = {field.name: _type_here(field.dataType.simpleString()) for field in found.schema.fields}
            found.createOrReplaceTempView(name)
        if not columns:
            raise SparkError(f"there is nothing to read at {place}")
        return columns

    def rows(self, sql: str) -> pa.Table:
        """Return the rows of a query."""
        with self._asking():
            found: pa.Table = self.session.sql(sql).toArrow()
            return found

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Stop what takes too long, or is broken off; raise SparkError with what Spark says."""
        limit = Timer(self.seconds, self._interrupt)
        limit.daemon = True
        limit.start()
        try:
            yield
        except KeyboardInterrupt:
            self._interrupt()
            raise
        except Exception as error:
            if _is_broken_off(error):
                self._interrupt()
                raise KeyboardInterrupt from error
            if not self._is_there():
                raise SparkGoneError(
                    f"spark at {self.shown} does not answer any more: {_said(error)}"
                ) from error
            if not limit.is_alive():
                raise SparkError(
                    f"it took longer than it may: make it simpler, or give it more seconds with {SECONDS_VARIABLE}"
                ) from error
            raise SparkError(_said(error)) from error
        finally:
            limit.cancel()

    def _interrupt(self) -> None:
        with suppress(Exception):
            if self.shown.startswith(
                "spark:"
            ):  # the whole of an application that is ours; by session it forgets what is fetched
                self.session.sparkContext.cancelAllJobs()
            else:
                self.session.interruptAll()

    def _is_there(self) -> bool:
        try:
            _call(self.shown)
            return bool(self.session.sql("select 1").collect())
        except Exception:
            return False


@contextmanager
def connected(url: str, seconds: int = 600) -> Iterator[Spark]:
    """Give a session at an address; SparkGoneError says in one sentence why there is none."""
    shown = refuse_address(url)
    _refuse_without_client(shown)
    _call(shown)
    on_ctrl_c = signal.getsignal(signal.SIGINT)
    spark = Spark(_session(url, shown), shown, seconds)
    try:
        with _ctrl_c_ends_jobs(spark, on_ctrl_c):
            yield spark
    finally:
        with suppress(Exception):
            spark.session.stop()


@contextmanager
def _ctrl_c_ends_jobs(spark: Spark, before: Any) -> Iterator[None]:
    """Let Ctrl-C end what a driver asks, then be what it was: the client's own handler asks on the connection that is waiting, and fails."""
    if not spark.shown.startswith("spark:") or current_thread() is not main_thread():
        yield
        return

    def end(number: int, frame: Any) -> None:
        Thread(target=spark._interrupt, daemon=True).start()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def refuse_address(url: str) -> str:
    """Return an address as it may be shown, without what follows its port; SparkError where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise SparkError(
            f"'{url}' is no address of spark: write sc://host:15002 (Spark Connect) or spark://host:7077 (a cluster)"
        )
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise SparkError(f"'{parts.scheme}://{parts.hostname}:…' has a port that is no number") from None
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _refuse_without_client(shown: str) -> None:
    if find_spec("pyspark") is None:
        raise SparkGoneError(
            "spark is asked for, and its client is not installed: pip install 'aspromised[spark]'"
        )
    if not shown.startswith("spark:"):
        return
    if find_spec("py4j") is None:
        raise SparkGoneError(
            f"{shown} is a cluster's own address, which takes the whole of pyspark: pip install pyspark in place of"
            " pyspark-client, or give the address of its Spark Connect server, sc://host:15002"
        )
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        raise SparkGoneError(
            f"{shown} is a cluster's own address, which takes Java here too, and there is none: install a Java 17 runtime,"
            " or give the address of its Spark Connect server, sc://host:15002"
        )


def _call(shown: str) -> None:
    parts = urlsplit(shown)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), _ANSWERS_WITHIN).close()
    except OSError as error:
        why = error.strerror or str(error) or "no answer"
        raise SparkGoneError(
            f"no spark answers at {shown} ({why}): start it, or mend the address in `engine:`"
        ) from error


def _session(url: str, shown: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        try:
            start = SparkSession.builder.appName("aspromised")
            builder = start.remote(url) if url.startswith("sc:") else start.master(url)
            for key, value in SETTINGS.items():
                builder = builder.config(key, value)
            logging.getLogger().addFilter(_is_no_broken_call)
            with _java_is_quiet():
                session = builder.getOrCreate()
            for key, value in SETTINGS.items():
                session.conf.set(key, value)
            session.sql("select 1").collect()
        except Exception as error:
            raise SparkGoneError(f"spark at {shown} gives no session: {_said(error)}") from error
    return session


def _is_no_broken_call(record: logging.LogRecord) -> bool:
    """Return whether a record is to be logged: the client logs tracebacks of calls that were broken off, and raises them as well."""
    return "while sending command" not in str(record.msg)


@contextmanager
def _java_is_quiet() -> Iterator[None]:
    """Let the Java process that is started in this block write nothing into what the command says, for as long as it lives."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    kept = [os.dup(each) for each in (1, 2)]
    try:
        sys.stdout.flush()
        for each in (1, 2):
            os.dup2(nowhere, each)
        yield
    finally:
        for each, was in zip((1, 2), kept, strict=True):
            os.dup2(was, each)
        for each in (nowhere, *kept):
            os.close(each)


def _is_broken_off(error: BaseException | None) -> bool:
    """Return whether Ctrl-C came before the error: the client waits for its job once more then, and tells how that failed instead."""
    return error is not None and (isinstance(error, KeyboardInterrupt) or _is_broken_off(error.__context__))


def _type_here(kind: str) -> str:
    """Return what DuckDB calls a type of Spark's.

    >>> _type_here("decimal(10,2)"), _type_here("timestamp"), _type_here("map<string,int>")
    ('DECIMAL(10,2)', 'TIMESTAMP WITH TIME ZONE', '')
    """
    if kind.startswith("decimal("):
        return kind.upper()
    return "VARCHAR" if kind.startswith(("varchar(", "char(")) else _TYPES.get(kind, "")


_TYPES = {
    "string": "VARCHAR", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "TIMESTAMP WITH TIME ZONE", "timestamp_ntz": "TIMESTAMP",
    "tinyint": "TINYINT", "smallint": "SMALLINT", "int": "INTEGER", "bigint": "BIGINT", "float": "FLOAT", "double": "DOUBLE",
}  # fmt: skip


def _said(error: Exception) -> str:
    """Return what Spark says in one line: of a chain of Java's exceptions the first cause."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix(_CAUSE) for line in lines if line.startswith(_CAUSE)]
    told = causes[-1:] or lines[:1] or [type(error).__name__]
    return told[0][:300]
