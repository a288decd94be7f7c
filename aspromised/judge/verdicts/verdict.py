"""The verdict of every item of a promise, as of a moment, as one query.

The query reads top to bottom: `item` (one row an item in scope, instants as microseconds since 1970 UTC, what
came after the moment forgotten), `dated` (its version), `due`, `counted` (its day), `judged` (its verdict and why).
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from sqlglot import exp, select

from aspromised.declare.model import PromiseInForce
from aspromised.judge.clocks.business_clock import NamedQuery
from aspromised.judge.clocks.local_days import EPOCH, LocalDays
from aspromised.judge.kinds.kind import Rule, instant, known_by
from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.kinds.seen import as_seen, ends_asked, fewer_ends
from aspromised.judge.planning.arrivals import arrived_us, known_rows
from aspromised.judge.planning.attribution import brought_column
from aspromised.judge.planning.plan import CorrectionRule, Plan
from aspromised.schema.snapshot import segment_column
from aspromised.sql.templates import first_match, quoted, tree
from aspromised.words.vocabulary import KNOWN_FROM, KNOWN_UNTIL, NONE_VALUE

NOT_PROMISED = "not promised"
"""Stands in the verdict column for items started before the first version; not a verdict: they are left out."""


@dataclass(frozen=True)
class AsOf:
    """The moment a verdict is given, and the local days it is counted in."""

    moment_us: int
    days: LocalDays


def judged(plan: Plan, as_of: AsOf) -> exp.Select:
    """Return a query of one row an item in scope:

    item_id, version, day (date), started, due, done (µs UTC), late_us (so far, where not done), verdict, reason,
    exempt_by (rule, correction or cancelled) and otherwise (the verdict had there been no exemption) of exempt
    items, and one text column a segment.
    """
    query = select(
        "item_id",
        "version",
        "started",
        "due",
        "done",
        "late_us",
        *kind_of(plan).judged_columns(as_of.moment_us),
        *(["brought"] if plan.brought else []),
        tree("ap_date(day)").as_("day"),
        "verdict",
        "reason",
        "exempt_by",
        "otherwise",
        *(segment_told(name).as_(segment_column(name), quoted=True) for name in plan.segments),
    ).from_("verdicts", copy=False)
    for name, cte in verdict_steps(plan, as_of):
        query = query.with_(name, cte, copy=False)
    return query


def verdict_steps(plan: Plan, as_of: AsOf) -> list[NamedQuery]:
    """Return the steps from `item` to `verdicts`, each a table that reads those before it."""
    return [
        ("item", _item(plan, as_of)),
        ("dated", _dated(plan, as_of)),
        *kind_of(plan).due(as_of.moment_us),
        ("counted", _counted(plan, as_of, "with_due", exp.convert(as_of.moment_us))),
        ("verdicts", _verdicts(plan, as_of, exp.convert(as_of.moment_us))),
    ]


def views(plan: Plan, as_of: AsOf) -> dict[str, exp.Select]:
    """Return name → query of what a promise's tables are filled from: `judged` and, where a gate asks, `known`."""
    return {"judged": judged(plan, as_of), **({"known": known(plan, as_of)} if plan.is_gated else {})}


def known(plan: Plan, as_of: AsOf) -> exp.Select:
    """Return a query of every stand an item has had by now: `day`, `looked_at` and `until` (µs; null: still), `verdict`.

    The rules of the verdict themselves, asked at each moment at which they may answer otherwise, of what had happened
    by then.
    """
    plan = replace(plan, is_history=_asks_history(plan))
    due = [("item", _item(plan, as_of, at_turns=True)), *verdict_steps(plan, as_of)[1:-2]]
    counts = kind_of(plan).counted_by
    query = (
        select(tree("ap_date(day)").as_("day"), "looked_at", "until", "verdict", *counts)
        .from_("verdicts", copy=False)
        .where(tree("looked_at <= :moment", moment=as_of.moment_us), copy=False)
    )
    asked = exp.column("looked_at")
    steps = [
        *due,
        *_moments(plan, as_of),
        ("counted", _counted(plan, as_of, "asked", asked)),
        ("verdicts", _verdicts(plan, as_of, asked)),
    ]
    for name, cte in steps:
        query = query.with_(name, cte, copy=False)
    return query


def _asks_history(plan: Plan) -> bool:
    """Return whether every version of a row is asked: where they are kept, and where others decide, who may come late."""
    return plan.arrival is not None and (plan.arrival.keeps_versions or not kind_of(plan).stands_alone)


