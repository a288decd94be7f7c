"""Many readers at once: sessions of the app without a browser, each opening page after page.

`python -m bench.sessions [SESSIONS] [SECONDS]` starts the app on this workspace's snapshot, opens so many sessions over
the wire that browsers use, and prints what a page took, what failed, and how the server's memory went. A session waits a
moment after each page, as a reader does.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from aspromised.app.serve import command
from aspromised.store.snapshot import Snapshot, open_snapshot

PORT = 8597
PATIENCE = 120
"""Seconds after which a page counts as failed."""
THINKING = (1.0, 5.0)
"""Seconds that a reader looks at a page, from and to."""


@dataclass
class Seen:
    """What the sessions saw: seconds a page, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def places(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return pages with what their links say: every page in several months, every claim and promotion opened."""
    months = snapshot.query("select distinct strftime(day, '%Y-%m') as m from verdict_daily order by m desc")[
        "m"
    ][:6]
    promises = snapshot.query("select promise_id as id from promise")["id"]
    promotions = snapshot.query("select promotion_id as id from promotion")["id"]
    pages = [(page, {"month": month}) for page in ("compliance", "gaps", "review") for month in months]
    pages += [("compliance", {"month": month, "promise": each}) for each in promises for month in months[:2]]
    pages += [("gaps", {"month": months[0], "promise": each}) for each in promises]
    pages += [("launches", {"promotion": each}) for each in promotions] + [("launches", {}), ("health", {})]
    return [(page, urlencode(words)) for page, words in pages]


async def reader(number: int, until: float, where: list[tuple[str, str]], seen: Seen) -> None:
    """Open page after page in one session until the time is up."""
    luck = random.Random(number)
    while time.monotonic() < until:
        try:
            async with websockets.connect(
                f"ws://localhost:{PORT}/_stcore/stream",
                subprotocols=["streamlit"],
                max_size=None,
                origin=f"http://localhost:{PORT}",
            ) as wire:
                await _read(wire, luck, until, where, seen)
        except (websockets.ConnectionClosed, TimeoutError) as lost:
            seen.failures.append(f"a session was lost: {lost}")


async def _read(
    wire: websockets.ClientConnection,
    luck: random.Random,
    until: float,
    where: list[tuple[str, str]],
    seen: Seen,
) -> None:
    """Open page after page over one connection."""
    while time.monotonic() < until:
        page, query = luck.choice(where)
        began = time.perf_counter()
        try:
            failure = await asyncio.wait_for(_open(wire, page, query), PATIENCE)
        except TimeoutError:
            failure = "no end"
        seen.seconds.append(time.perf_counter() - began)
        if failure:
            seen.failures.append(f"{page}?{query}: {failure}")
        await asyncio.sleep(luck.uniform(*THINKING))


async def _open(wire: websockets.ClientConnection, page: str, query: str) -> str:
    """Ask for a page and wait for its end; return what it said went wrong."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    await wire.send(asked.SerializeToString())
    failure = ""
    while True:
        told = ForwardMsg()
        told.ParseFromString(await wire.recv())  # type: ignore[arg-type]
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.new_element.HasField("exception"):
            failure = told.delta.new_element.exception.message
        if kind == "script_finished":
            ended = told.script_finished == ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
            if ended or failure:
                return failure


@contextmanager
def server(root: Path) -> Iterator[int]:
    """Serve `root`; give the process id of the server."""
    running = Popen(command(root, PORT), stdout=DEVNULL, stderr=DEVNULL)
    try:
        while True:
            try:
                urlopen(f"http://localhost:{PORT}/_stcore/health", timeout=5).close()
                break
            except (URLError, ConnectionError):
                time.sleep(0.2)
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


async def crowd(sessions: int, seconds: float, pid: int, where: list[tuple[str, str]]) -> None:
    """Let so many readers in for so long, and print what they saw."""
    seen, until, held = Seen(), time.monotonic() + seconds, []
    readers = [asyncio.create_task(reader(number, until, where, seen)) for number in range(sessions)]
    while time.monotonic() < until:
        await asyncio.sleep(seconds / 10)
        held.append(memory(pid))
    await asyncio.gather(*readers)
    cuts = statistics.quantiles(seen.seconds, n=100)
    print(f"| sessions | {sessions} for {seconds:.0f} s |\n|---|---|")
    print(f"| pages shown | {len(seen.seconds):,} |\n| failed | {len(seen.failures)} |")
    print(
        f"| seconds a page, median · p95 · most | {cuts[49]:.2f} · {cuts[94]:.2f} · {max(seen.seconds):.2f} |"
    )
    print(f"| server's memory at each tenth of the time, MB | {' '.join(f'{each:.0f}' for each in held)} |")
    for failure in seen.failures[:5]:
        print(f"  {failure}")


def main() -> None:
    """Run it."""
    given = [int(word) for word in sys.argv[1:3]]
    sessions, seconds = [*given, *(50, 300)[len(given) :]]
    root = Path.cwd()
    with open_snapshot(root) as snapshot:
        where = places(snapshot)
    with server(root) as pid:
        asyncio.run(crowd(sessions, seconds, pid, where))


if __name__ == "__main__":
    main()
