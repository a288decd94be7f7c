"""`aspromised launches`: which promotions went out before operations were ready, and whether the next ones are."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from aspromised.analyse.launches.effect.harm import LaunchHarm, harm
from aspromised.analyse.launches.outlook.planned import Outlook, Planned, planned_launches
from aspromised.analyse.launches.readiness.verdicts import (
    CANNOT_TELL,
    VERDICT_WORDS,
    GateResult,
    Launched,
    Ready,
    launches,
)
from aspromised.analyse.launches.readiness.words import MET
from aspromised.cli.answers.launching import (
    GateAnswer,
    GateOutlookAnswer,
    HarmAnswer,
    LaunchAnswer,
    LaunchesAnswer,
    OutlookAnswer,
)
from aspromised.cli.opening import judged_tables
from aspromised.cli.options import AsJson, AsOfText, WorkspacePath
from aspromised.cli.say import say, say_json, say_table
from aspromised.words.figures import NOTHING, day, moment
from aspromised.words.problems import no_such


def launches_(
    promotion: Annotated[str | None, typer.Argument(help="One promotion; default all.")] = None,
    workspace: WorkspacePath = Path(),
    as_of: AsOfText = None,
    as_json: AsJson = False,
) -> None:
    """Show which promotions were launched before they were ready: gates, ready on, days early, and what is planned."""
    with judged_tables(workspace, as_of, launches=True) as (snapshot, meta):
        found = launches(snapshot)
        shown = [each for each in found.launches if promotion in (None, each.promotion_id)]
        if promotion is not None and not shown:
            names = [each.promotion_id for each in found.launches]
            raise no_such("promotion", promotion, names)
        harms = {each.promotion_id: harm(snapshot, each.promotion_id) for each in shown if each.has_run}
        ahead = {each.launch.promotion_id: each for each in planned_launches(snapshot)}
        if as_json:
            rows = [_row(each, harms.get(each.promotion_id), ahead.get(each.promotion_id)) for each in shown]
            told: LaunchesAnswer = {
                "as_of": meta["as_of"],
                "promotions": rows,
                "findings": _findings(found, ahead),
            }
            say_json(told)
            return
    if promotion is None:
        _print_all(found, ahead, datetime.fromisoformat(meta["as_of"]))
    else:
        _print_one(shown[0], harms.get(promotion), ahead.get(promotion))


def _findings(found: Ready, ahead: dict[str, Planned]) -> list[str]:
    warned = [f"{name}: {warning}" for name, each in ahead.items() for warning in each.warnings]
    return [*found.findings, *warned]


def _row(each: Launched, hurt: LaunchHarm | None, ahead: Planned | None) -> LaunchAnswer:
    return {
        "id": each.promotion_id,
        "says": each.says,
        "launched": each.launched.isoformat(timespec="minutes") if each.launched else None,
        "ends": _iso(each.ends_day),
        "verdict": each.verdict,
        "ready_on": _iso(each.ready_on),
        "days_early": each.days_early,
        "ready_since": _iso(each.ready_since),
        "judged_on": _iso(each.judged_on),
        "missing": list(each.missing),
        "why": each.why,
        "leans_on": list(each.leans_on),
        "gates": [_gate(gate) for gate in each.gates],
        "harm": _harm(hurt) if hurt else None,
        "outlook": _outlook(ahead) if ahead else None,
    }


def _gate(gate: GateResult) -> GateAnswer:
    return {
        "gate": gate.gate,
        "kind": gate.kind,
        "optional": gate.optional,
        "met": gate.met,
        "value": _rounded(gate.value),
        "needed": gate.bound,
        "needed_in_words": gate.needed,
        "evidence": gate.evidence,
        "met_on": _iso(gate.met_on),
        "first_met": _iso(gate.first_met),
        "lost_on": _iso(gate.lost_on),
        "lost_again": _iso(gate.lost_again),
        "not_known": list(gate.not_known),
    }


def _harm(hurt: LaunchHarm) -> HarmAnswer:
    return cast(HarmAnswer, hurt.as_json())


def _outlook(ahead: Planned) -> OutlookAnswer:
    return {
        "go": None if ahead.launch.verdict == CANNOT_TELL else ahead.is_go,
        "days_left": ahead.days_left,
        "earliest": _iso(ahead.earliest),
        "warnings": list(ahead.warnings),
        "gates": [_ahead(each) for each in ahead.outlooks],
    }


def _ahead(each: Outlook) -> GateOutlookAnswer:
    return {
        "gate": each.gate.gate,
        "expected": _rounded(each.expected),
        "low": _rounded(each.low),
        "high": _rounded(each.high),
        "chance": _rounded(each.chance),
        "supported_on": _iso(each.supported_on),
        "told_from_days": each.told_from,
        "in_words": each.ahead,
    }


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 10)


def _print_all(found: Ready, ahead: dict[str, Planned], as_of: datetime) -> None:
    columns = ("promotion", "verdict", "launched", "ready on", "days early", "missing")
    rows = []
    for each in found.launches:
        early = NOTHING if each.days_early is None else str(each.days_early)
        dated = (day(each.launched_day), day(each.ready_on), early)
        rows.append((each.promotion_id, VERDICT_WORDS[each.verdict], *dated, ", ".join(each.missing)))
    words = [name for name in columns if name != "days early"]
    drop = ("launched", "days early", "ready on", "missing")
    say_table(f"Launches, as of {moment(as_of)}", rows, columns, words, drop)
    say(*_findings(found, ahead))


def _print_one(each: Launched, hurt: LaunchHarm | None, ahead: Planned | None) -> None:
    lines = [f"{each.promotion_id}: “{each.says}”, {moment(each.launched)}"]
    lines += [f"{VERDICT_WORDS[each.verdict]}: {each.why}"]
    lines += [_told(gate) for gate in each.gates]
    lines += [f"not known then: {told}" for told in each.not_known]
    lines += [f"harm: {hurt.sentence}"] if hurt else []
    if ahead:
        lines += [f"ahead, {outlook.gate.gate}: {outlook.ahead}" for outlook in ahead.outlooks]
        lines += [ahead.earliest_in_words, *ahead.warnings]
    say(*filter(None, lines))


def _told(gate: GateResult) -> str:
    seen = [f"first met {day(gate.first_met)}" if gate.first_met else "not met so far"]
    seen += [f"lost on {day(gate.lost_on)}"] if gate.lost_on else []
    seen += [f"met on {day(gate.met_on)}"] if gate.met_on and gate.met_on != gate.first_met else []
    seen += [f"but not on {day(gate.lost_again)}"] if gate.lost_again else []
    optional = " (optional)" if gate.optional else ""
    return f"  {MET[gate.met]}  {gate.gate}{optional}: {gate.evidence} ({', '.join(seen)})"