def _moments(plan: Plan, as_of: AsOf) -> list[NamedQuery]:
    """Give `asked`: each item once a moment at which its stand may change, with what had happened by then.

    Of two at one time the later in the list decides; nothing is asked of an item before it started and was known of, nor
    of a version after a later one took its place.
    """
    turns = [*kind_of(plan).turns(), *_corrections_known(plan, as_of)]
    first = f', "{KNOWN_FROM}"' if plan.arrival else ""
    begun = [tree(f"greatest(:turn, started{first})", turn=turn) for turn in turns]
    named = [
        tree("case when :turn is null then null else :at end", turn=turn, at=at).as_(f"turn_{n}")
        for n, (turn, at) in enumerate(zip(turns, begun, strict=True))
    ]
    numbers = " union all ".join(f"select {n} as turn" for n, _ in enumerate(turns))
    looked = first_match([(tree(f"turn = {n}"), exp.column(f"turn_{n}")) for n, _ in enumerate(turns)], None)
    nexts = [
        tree(f"case when turn_{n} > looked_at or (turn_{n} = looked_at and turn < {n}) then turn_{n} end")
        for n, _ in enumerate(turns)
    ]
    nexts += [quoted(KNOWN_UNTIL)] if plan.is_history else []
    until = tree("least(:first)", first=nexts[0])
    until.set("expressions", nexts[1:])
    again = kind_of(plan).again()
    turned = select("*", *named).from_(again[-1][0] if again else "with_due")
    each = tree(
        f"select *, :looked as looked_at from turned cross join ({numbers}) as turning", looked=looked
    )
    ended = select("*", until.as_("until")).from_("each")
    asked = tree(
        """
        select * replace (
            case when done <= looked_at then done end as done,
            case when cancelled <= looked_at then cancelled end as cancelled
        )
        from ended
        where not looked_at is null and coalesce(ap_local_day(looked_at) < ap_local_day(until), true)
        """
    )
    assert isinstance(asked, exp.Select)
    then = {name: _answered_then(plan, name) for name in _answers(plan)} if ends_asked(plan) else {}
    if _IN_SCOPE in then:
        asked = asked.where(then.pop(_IN_SCOPE))
    asked.selects[0].args["replace"].extend(each.as_(name) for name, each in then.items())
    return [*again, ("turned", turned), ("each", each), ("ended", ended), ("asked", asked)]


_IN_SCOPE = "in_scope"


def _answers(plan: Plan) -> dict[str, exp.Expr]:
    """Return what its authors' expressions decide of an item, by the names of the columns."""
    found = {} if plan.only is None else {_IN_SCOPE: tree("coalesce(:chosen, false)", chosen=plan.only)}
    if plan.exempt:
        found["exempt_because"] = first_match(list(plan.exempt), exp.null())
    if condition := kind_of(plan).condition:
        found["is_kept"] = plan.own[condition]
    corrected = {
        f"correction_{n}": rule.only for n, rule in enumerate(plan.corrections) if rule.only is not None
    }
    return found | corrected


def _answered_then(plan: Plan, name: str) -> exp.Expr:
    """Return one of `_answers` at the moment that is asked, by which of the item's ends had come."""
    earlier = [exp.column(f"{name}_before_{n}") for n, _ in enumerate(fewer_ends(plan))]
    come = [
        tree(" and ".join(f"{end} <= looked_at" for end in ends))
        for ends in (ends_asked(plan), *fewer_ends(plan)[:-1])
    ]
    return first_match(list(zip(come, [exp.column(name), *earlier[:-1]], strict=True)), earlier[-1])


def _corrections_known(plan: Plan, as_of: AsOf) -> list[exp.Expr]:
    """Return when each correction became known, of items that may be counted on a day it is for."""
    days = [
        f"ap_local_day({name}) between :first and :last" for name in ("started", "due", "done", "cancelled")
    ]
    return [
        tree(
            f"case when {' or '.join(days)} then :known end",
            first=(rule.first - EPOCH).days,
            last=(rule.last - EPOCH).days,
            known=as_of.days.start_of(rule.known_from),
        )
        for rule in plan.corrections
    ]


