"""Several writers at once, and writers that are killed: nothing acknowledged is lost, in either database."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aspromised.store.ledger import LedgerBook, open_ledger
from tests.patience import PATIENCE


def writer(home: Path, name: str, times: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.store.ledger.write_many", str(home), name, str(times)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_writing_at_once_lose_nothing_from_the_very_first_event_on(
    ledger: LedgerBook, home: Path
) -> None:
    running = [writer(home, name, 200) for name in ("left", "right")]
    told = [process.communicate(timeout=PATIENCE) for process in running]
    assert [error for _, error in told] == ["", ""]
    ids = [int(line) for out, _ in told for line in out.split()]
    assert sorted(ids) == list(range(1, 401))
    for name in ("left", "right"):
        assert [event.body["n"] for event in ledger.events(subject=name)] == list(range(200))
    state = ledger.verify()
    assert (state.events, state.problem) == (400, None)


def test_threads_of_one_ledger_and_of_their_own_lose_nothing(ledger: LedgerBook, home: Path) -> None:
    def write(n: int) -> int:
        if n % 2:
            return ledger.append("note", "s", {"n": n}, "Ann").id
        with open_ledger(home) as own:
            return own.append("note", "s", {"n": n}, "Bob").id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(write, range(60)))
    assert sorted(ids) == list(range(1, 61))
    assert sorted(event.body["n"] for event in ledger.events()) == list(range(60))
    assert ledger.verify().problem is None


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(ledger: LedgerBook, home: Path) -> None:
    acknowledged = 0
    for _ in range(3):
        process = writer(home, "killed", 100_000)
        assert process.stdout
        ids = [int(process.stdout.readline()) for _ in range(25)]
        process.send_signal(signal.SIGKILL)
        ids += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        process.wait()
        acknowledged = max(ids)
        state = ledger.verify()
        assert state.problem is None
        assert acknowledged <= state.events <= acknowledged + 1
        assert ledger.append("note", "after", {}, "Ann").id == state.events + 1
    assert {event.id for event in ledger.events()} == set(range(1, ledger.verify().events + 1))


def test_readers_are_not_kept_waiting_by_a_writer(ledger: LedgerBook, home: Path) -> None:
    ledger.append("note", "s", {}, "Ann")
    process = writer(home, "busy", 100_000)
    try:
        assert process.stdout
        process.stdout.readline()
        seen = [len(ledger.events()) for _ in range(20)]
        assert seen == sorted(seen) and seen[0] >= 2
    finally:
        process.kill()
        process.communicate()
