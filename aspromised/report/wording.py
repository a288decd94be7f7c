"""A record in words: the same sentences and rows for every kind of paper."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aspromised.analyse.health import OLD, lost_sentence, lost_words, stopped_sentence
from aspromised.analyse.launches.readiness.words import MET, demand_in_words
from aspromised.words.figures import count, day, moment

_MARK = {"ready": "✓", "not ready": "✕", "cannot tell": "?"}
Record = Mapping[str, Any]


def title(content: Record) -> str:
    """Return what the certificate is called."""
    return f"Was “{content['promotion']['says']}” ready?"


def record_sentence(content: Record) -> str:
    """Return the verdict, as of the day that decides."""
    on, needed = (
        day(date.fromisoformat(content["judged_on"])),
        [g for g in content["gates"] if not g["optional"]],
    )
    when = f"At its launch on {on}" if content["is_launch"] else f"On {on}, before its launch,"
    mark, missing = _MARK[content["verdict"]], ", ".join(content["missing"])
    match content["verdict"]:
        case "ready":
            return f"{mark} {when} it was ready: every gate that counts held ({len(needed)})."
        case "not ready":
            return f"{mark} {when} it was not ready: {missing}."
    why = f"nobody can tell of {missing}" if missing else "nothing was declared that had to be ready"
    return f"{mark} {when} it cannot be told whether it was ready: {why}."


def record_facts(content: Record) -> list[tuple[str, str]]:
    """Return what was declared, label and words."""
    told = content["promotion"]
    claims = "; ".join(f"“{promise['claim']}” ({promise['id']})" for promise in told["leans_on"])
    return [
        ("Promotion", f"{told['id']}: “{told['says']}”"),
        ("Company", content["company"] or "not said"),
        ("Run by", told["run_by"] or "not said"),
        *((name.capitalize(), _local(told[name])) for name in ("announced", "launched", "ends")),
        ("Expected demand", demand_in_words(told["expects_demand"], told["basis"]) or "not said"),
        ("Leans on", claims or "no promise"),
    ]


def gate_rows(content: Record) -> list[tuple[str, str, str]]:
    """Return a row a gate: what it is and needs, whether it was met and since when, the evidence with its sign-offs."""
    return [(_gate(gate), _state(gate), _evidence(gate, content["timezone"])) for gate in content["gates"]]


def source_rows(content: Record) -> list[tuple[str, str, str, str]]:
    """Return a row a source: its rows, the newest, and whether it was as fresh as promised."""
    return [
        (
            row["source"],
            f"{count(row['rows'])} ({count(row['set_aside'])} set aside)",
            _local(row["newest"]),
            row["freshness"],
        )
        for row in content["data"]["sources"]
    ]


def record_small_print(content: Record, digest: str) -> list[str]:
    """Return where the record comes from, who froze it, and how to check it."""
    data, not_known = content["data"], _not_known(content)
    ends = {
        row["source"]: datetime.fromisoformat(row["newest"])
        for row in data["sources"]
        if row["freshness"] == OLD
    }
    return [
        *filter(None, [lost_sentence(_lost(data)), stopped_sentence(ends)]),
        f"Judged from snapshot {data['snapshot']}, data as of {moment(datetime.fromisoformat(data['as_of']))}. Each gate is judged"
        f" as of the day named above, on what was known then; {_later(not_known)}",
        *(f"Not known then: {told}." for told in not_known),
        f"Frozen by {content['exported_by']} on {moment(datetime.fromisoformat(content['exported_at']))} UTC. All days and times are"
        f" those of {content['timezone']} unless they say otherwise.",
        f"SHA-256 of the record: {digest}. To check this file: aspromised certificate --verify FILE",
    ]


def _lost(data: Record) -> dict[str, str]:
    """What sources lost; an older record does not say how many rows were read, nor how many there were before."""
    return {
        row["source"]: lost_words(
            row["source"],
            row.get("rows_in", row["rows"] + row["set_aside"]),
            row["set_aside"],
            row.get("rows_before", 0),
        )
        for row in data["sources"]
    }


def _not_known(content: Record) -> list[str]:
    """What the gates could not do without though it became known later; older records do not say."""
    return list(dict.fromkeys(told for gate in content["gates"] for told in gate.get("not_known", ())))


def _later(not_known: list[str]) -> str:
    if not_known:
        return "of what came later only the following can be in this record."
    return "what came later is not in this record."


def _gate(gate: Record) -> str:
    optional = " (optional)" if gate["optional"] else ""
    return f"{gate['gate']}{optional}: {gate['needed']}"


def _state(gate: Record) -> str:
    since = f", since {day(date.fromisoformat(gate['met_since']))}" if gate["met_since"] else ""
    lost = (
        f", lost on {day(date.fromisoformat(gate['lost_on']))}" if gate["lost_on"] and not gate["met"] else ""
    )
    return f"{MET[gate['met']]}{since}{lost}"


def _evidence(gate: Record, zone: str) -> str:
    return "; ".join([gate["evidence"], *(_signed(one, zone) for one in gate["sign_offs"])])


def _signed(one: Record, zone: str) -> str:
    claimed = f"{one['who']} for {one['team']}, claimed for {day(date.fromisoformat(one['on']))}"
    note = f", “{one['note']}”" if one["note"] else ""
    if one["written_at"] is None:
        return f"{claimed}, as declared{note}"
    at = datetime.fromisoformat(one["written_at"]).astimezone(ZoneInfo(zone))
    return f"{claimed}, written {moment(at)}{note}"


def _local(text: str | None) -> str:
    return moment(datetime.fromisoformat(text)) if text else "not said"