def _item(plan: Plan, as_of: AsOf, at_turns: bool = False) -> exp.Select:
    """Return the step `item`; `at_turns` also what authors ask answers of it before it was done or cancelled (`_answers`)."""
    moment = as_of.moment_us
    earlier = [as_seen(plan, moment, ends) for ends in fewer_ends(plan)] if at_turns else []
    plan = as_seen(plan, moment)
    kind = kind_of(plan)
    scopes = list(dict.fromkeys(each.only for each in (plan, *earlier) if each.only is not None))
    started = kind.started()
    cancelled = instant(plan, getattr(plan.measure, "cancelled", None))
    identity = getattr(plan.measure, "id", None)
    query = select(
        _identity(plan, identity).as_("item_id"),
        *_when_known(plan, identity),
        started.as_("started"),
        kind.done(moment).as_("done"),
        known_by(cancelled, cancelled, moment).as_("cancelled"),
        *kind.columns(),
        first_match(list(plan.exempt), exp.null()).as_("exempt_because"),
        *(
            rule.only.as_(f"correction_{n}")
            for n, rule in enumerate(plan.corrections)
            if rule.only is not None
        ),
        *([_answers(plan)[_IN_SCOPE].as_(_IN_SCOPE)] if earlier and scopes else []),
        *(
            answer.as_(f"{name}_before_{n}")
            for n, each in enumerate(earlier)
            for name, answer in _answers(each).items()
        ),
        *([brought_column(plan).as_("brought")] if plan.brought else []),
        *(
            tree("cast(:value as varchar)", value=value).as_(segment_column(name), quoted=True)
            for name, value in plan.segments.items()
        ),
    ).from_(known_rows(plan, plan.source, moment), copy=False)
    if scopes:
        query = query.where(exp.or_(*(exp.paren(each.copy()) for each in scopes), wrap=False), copy=False)
    return query.where(
        tree("coalesce(:started <= :moment, true)", started=started, moment=moment), copy=False
    )


def segment_told(name: str) -> exp.Expr:
    """Return a segment's value as it is told, of a step that has it as text: NONE_VALUE where there is none; a text that says
    the same has it in quotes. Only what is told is looked at for that, and few texts have it."""
    return tree(
        "case when :value is null then :none when :value like :has_none then replace(:value, :none, :quoted) else :value end",
        value=quoted(segment_column(name)),
        none=NONE_VALUE,
        has_none=f"%{NONE_VALUE}%",
        quoted=f'"{NONE_VALUE}"',
    )


def _identity(plan: Plan, identity: str | None) -> exp.Expr:
    """Return what tells an item from others; where all its versions are asked, one version from another."""
    if identity is None:
        return exp.null()
    if plan.is_history:
        version = quoted(KNOWN_FROM)
        return tree(
            "cast(:id as varchar) || ' ' || cast(:version as varchar)", id=quoted(identity), version=version
        )
    return quoted(identity)


def _when_known(plan: Plan, identity: str | None) -> list[exp.Expr]:
    """Return the columns that tell when an item was known, where its source tells and a gate asks."""
    if not (plan.is_gated and plan.arrival):
        return []
    if not plan.is_history:
        return [arrived_us(plan.arrival).as_(KNOWN_FROM, quoted=True)]
    told: list[exp.Expr] = [quoted(KNOWN_FROM), quoted(KNOWN_UNTIL)]
    return [*told, quoted(identity).as_("#id", quoted=True)] if identity else told


def _dated(plan: Plan, as_of: AsOf) -> exp.Select:
    """Add the moment the version goes by, and the version in force then."""
    moments = exp.Coalesce(
        this=exp.column("started"), expressions=[*kind_of(plan).dates_given(), _ended(plan)]
    )
    branches = [(_before(s, as_of), s.number - 1) for s in plan.standings[1:]]
    version = first_match(branches, plan.standings[-1].number)
    day = tree("ap_local_day(started)")
    inner = select("*", moments.as_("basis")).from_("item", copy=False).subquery("item", copy=False)
    return select("*", version.as_("version"), day.as_("started_day")).from_(inner, copy=False)


def _ended(plan: Plan) -> exp.Expr:
    """Return when an item without a start or a date was first heard of: what happens to it later moves it to no other day."""
    return tree("least(done, cancelled)") if getattr(plan.measure, "cancelled", None) else exp.column("done")


def _before(standing: PromiseInForce, as_of: AsOf) -> exp.Expr:
    assert standing.from_ is not None, "every version has a first day"
    return tree("basis < :start", start=as_of.days.start_of(standing.from_))


def _not_promised(plan: Plan, as_of: AsOf) -> exp.Expr:
    first, not_sold = plan.standings[0], kind_of(plan).not_promised()
    if not first.from_:
        return exp.false() if not_sold is None else not_sold
    left_out = tree("coalesce(:before, false)", before=_before(first, as_of))
    return (
        tree(":left_out or :not_sold", left_out=left_out, not_sold=not_sold)
        if not_sold is not None
        else left_out
    )


@lru_cache(maxsize=8)
def possible_words(plan: Plan) -> frozenset[str]:
    """Return the verdicts that the rules of a promise can come to."""
    kind = kind_of(plan)
    found = {word for _, word, _ in [*kind.cancelled(), *kind.outcome(exp.convert(0))]}
    found |= {"unknown"} if kind.unknown() else set()
    found |= {"exempt"} if plan.exempt or plan.corrections else set()
    return frozenset(
        found | ({NOT_PROMISED} if plan.standings[0].from_ or kind.not_promised() is not None else set())
    )


