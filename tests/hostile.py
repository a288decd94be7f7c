"""A company whose every word was written to get out: Markdown, HTML, LaTeX, formulas, escape codes, turned text."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from aspromised.declare.load import load
from aspromised.store.ledger import open_ledger, sign_off

OUTSIDE = "http://outside.invalid"
"""A host that is not this machine: nothing may ask it for anything."""

_BAIT = (
    f"![x]({OUTSIDE}/x.png) <img src={OUTSIDE}/y.png onerror=alert(1)> [a](javascript:alert(1)) {OUTSIDE}/z"
    " $x^2$ :red[r] **b** <b>h</b> @team #12 | `c"
)
SHOWN = _BAIT
"""What of it can be seen, just as it is written."""

UNSEEN = "\x1b]8;;http://outside.invalid\x07\x1b[31m\u202e\x9b"
"""What would colour a terminal, make a link in it, or turn a line around."""


def bait(name: str) -> str:
    """Return hostile words that begin as a formula and name where they stand."""
    return f"={name} {_BAIT}{UNSEEN}\nnot judged: {name}: forged"


def seen(name: str) -> str:
    """Return hostile words that a ledger takes: one line, and every letter can be read."""
    return f"={name} {_BAIT}"


def hostile(root: Path) -> Path:
    """Make the company under `root`, with two orders kept, one broken, one exempt and one set aside, and a sign-off."""
    (root / "promises").mkdir(parents=True)
    (root / "data").mkdir()
    name = bait("source")
    orders = [
        {"id": f"={each} {_BAIT}{UNSEEN}", "region": bait("value"), "at": "2026-01-05T10:00:00",
         "done": f"2026-01-{day:02}T10:00:00", "weight": weight}
        for each, (day, weight) in enumerate([(6, "1"), (6, "1"), (9, "2"), (9, "3"), (9, bait("weight"))])
    ]  # fmt: skip
    with (root / "data" / "orders.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in orders)
    (root / "data" / "sources.yaml").write_text(_yaml({"sources": {
        name: {"files": "orders.jsonl", "key": "id", "columns": {"id": "text", "region": "text", "at": "timestamp",
               "done": "timestamp", "weight": "number"}},
    }}), encoding="utf-8")  # fmt: skip
    (root / "promises" / "all.yaml").write_text(_yaml(_declared(name)), encoding="utf-8")
    with open_ledger(root) as ledger:
        sign_off(ledger, load(root), seen("promotion"), seen("gate"), team=seen("team"), who=seen("who"),
                 on=date(2026, 1, 7), note=seen("note"))  # fmt: skip
    return root


def _declared(source: str) -> dict[str, Any]:
    return {
        "company": {"name": bait("company"), "timezone": "Europe/London"},
        "promises": {
            bait("promise"): {
                "claim": bait("claim"), "made_by": bait("maker"), "kept_by": seen("team"), "target": "95%",
                "at_least": 1, "said_in": [bait("channel")], "subject": bait("subject"),
                "measure": {
                    "items": source, "id": "id", "started": "at", "done": "done", "within": "2 calendar days",
                    "exempt": [{"when": "weight = 2", "because": bait("exempt")}],
                    "segments": ["region", {bait("segment"): "region"}],
                },
            },
            bait("other"): {
                "claim": bait("again"), "made_by": bait("maker"), "kept_by": seen("team"), "target": "90%",
                "subject": bait("subject"), "said_in": ["shop"],
                "measure": {"items": source, "id": "id", "at": "at", "kept_when": "nowhere > 1"},
            },
        },
        "promotions": {
            seen("promotion"): {
                "says": bait("says"), "run_by": bait("maker"), "launched": "2026-01-08T08:00", "ends": "2026-01-12",
                "leans_on": [bait("promise")],
                "ready_when": [
                    {"gate": seen("gate"), "signed_off_by": seen("team")},
                    {"gate": bait("holding"), "promise": bait("promise"), "kept_at_least": "95%", "over": "28 days"},
                ],
            }
        },
        "corrections": {
            bait("correction"): {
                "promises": [bait("promise")], "from": "2026-01-01", "to": "2026-01-02",
                "because": bait("because"), "approved_by": bait("approver"),
            }
        },
        "changes": {bait("change"): {"on": "2026-01-06", "what": bait("what"), "touches": {}}},
    }  # fmt: skip


def _yaml(declared: dict[str, Any]) -> str:
    """JSON is YAML, and says every letter."""
    return json.dumps(declared)
