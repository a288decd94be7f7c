"""What a command printed with `--json`, held against the answer that is declared for it."""

import json
from collections.abc import Sequence

from aspromised.cli.answers.document import ANSWERS

OF_COMMANDS = {
    "status": "StatusLedgerAnswer", "why": "WhyAnswer", "launches": "LaunchesAnswer", "refresh": "RefreshAnswer",
    "check": "CheckAnswer", "diff": "DiffAnswer", "sign": "SignOffAnswer", "certificate": "CertificateAnswer",
}  # fmt: skip


def hold(words: Sequence[str], out: str) -> None:
    """Fail where a command asked for JSON printed anything else than its answer: keys, kinds of values, what may be null."""
    if "--json" not in words or not out:
        return
    if list(words[:2]) == ["ledger", "show"]:
        for event in json.loads(out):
            ANSWERS["EventAnswer"].validate_json(json.dumps(event), strict=True)
        return
    ANSWERS[_name(words, out)].validate_json(out, strict=True)


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