def _counted(plan: Plan, as_of: AsOf, prior: str, moment: exp.Expr) -> exp.Select:
    """Add the local day an item belongs to; the basis its promise names first, then what else is known."""
    order = {"due": ["due", "started"], "started": ["started", "due"], "done": ["done", "due", "started"]}
    first, *others = map(exp.column, order[plan.promise.counted])
    basis = exp.Coalesce(this=first, expressions=[*others, _ended(plan)])
    chosen = first_match([(_not_promised(plan, as_of), exp.column("basis"))], basis)
    inner = select("*", chosen.as_("counted_at")).from_(prior, copy=False).subquery(prior, copy=False)
    late = tree("coalesce(done, :moment) - due", moment=moment)
    return select("*", tree("ap_local_day(counted_at)").as_("day"), late.as_("late_us")).from_(
        inner, copy=False
    )


def _verdicts(plan: Plan, as_of: AsOf, moment: exp.Expr) -> exp.Select:
    """Add verdict and reason: the first rule that holds decides both."""
    left_out: Rule = (_not_promised(plan, as_of), NOT_PROMISED, exp.null())
    judging: list[Rule] = [
        *(
            (when, "unknown", why if isinstance(why, exp.Expr) else exp.convert(why))
            for why, when in kind_of(plan).unknown().items()
        ),
        *kind_of(plan).outcome(moment),
    ]
    corrected_rules = _corrected_rules(plan, as_of, moment)
    cancelled = kind_of(plan).cancelled()
    exempting = [rule for rules in _exempting(plan, corrected_rules).values() for rule in rules]
    rules = [left_out, *exempting, *(rule for rule in cancelled if rule[1] != "exempt"), *judging]
    verdict = first_match([(when, word) for when, word, _ in rules], exp.null())
    reason = first_match([(when, why) for when, _, why in rules], exp.null())
    return select(
        "*",
        verdict.as_("verdict"),
        reason.as_("reason"),
        _exempt_by(plan, left_out, corrected_rules).as_("exempt_by"),
        _otherwise(plan, judging).as_("otherwise"),
    ).from_("counted", copy=False)


def _exempting(plan: Plan, corrected_rules: list[Rule]) -> dict[str, list[Rule]]:
    """Return what exempts an item, by what kind of thing it is; the first rule that holds decides.

    Corrections are the last, so that by them stands only what would count without them.
    """
    kinds = {
        "rule": _exempt_rules(plan),
        "cancelled": [rule for rule in kind_of(plan).cancelled() if rule[1] == "exempt"],
        "correction": corrected_rules,
    }
    return {kind: rules for kind, rules in kinds.items() if rules}


def _exempt_by(plan: Plan, left_out: Rule, corrected_rules: list[Rule]) -> exp.Expr:
    exempting = _exempting(plan, corrected_rules)
    named = [(when, kind) for kind, rules in exempting.items() for when, _, _ in rules]
    return first_match([(left_out[0], None), *named] if named else [], _NO_WORD)


def _otherwise(plan: Plan, judging: list[Rule]) -> exp.Expr:
    """Return the verdict had nothing exempted the item, for items that something may exempt."""
    kind = kind_of(plan)
    if not (plan.exempt or plan.corrections or any(rule[1] == "exempt" for rule in kind.cancelled())):
        return _NO_WORD
    rules = kind.cancelled_otherwise()
    return first_match(rules + [(when, word) for when, word, _ in judging], _NO_WORD)


_NO_WORD = tree("cast(null as varchar)")


def _exempt_rules(plan: Plan) -> list[Rule]:
    return (
        [(tree("not exempt_because is null"), "exempt", exp.column("exempt_because"))] if plan.exempt else []
    )


def _corrected_rules(plan: Plan, as_of: AsOf, moment: exp.Expr) -> list[Rule]:
    """Return a rule a correction; where the moment is another for each row, only from when it was known."""
    found: list[Rule] = []
    for number, rule in enumerate(plan.corrections):
        when = corrected(number, rule)
        if not isinstance(moment, exp.Literal):
            known = as_of.days.start_of(rule.known_from)
            when = tree(":holds and :moment >= :known", holds=when, moment=moment, known=known)
        found.append((when, "exempt", exp.convert(rule.because)))
    return found


def corrected(number: int, rule: CorrectionRule) -> exp.Expr:
    """Return whether a correction takes hold of an item of `counted`."""
    first, last = (rule.first - EPOCH).days, (rule.last - EPOCH).days
    within = tree("day between :first and :last", first=first, last=last)
    only = exp.column(f"correction_{number}") if rule.only is not None else exp.true()
    return tree("coalesce(:inside and :chosen, false)", inside=within, chosen=only)
