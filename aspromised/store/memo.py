"""What a snapshot was asked, remembered: it never changes, so an answer holds for every reader until it is let go."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Values by key, computed once however many threads ask; the least recently used go when `most` is reached.

    `size_of` measures a value in the unit of `most` (bytes, say). A value larger than `most` is handed out
    and not kept. A computation that raises is not remembered.

    >>> memo = Memo(most=2, size_of=len)
    >>> memo.get("a", lambda: "x"), memo.get("a", lambda: "never computed")
    ('x', 'x')
    >>> memo.get("b", lambda: "yy"), memo.get("a", lambda: "computed again")
    ('yy', 'computed again')
    """

    def __init__(self, most: int, size_of: Callable[[Value], int]) -> None:
        self.most = most
        self.size = 0
        self.computed = 0
        """How many values were computed so far."""
        self._size_of = size_of
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._turns: dict[Hashable, tuple[Lock, int]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """Return the value of `key`, computed by `compute` where it is not remembered."""
        found = self.look_up(key)
        if found is not None:
            return found
        with self.turn(key):
            found = self.look_up(key)
            if found is None:
                found = compute()
                self.keep(key, found)
            return found

    def look_up(self, key: Hashable) -> Value | None:
        """Return the value remembered for `key`, None where there is none."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """Wait until no other thread is in its turn of the same `key`."""
        with self._lock:
            turn, waiting = self._turns.get(key, (Lock(), 0))
            self._turns[key] = turn, waiting + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, waiting = self._turns.pop(key)
                if waiting > 1:
                    self._turns[key] = turn, waiting - 1

    def forget(self, is_stale: Callable[[Hashable], bool]) -> None:
        """Let go of every value whose key `is_stale`."""
        with self._lock:
            for key in [key for key in self._kept if is_stale(key)]:
                self.size -= self._kept.pop(key)[1]

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, key: Hashable, value: Value) -> None:
        """Remember a computed value; one already remembered for `key` gives way."""
        size = self._size_of(value)
        with self._lock:
            self.computed += 1
            self.size -= self._kept.pop(key, (value, 0))[1]
            if size > self.most:
                return
            self._kept[key] = (value, size)
            self.size += size
            while self.size > self.most:
                _, (_, freed) = self._kept.popitem(last=False)
                self.size -= freed
