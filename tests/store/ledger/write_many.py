"""Write events until told to stop: python -m tests.store.ledger.write_many ROOT NAME TIMES; prints each id once it is on disk."""

import sys
from pathlib import Path

from aspromised.store.ledger import open_ledger

if __name__ == "__main__":
    root, name, times = sys.argv[1:]
    with open_ledger(Path(root)) as ledger:
        for n in range(int(times)):
            print(ledger.append("note", name, {"n": n}, name).id, flush=True)
