"""Claims on one subject that say different lengths in different places."""

from collections.abc import Iterator

from aspromised.declare.model import ClockMeasure, Promise
from aspromised.declare.rules.clock import limit_key, limit_words
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.words.problems import Problem


def check_claims(workspace: Workspace) -> Iterator[Problem]:
    """Yield a warning for each promise that says otherwise than one before it on the same subject."""
    before: dict[str, list[str]] = {}
    for name, promise in workspace.promises.items():
        if promise.subject is None or _says(promise) is None:
            continue
        earlier = before.setdefault(promise.subject, [])
        other = next((each for each in earlier if _contradict(workspace.promises[each], promise)), None)
        if other is not None:
            message = _words(promise, other, workspace.promises[other])
            yield workspace.problem("said-differently", message, _where(promise, name), severity="warning")
        earlier.append(name)


def _now(promise: Promise) -> ClockMeasure | None:
    measure = promise.standings()[-1].measure
    return measure if isinstance(measure, ClockMeasure) else None


def _says(promise: Promise) -> str | None:
    measure = _now(promise)
    return limit_words(measure) if measure else None


def _contradict(one: Promise, other: Promise) -> bool:
    return _says(one) != _says(other) and set(one.said_in) != set(other.said_in)


def _words(promise: Promise, other: str, before: Promise) -> str:
    return (
        f"{promise.subject} is said differently: {_in(promise)} '{_says(promise)}',"
        f" {_in(before)} '{_says(before)}' (promise '{other}')"
    )


def _in(promise: Promise) -> str:
    return f"in {', '.join(promise.said_in)}" if promise.said_in else "elsewhere"


def _where(promise: Promise, name: str) -> KeyPath:
    measure = _now(promise)
    key = limit_key(measure) if measure else None
    latest = max(range(len(promise.versions)), key=lambda n: promise.versions[n].from_, default=None)
    if latest is not None and key and getattr(promise.versions[latest], key) is not None:
        return ("promises", name, "versions", latest, key)
    return ("promises", name, "measure", key or "")
