"""`aspromised diff` as a comment on a pull request: a table of what changed, its details folded away."""

from aspromised.analyse.what_if import Effect
from aspromised.cli.declared.diffed import Diffed, as_of_words, bare_words, effect_words, summary
from aspromised.declare.diff import Difference
from aspromised.words.figures import percent
from aspromised.words.text import comment as text

_MARK = "<!-- aspromised diff -->"
"""Begins the comment, so that a workflow can find and replace its last one."""

LONGEST = 60_000
"""GitHub takes 65,536 characters."""

_SIGN = {"tightened": "▲", "loosened": "▼", "reworded": "✎", "changed": "•", "added": "+", "removed": "−"}


def diff_comment_text(found: Diffed) -> str:
    """Return Markdown for a pull request: what changed, what to mend, the effect; nothing in it pings or links."""
    head = [_MARK, "### What changes for customers", "", f"{text(summary(found))}."]
    mend = [f"> - **!** {text(each)}" for each in _to_mend(found)]
    rows = [_row(name, each, found.effect_on(name)) for name, each in found.by_object]
    rows += [_row(each.promise_id, [], each) for each in found.elsewhere]
    table = (
        ["| what | change | kept before | kept by the change |", "|---|---|---|---|", *rows] if rows else []
    )
    parts = ["\n".join(part) for part in (head, mend, table) if part]
    whole = "\n\n".join([*parts, *_details(found)])
    return whole if len(whole) <= LONGEST else _cut("\n\n".join(parts))


def _to_mend(found: Diffed) -> list[str]:
    warnings = [
        f"{each.name}: {bare_words(each)}: {each.warning}" for each in found.differences if each.warning
    ]
    return [*warnings, *found.unreadable]


def _row(name: str, differences: list[Difference], effect: Effect | None) -> str:
    said = "<br>".join(
        f"{_SIGN[each.direction]} {each.direction}: {text(bare_words(each))}" for each in differences
    )
    sides = (effect.before, effect.after) if effect and not effect.problem else (None, None)
    rates = [percent(side.rate) if side else "–" for side in sides]
    return f"| {text(name)} | {said or 'judged otherwise'} | {' | '.join(rates)} |"


def _details(found: Diffed) -> list[str]:
    """Return the effects in words, folded away."""
    if not found.effects:
        return []
    lines = [f"- **{text(each.promise_id)}**: {text(effect_words(each))}" for each in found.effects]
    return [
        f"<details><summary>What the last days would have been, as of {as_of_words(found)}</summary>",
        "\n".join(lines),
        "Both definitions judged now, over the same items, from the data loaded last.",
        "</details>",
    ]


def _cut(whole: str) -> str:
    """Return as many whole lines as fit, and where to read the rest."""
    kept = whole[:LONGEST].rpartition("\n")[0]
    return f"{kept}\n\nThere is more than a comment can hold: run `aspromised diff`."
