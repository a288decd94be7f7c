"""What a command printed with `--json`, held against the answer that is declared for it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from aspromised.cli.answers.document import ANSWERS

OF_COMMANDS = {
    "status": "StatusLedgerAnswer", "why": "WhyAnswer", "launches": "LaunchesAnswer", "handoffs": "HandoffsAnswer", "dispute": "DisputeAnswer", "gaps": "GapsAnswer", "service": "ServiceAnswer", "brief": "BriefAnswer", "reviewed": "ReviewedAnswer", "refresh": "RefreshAnswer",
    "changes": "ChangesAnswer", "tonight": "TonightAnswer", "check": "CheckAnswer", "diff": "DiffAnswer", "sign": "SignOffAnswer", "certificate": "CertificateAnswer",
}  # fmt: skip


def hold(words: Sequence[str], out: str) -> None:
    """Fail where a command asked for JSON printed anything else than its answer: keys, kinds of values, what may be null.

    A row whose figures are of several wordings has no status, wherever it stands.
    """
    if "--json" not in words or not out:
        return
    if list(words[:2]) == ["ledger", "show"]:
        for event in json.loads(out):
            ANSWERS["EventAnswer"].validate_json(json.dumps(event), strict=True)
        return
    ANSWERS[_name(words, out)].validate_json(out, strict=True)
    assert [row for row in _rows(json.loads(out)) if row.get("pooled") and row["status"] is not None] == []


def _rows(answer: object) -> Iterator[dict[str, Any]]:
    """Every object of an answer, however deep."""
    if isinstance(answer, dict):
        yield answer
    for part in answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ():
        yield from _rows(part)


def _name(words: Sequence[str], out: str) -> str:
    if words[0] == "ledger":
        return "VerifiedAnswer"
    if words[0] == "certificate" and "--verify" in words:
        return "CheckedFileAnswer"
    if words[0] == "status" and "--periods" in words:
        return "PeriodsAnswer"
    if words[0] == "why" and "--item" in words:
        return "StoryAnswer"
    if words[0] == "why" and json.loads(out).get("kind") == "spread":
        return "WhySpreadAnswer"
    return OF_COMMANDS[words[0]]
