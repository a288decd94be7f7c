"""Writes the demo company's YAML: templates with named dates, filled from the one table of anchors."""

import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import yaml

from aspromised.demo.anchors import Anchors, in_words
from aspromised.words.whole import write_all

SCHEMA_LINE = "# yaml-language-server: $schema=../aspromised.schema.json\n"
INVENTED_LINE = "# Fernway Home is an invented company: every name, number and story here is made up.\n"
_DIGEST = re.compile(r"^# Written by `aspromised demo`; text ([0-9a-f]{12})\..*\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{([a-z0-9-]+)\}\}")


def filled(template: str, at: Anchors) -> str:
    """Return the template with each {{anchor}} replaced by its date; KeyError names an unknown anchor.

    >>> from datetime import date
    >>> filled("on: {{storm-from}}", {"storm-from": date(2026, 1, 12)})
    'on: 2026-01-12'
    """
    return _PLACEHOLDER.sub(lambda match: in_words(at[match[1]]), template)


def declarations(at: Anchors) -> dict[str, str]:
    """Return each YAML file's path under the workspace with its text."""
    folder = files("aspromised.demo") / "promises"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    texts = {f"promises/{name}": (folder / name).read_text("utf-8") for name in names}
    texts["data/sources.yaml"] = (files("aspromised.demo") / "sources.yaml").read_text("utf-8")
    return {path: with_signature(filled(text, at)) for path, text in texts.items()}


@lru_cache(maxsize=1)
def targets() -> dict[str, tuple[float, int]]:
    """Return each promise's current target and the items below which there are too few, as its template says."""
    found: dict[str, tuple[float, int]] = {}
    for entry in (files("aspromised.demo") / "promises").iterdir():
        text = (
            _PLACEHOLDER.sub("2000-01-01", entry.read_text("utf-8")) if entry.name.endswith(".yaml") else ""
        )
        for name, promise in ((yaml.safe_load(text) or {}).get("promises") or {}).items():
            found[name] = (float(promise["target"].rstrip("%")) / 100, promise.get("at_least", 30))
    return found


def with_signature(body: str) -> str:
    """Return a file's text: the schema line, the label, and a digest that tells later edits."""
    digest = _digest(body)
    note = f"# Written by `aspromised demo`; text {digest}. Once edited it is yours, and is left alone.\n"
    return f"{SCHEMA_LINE}{INVENTED_LINE}{note}{body}"


def edited(text: str) -> bool:
    """Return whether someone changed `text` since it was written here (or wrote it themselves)."""
    match = _DIGEST.search(text)
    return (
        match is None
        or _digest(text[match.end() :]) != match[1]
        or text[: match.start()] != SCHEMA_LINE + INVENTED_LINE
    )


def write_declarations(root: Path, at: Anchors) -> tuple[list[Path], list[Path]]:
    """Write the YAML and return the files written and the edited ones that were left as they are."""
    written: dict[Path, str] = {}
    kept = []
    for name, text in declarations(at).items():
        path = root / name
        if path.exists() and edited(path.read_text("utf-8")):
            kept.append(path)
            continue
        written[path] = text
    write_all(written)
    return list(written), kept


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:12]
