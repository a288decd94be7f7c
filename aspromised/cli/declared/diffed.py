"""What `aspromised diff` found, as a person, a program or a pull request reads it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import cast

from aspromised.analyse.what_if import Effect, Tally, TermsCounted
from aspromised.cli.answers.changing import DiffAnswer, DifferenceAnswer, EffectAnswer, TallyAnswer
from aspromised.cli.say import first_of
from aspromised.declare.diff import DIRECTIONS, Difference
from aspromised.words.figures import count, day, percent, plural, target
from aspromised.words.nouns import item_noun
from aspromised.words.text import json_text, line


@dataclass(frozen=True)
class Diffed:
    """What changed since another state, the effect on each promise judged otherwise, and what could not be read."""

    since: str
    as_of: datetime
    differences: tuple[Difference, ...]
    effects: tuple[Effect, ...]
    unreadable: tuple[str, ...] = ()

    @property
    def problems(self) -> int:
        """How many things are to be mended before this is published."""
        return sum(bool(each.warning) for each in self.differences) + len(self.unreadable)

    @property
    def by_object(self) -> list[tuple[str, list[Difference]]]:
        """The differences of each object under its name, in order."""
        return [(name, list(each)) for name, each in groupby(self.differences, lambda each: each.name)]

    def effect_on(self, name: str) -> Effect | None:
        """The effect on the promise of that name."""
        return next((each for each in self.effects if each.promise_id == name), None)

    @property
    def elsewhere(self) -> list[Effect]:
        """Effects on promises that did not change themselves: a calendar or a correction did."""
        told = {name for name, _ in self.by_object}
        return [each for each in self.effects if each.promise_id not in told]


def diff_text(found: Diffed) -> str:
    """Return what was found as paragraphs, one an object, and a last line that counts."""
    parts = [_object(name, each, found.effect_on(name)) for name, each in found.by_object]
    parts += [f"{line(each.promise_id)}\n  {line(effect_words(each))}" for each in found.elsewhere]
    parts += [line(f"! {each}") for each in found.unreadable]
    return "\n\n".join([*parts, summary(found)])


def _object(name: str, differences: Iterable[Difference], effect: Effect | None) -> str:
    lines = [name]
    for each in differences:
        lines.append(f"  {each.direction:<10} {bare_words(each)}")
        if each.warning:
            lines.append(f"  {'':<10} ! {each.warning}")
    if effect:
        lines.append(f"  {effect_words(effect)}")
    return "\n".join(map(line, lines))


def bare_words(difference: Difference) -> str:
    """Return the words without the direction, where they begin with it."""
    return difference.words.removeprefix(f"{difference.direction}: ")


def summary(found: Diffed) -> str:
    """Return how many changes of each direction there are, and how many things to mend."""
    directions = Counter(each.direction for each in found.differences)
    told = ", ".join(f"{directions[each]} {each}" for each in DIRECTIONS if directions[each])
    head = (
        f"{plural(len(found.differences), 'change')} since {found.since}"
        if told
        else f"no change since {found.since}"
    )
    mend = f"; {plural(found.problems, 'thing')} to mend" if found.problems else ""
    return f"{head}{f': {told}' if told else ''}{mend}"


_BY: dict[TermsCounted, str] = {
    "its own": "",
    "the last throughout": ", by its last terms throughout,",
    "several": ", all wordings together,",
}
"""How the items were judged, where `status` over the same days says another number."""


def effect_words(effect: Effect) -> str:
    """Return what the promise would have been, in one sentence with its numbers."""
    if effect.problem:
        return f"the effect cannot be judged: {first_of(effect.problem)}"
    days = f"on the last {plural((effect.last - effect.first).days + 1, 'day')}{_BY[effect.terms]}"
    before, after, noun = effect.before, effect.after, item_noun(effect.source)
    decided = [side.decided for side in (before, after) if side]
    if not any(decided):
        return f"{days} there is nothing to judge"
    if after is None:
        assert before, "one of them is promised"
        return f"{days} it was {percent(before.rate)} of {plural(before.decided, *noun)}: {_standing(before)}"
    if before is None:
        return f"{days} it would have been {percent(after.rate)} of {plural(after.decided, *noun)}: {_standing(after)}"
    return f"{days} {_both(effect, before, after)}"


def _both(effect: Effect, before: Tally, after: Tally) -> str:
    of = plural(after.decided, *item_noun(effect.source))
    if (before.kept, before.broken) == (after.kept, after.broken) and not effect.moved:
        return f"it was {percent(after.rate)} of {of}, and would have been{_verdict(before, after)}"
    others = f"; {count(effect.moved)} judged otherwise" if effect.moved else ""
    instead = "" if before.decided == after.decided else f", not {count(before.decided)}"
    is_same = (before.kept, before.broken) == (after.kept, after.broken)
    rates = f"{percent(after.rate)}, {'as it was' if is_same else f'not {percent(before.rate)}'}"
    return f"it would have been {rates} (of {of}{instead}{others}){_verdict(before, after, ':')}"


def _verdict(before: Tally, after: Tally, sign: str = "") -> str:
    """Return where the promise would have stood, where that or its target is another one."""
    if before.target != after.target:
        return f"{sign} {_standing(after)}; {_standing(before)}"
    if before.status and after.status and before.status != after.status:
        return f"{sign} {after.status}, not {before.status}, at a target of {target(after.target)}"
    return f"{sign} {_standing(after)}" if sign else " all the same"


def _standing(tally: Tally) -> str:
    return f"{tally.status or 'no verdict of one wording,'} at a target of {target(tally.target)}"


def diff_json(found: Diffed) -> str:
    """Return {since, as_of, differences, effects, unreadable, problems}; rates are shares, days ISO dates."""
    told: DiffAnswer = {
        "since": found.since,
        "as_of": found.as_of.isoformat(),
        "differences": [cast(DifferenceAnswer, asdict(each)) for each in found.differences],
        "effects": [_effect(each) for each in found.effects],
        "unreadable": list(found.unreadable),
        "problems": found.problems,
    }
    return json_text(told)


def _effect(effect: Effect) -> EffectAnswer:
    return {
        "promise": effect.promise_id,
        "from": effect.first.isoformat(),
        "to": effect.last.isoformat(),
        "before": _tally(effect.before),
        "after": _tally(effect.after),
        "moved": None if effect.problem else effect.moved,
        "problem": effect.problem,
        "terms": effect.terms,
        "words": effect_words(effect),
    }


def _tally(tally: Tally | None) -> TallyAnswer | None:
    if tally is None:
        return None
    low, high = tally.interval or (None, None)
    return {
        "kept": tally.kept, "broken": tally.broken, "rate": tally.rate, "low": low, "high": high,
        "target": tally.target, "status": tally.status,
    }  # fmt: skip


def as_of_words(found: Diffed) -> str:
    """Return the day up to which was judged."""
    return day(found.as_of.date())
