"""A standalone Spark cluster on loopback, for as long as a block: one master, two workers and a Spark Connect server.

`python -m bench.cluster` keeps one until it is told to stop. It takes the whole of pyspark and a Java runtime: `make spark` sees to both.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from aspromised.declare.held_folder import held_folder
from aspromised.words.problems import AsPromisedError

HOST = "127.0.0.1"
WORKERS = 2
STARTS_WITHIN = 300
"""Seconds in which a part has to answer: on a busy machine a Java process takes half a minute."""

_DAEMON = "org.apache.spark.deploy"
_CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
_WORKER = ("--cores", "2", "--memory", "2g")
"""What a worker has: room for two applications, the Spark Connect server's and one of a driver's own."""

SETTINGS = {
    "spark.cores.max": "2",
    "spark.driver.bindAddress": HOST,
    "spark.driver.host": HOST,
    "spark.driver.extraJavaOptions": "-XX:+ExitOnOutOfMemoryError",
    "spark.driver.memory": "2g",
    "spark.executor.cores": "1",
    "spark.executor.memory": "1g",
    "spark.master.rest.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What an application may take there: a core and 1 GB of each worker."""

_LOGGED = f"""
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{{HH:mm:ss}} %p %c{{1}}: %m%n
logger.master.name = {_DAEMON}.master
logger.master.level = info
logger.worker.name = {_DAEMON}.worker
logger.worker.level = info
"""


Part = subprocess.Popen[bytes]


@dataclass
class Cluster:
    """What was started, and where it answers."""

    folder: Path
    home: Path
    master: str = ""
    connect: str = ""
    workers: list[Part] = field(default_factory=list)
    started: list[Part] = field(default_factory=list)

    def start_master(self) -> None:
        """Start the master."""
        port = free_port()
        self._start_daemon("master", "master.Master", ["--port", str(port)], "I have been elected leader")
        self.master = f"spark://{HOST}:{port}"

    def start_worker(self) -> None:
        """Start one more worker."""
        name = f"worker-{len(self.workers) + 1}"
        words = [*_WORKER, "--work-dir", str(self.folder / name), self.master]
        self.workers.append(
            self._start_daemon(name, "worker.Worker", words, "Successfully registered with master")
        )

    def start_connect(self) -> None:
        """Start a Spark Connect server, as an application of this cluster."""
        port = free_port()
        settings = {"spark.connect.grpc.binding.port": str(port), "spark.connect.grpc.binding.address": HOST}
        words = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        submit = [
            str(self.home / "bin/spark-submit"),
            "--class",
            _CONNECT,
            "--master",
            self.master,
            "--driver-memory",
            "3g",
        ]
        self._start("connect", [*submit, *words, "spark-internal"], lambda _: _answers(port))
        self.connect = f"sc://{HOST}:{port}"

    def _start_daemon(self, name: str, what: str, words: list[str], says: str) -> Part:
        command = [
            str(self.home / "bin/spark-class"),
            f"{_DAEMON}.{what}",
            "--host",
            HOST,
            "--webui-port",
            "0",
        ]
        return self._start(name, [*command, *words], lambda log: says in log, {"SPARK_DAEMON_MEMORY": "256m"})

    def _start(
        self,
        name: str,
        words: list[str],
        is_ready: Callable[[str], bool],
        environment: Mapping[str, str] | None = None,
    ) -> Part:
        """Start a part in a group of its own, and wait until it is ready."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as out:
            part = subprocess.Popen(
                words,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                cwd=self.folder,
            )
        self.started.append(part)
        until = time.monotonic() + STARTS_WITHIN
        while not is_ready(log.read_text(errors="replace")):
            if part.poll() is not None or time.monotonic() > until:
                raise AsPromisedError(
                    f"the cluster's {name} did not start: {_why(log.read_text(errors='replace'))}"
                )
            time.sleep(0.2)
        return part

    def stop(self) -> None:
        """Stop everything that was started."""
        for part in reversed(self.started):
            _send(part, signal.SIGTERM)
        for part in reversed(self.started):
            with suppress(subprocess.TimeoutExpired):
                part.wait(10)
            kill(part)


def _why(log: str) -> str:
    """Return the line of a log that tells of a failure, or its last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it said nothing"]
    return next((line for line in lines if "Exception" in line), lines[-1])


def kill(part: Part) -> None:
    """Kill a part and all that it started, at once."""
    _send(part, signal.SIGKILL)
    part.wait()


def _send(part: Part, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(part.pid, what)


@contextmanager
def cluster(has_connect: bool = True) -> Iterator[Cluster]:
    """Give a cluster, and let what this process starts be a driver there; stop it after, whatever happens."""
    home = whole_of_pyspark()
    with held_folder() as folder:
        settings = SETTINGS | {
            "spark.local.dir": str(folder / "local"),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        (folder / "spark-defaults.conf").write_text(
            "".join(f"{name} {value}\n" for name, value in settings.items())
        )
        (folder / "log4j2.properties").write_text(_LOGGED)
        environment = {"SPARK_HOME": str(home), "SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": HOST}
        made = Cluster(folder, home)
        with patch.dict(os.environ, environment), _stopped_by_a_signal():
            try:
                made.start_master()
                for _ in range(WORKERS):
                    made.start_worker()
                if has_connect:
                    made.start_connect()
                yield made
            finally:
                made.stop()


def whole_of_pyspark() -> Path:
    """Return where pyspark is, with its Java part; AsPromisedError where it or Java is missing."""
    found = find_spec("pyspark")
    home = Path(found.origin).parent if found and found.origin else Path()
    if not (home / "jars").is_dir():
        raise AsPromisedError("a cluster takes the whole of pyspark, and there is none: run `make spark`")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        raise AsPromisedError("a cluster takes Java 17 or later, and there is none: run `make spark`")
    return home


@contextmanager
def _stopped_by_a_signal() -> Iterator[None]:
    """Let a request to end come as Ctrl-C does, so that what was started is stopped."""

    def end(number: int, frame: FrameType | None) -> None:
        as_ctrl_c = signal.getsignal(signal.SIGINT)
        if callable(as_ctrl_c):
            as_ctrl_c(
                signal.SIGINT, frame
            )  # a driver of Spark's has put its own there, which ends what is asked first
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection((HOST, port), 1).close()
        return True
    return False


def main() -> int:
    """Keep a cluster until told to stop, and tell its addresses."""
    try:
        with cluster() as made:
            print(f"{made.master}\n{made.connect}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except AsPromisedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
