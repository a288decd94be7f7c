"""Whether the numbers can be trusted: what was read, set aside, old, misdeclared or cannot be judged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.versions import words_of_now
from aspromised.analyse.robustness.exemptions import heavily_exempt
from aspromised.words.figures import count, duration, moment, percent, plural
from aspromised.words.lengths import BELOW_NONE, IN_PART, OVER_A_CENTURY

_Told = TypeVar("_Told")

SOURCE_COLUMNS = (
    "source", "kind", "files", "rows_in", "rows_kept", "rows_set_aside", "duplicates_resolved",
    "newest", "age_seconds", "fresh_within", "fresh_seconds", "freshness", "problem", "notes", "rows_before",
)  # fmt: skip
_REASON_COLUMNS = ("source", "reason", "rows")
IMPOSSIBLE_COLUMNS = ("promise", "length", "items")
JUDGED_FROM_COLUMNS = ("source", "promise_id", "claim")
SET_ASIDE_COLUMNS = ("source", "reason", "row")
PROBLEM_COLUMNS = ("severity", "message", "where", "frame", "code")
NOT_YET_COLUMNS = ("message", "places", "where")
UNJUDGED_COLUMNS = ("promise_id", "claim", "kept_by", "why", "not_yet")

NOT_YET = "not-judged-yet"
"""The code of notes on what is declared and read, but not judged in this version."""

_VALUE = r"(column '[^']*'): '[^']*' (is not )"
"""A value that could not be read; neither it nor the column's name holds that quotation mark."""

FRESH, OLD, UNPROMISED, UNDATED, UNREAD = (
    "fresh",
    "older than promised",
    "not promised",
    "age not known",
    "not read",
)


def sources(snapshot: Queryable) -> pd.DataFrame:
    """Return one row a source, those that need a look first: SOURCE_COLUMNS.

    `newest` is the newest record up to the snapshot's moment, on the company's clock; `age_seconds` how old it was
    then; `freshness` one of fresh, older than promised, not promised, age not known, not read.
    """
    table = snapshot.query("select * from source_health")
    meta = facts(snapshot)
    as_of = pd.Timestamp(meta["as_of"])
    newest = pd.to_datetime(table["newest"]).dt.tz_localize("UTC")
    age = (as_of - newest).dt.total_seconds()
    table = table.assign(
        rows_before=table["rows_before"].fillna(0),
        newest=newest.dt.tz_convert(meta["timezone"]).dt.tz_localize(None),
        age_seconds=age,
    )
    table["freshness"] = [
        _freshness(row.problem, row.age_seconds, row.fresh_seconds) for row in table.itertuples()
    ]
    order = table["freshness"].map({UNREAD: 0, OLD: 1}).fillna(2)
    table = table.assign(order=order).sort_values(
        ["order", "rows_set_aside", "rows_in"], ascending=[True, False, False]
    )
    return table[list(SOURCE_COLUMNS)].reset_index(drop=True)


def _freshness(problem: str | None, age: float, promised: float) -> str:
    if isinstance(problem, str):
        return UNREAD
    if pd.isna(promised):
        return UNPROMISED
    if pd.isna(age):
        return UNDATED
    return FRESH if age <= promised else OLD


def age_words(seconds: float) -> str:
    """Return how old a source's newest record was at the snapshot's moment.

    >>> age_words(0.4), age_words(93_600)
    ('up to date', '1 d 2 h old')
    """
    return "up to date" if seconds < 60 else f"{duration(seconds)} old"


def newest_records(snapshot: Queryable) -> list[datetime | None]:
    """Return the newest record of each source up to the snapshot's moment, in UTC without a zone; None where nothing tells."""
    newest = snapshot.query("select newest from source_health")["newest"]
    return [None if pd.isna(each) else pd.Timestamp(each).to_pydatetime() for each in newest]


LOST_SHARE = 0.05
"""The share of a source's rows above which their being set aside is said wherever its numbers stand."""


def doubted_sources(snapshot: Queryable, promise_id: str = "") -> list[str]:
    """Return what is to be doubted of the records, a sentence for each kind of fault; of one promise, of those it reads."""
    return [said for said in (lost_rows(snapshot, promise_id), stopped_sources(snapshot, promise_id)) if said]


def lost_rows(snapshot: Queryable, promise_id: str = "") -> str:
    """Return the sentence that more than LOST_SHARE of a source's rows were set aside, or that it lost all it had; "" where none did."""
    return lost_sentence(_of_promise(snapshot, promise_id, lost_by_source(snapshot)))


def lost_by_source(snapshot: Queryable) -> dict[str, str]:
    """Return what each source lost in words (`lost_words`), "" where little was."""
    table = snapshot.query("select * from source_health").sort_values("source", ignore_index=True)
    table = table.assign(rows_before=table["rows_before"].fillna(0).astype(int))
    return {
        row.source: lost_words(row.source, int(row.rows_in), int(row.rows_set_aside), row.rows_before)
        for row in table.itertuples()
    }


def lost_words(source: str, rows: int, aside: int, before: int = 0) -> str:
    """Return what share of a source's rows was set aside, or how many it had before it had none; "" where little was.

    >>> lost_words("orders", 12, 5), lost_words("orders", 100, 5), lost_words("orders", 0, 0, before=12)
    ('5 of 12 rows of orders (42 %) were set aside', '', 'orders had 12 rows, now none')
    """
    if not rows:
        return f"{source} had {plural(before, 'row')}, now none" if before else ""
    if aside == rows:
        return f"all {plural(rows, 'row')} of {source} were set aside"
    share = aside / rows
    return (
        f"{count(aside)} of {plural(rows, 'row')} of {source} ({percent(share, 0)}) were set aside"
        if share > LOST_SHARE
        else ""
    )


def lost_sentence(lost: Mapping[str, str]) -> str:
    """Return what the rows that are in no number do to the numbers; "" where none are.

    >>> lost_sentence({"orders": "5 of 12 rows of orders (42 %) were set aside"})
    '5 of 12 rows of orders (42 %) were set aside: they are in no number, and the numbers may be wrong without them.'
    """
    told = [words for words in lost.values() if words]
    if not told:
        return ""
    return f"{'; '.join(told)}: they are in no number, and the numbers may be wrong without them."


def _of_promise(snapshot: Queryable, promise_id: str, told: Mapping[str, _Told]) -> dict[str, _Told]:
    """Return what is told of the sources that a promise reads; of all where none is named, or it was not judged."""
    if not promise_id or not any(told.values()):
        return dict(told)
    rows = snapshot.query("select reads from promise where promise_id = $promise", {"promise": promise_id})
    read = next(iter(rows["reads"].dropna()), None)
    return {source: words for source, words in told.items() if read is None or source in read}


def stopped_sources(snapshot: Queryable, promise_id: str = "") -> str:
    """Return the sentence that records are older than promised and what that does to the numbers; "" where none are."""
    table = sources(snapshot)
    old = table[table["freshness"] == OLD].sort_values("source")
    ends = dict(zip(old["source"], old["newest"], strict=True))
    return stopped_sentence(_of_promise(snapshot, promise_id, ends))


def stopped_sentence(ends: Mapping[str, datetime]) -> str:
    """Return what is to be doubted where the records of these sources end too early; "" of none.

    >>> stopped_sentence({"orders": datetime(2026, 11, 19, 9)})
    'The records of orders (to Thu 19 Nov 2026 09:00) are older than promised: what was done since is in no number, and may stand here as missed.'
    """
    if not ends:
        return ""
    named = [f"{source} (to {moment(newest)})" for source, newest in ends.items()]
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"The records of {listed} are older than promised: what was done since is in no number, and may stand here as missed."


def judged_from(snapshot: Queryable) -> pd.DataFrame:
    """Return one row a source and promise whose items it holds, by source and claim: JUDGED_FROM_COLUMNS."""
    table = snapshot.query("select source, promise_id from promise where source is not null")
    words = words_of_now(snapshot)
    table = table.assign(claim=[words[each] or each for each in table["promise_id"]])
    return table.sort_values(["source", "claim", "promise_id"], ignore_index=True)


def unjudged_reasons(snapshot: Queryable) -> pd.DataFrame:
    """Return why rows were set aside and how many, the most frequent first: _REASON_COLUMNS.

    A value that could not be read counts under its column: the rows themselves tell the value.
    """
    return snapshot.query(
        """
        select source, regexp_replace(reason, $value, '\\1 \\2', 'g') as reason, count(*)::bigint as rows
        from set_aside group by all order by rows desc, source, reason
        """,
        {"value": _VALUE},
    )


def impossible_lengths(snapshot: Queryable) -> pd.DataFrame:
    """Return the lengths told by the data that are none, and how many items each leaves unknown: IMPOSSIBLE_COLUMNS."""
    return snapshot.query(
        """
        select promise_id as promise, reason as length, count(*)::bigint as items from item
        where verdict = 'unknown' and (reason like $below or reason like $over or reason like $part)
        group by all order by promise, items desc, length
        """,
        {"below": f"%{BELOW_NONE}", "over": f"%{OVER_A_CENTURY}", "part": f"% {IN_PART} %"},
    )


def rows_set_aside(snapshot: Queryable) -> pd.DataFrame:
    """Return every row that was set aside, as it came, with its reason: SET_ASIDE_COLUMNS."""
    return snapshot.query("select source, reason, row from set_aside order by source, reason, row")


def problems(snapshot: Queryable) -> pd.DataFrame:
    """Return what is wrong or doubtful in the declarations, errors first: PROBLEM_COLUMNS.

    What is merely not judged in this version is left to `not_yet`.
    """
    table = _declared(snapshot, f"code <> '{NOT_YET}'")
    rank = table["severity"].map({"error": 0, "warning": 1}).fillna(2)
    return (
        table.assign(rank=rank)
        .sort_values("rank", kind="stable")[list(PROBLEM_COLUMNS)]
        .reset_index(drop=True)
    )


def not_yet(snapshot: Queryable) -> pd.DataFrame:
    """Return what is declared and read, but not judged in this version: NOT_YET_COLUMNS."""
    table = _declared(snapshot, f"code = '{NOT_YET}'")
    grouped = table.groupby("message", sort=False)["where"].agg(places="size", where=", ".join)
    return grouped.reset_index()[list(NOT_YET_COLUMNS)]


def _declared(snapshot: Queryable, condition: str) -> pd.DataFrame:
    return snapshot.query(
        f"""
        select severity, message, concat_ws(':', path, line, "column") as where, coalesce(frame, '') as frame, code
        from declaration_problem where {condition} order by path, line, "column", message
        """
    )


def unjudged(snapshot: Queryable) -> pd.DataFrame:
    """Return the promises that have no verdicts, and why: UNJUDGED_COLUMNS.

    `not_yet` tells those this version cannot judge from those that need mending.
    """
    table = snapshot.query(
        "select promise_id, kept_by, problem as why from promise where problem is not null order by promise_id"
    )
    claims = table["promise_id"].map(words_of_now(snapshot))
    return table.assign(claim=claims, not_yet=table["why"].str.contains("not judged yet").astype(bool))[
        list(UNJUDGED_COLUMNS)
    ]


def facts(snapshot: Queryable) -> dict[str, str]:
    """Return what is said of the snapshot as a whole: id, as_of, timezone, company, seconds, …"""
    rows = snapshot.query("select key, value from meta")
    return dict(zip(rows["key"], rows["value"], strict=True))


def as_of(snapshot: Queryable) -> datetime:
    """Return the snapshot's moment, on the company's clock."""
    meta = facts(snapshot)
    return datetime.fromisoformat(meta["as_of"]).astimezone(ZoneInfo(meta["timezone"]))


def refreshed_at(snapshot: Queryable) -> datetime:
    """Return when the snapshot was made, on the company's clock."""
    meta = facts(snapshot)
    return datetime.fromisoformat(meta["refreshed_at"]).astimezone(ZoneInfo(meta["timezone"]))


@dataclass(frozen=True)
class Health:
    """The counts that tell whether the numbers can be trusted."""

    sources: int
    rows_in: int
    set_aside: int
    promised_fresh: int
    old: tuple[str, ...]
    unread: tuple[str, ...]
    errors: int
    warnings: int
    broken_promises: int
    not_yet_promises: int
    promises: int
    largest_share: tuple[str, float]
    """The source that had the largest share of its rows set aside, and that share."""

    @property
    def sentence(self) -> str:
        """What a reader should know before trusting any other page."""
        if not self.sources:
            return "No source has been read yet: there is nothing to trust or to doubt."
        read = f"{plural(self.sources, 'source')}, {plural(self.rows_in, 'row')} read, {count(self.set_aside)} set aside"
        state = ", ".join(part for part in (self._unread(), self._freshness()) if part)
        return f"{'; '.join(part for part in (read, state, self._declared()) if part)}."

    def _unread(self) -> str:
        return f"{_named(self.unread)} could not be read" if self.unread else ""

    def _freshness(self) -> str:
        if self.old:
            return f"{_named(self.old)} older than promised"
        if not self.promised_fresh:
            return "none promises how fresh it is"
        if self.promised_fresh == self.sources - len(self.unread):
            return "all as fresh as promised"
        promise = "promises" if self.promised_fresh == 1 else "promise"
        return f"the {count(self.promised_fresh)} that {promise} to be fresh {'is' if self.promised_fresh == 1 else 'are'}"

    def _declared(self) -> str:
        without = self.broken_promises + self.not_yet_promises
        has = "has" if without == 1 else "have"
        told = f"{count(without)} of {plural(self.promises, 'promise')} {has} no verdicts"
        parts = [plural(self.errors, "error") + " in the declarations"] if self.errors else []
        return ", ".join([*parts, told] if without else parts)


def health(snapshot: Queryable) -> Health:
    """Return the counts that tell whether the numbers can be trusted."""
    read, told, silent = sources(snapshot), problems(snapshot), unjudged(snapshot)
    promises = int(snapshot.query("select count(*) as n from promise")["n"].iloc[0])
    shares = (read["rows_set_aside"] / read["rows_in"].where(read["rows_in"] > 0)).fillna(0)
    worst = (read["source"][shares.idxmax()], float(shares.max())) if len(read) else ("", 0.0)
    return Health(
        sources=len(read),
        rows_in=int(read["rows_in"].sum()),
        set_aside=int(read["rows_set_aside"].sum()),
        promised_fresh=int(read["freshness"].isin([FRESH, OLD]).sum()),
        old=tuple(read["source"][read["freshness"] == OLD]),
        unread=tuple(read["source"][read["freshness"] == UNREAD]),
        errors=int((told["severity"] == "error").sum()),
        warnings=int((told["severity"] == "warning").sum()),
        broken_promises=int((~silent["not_yet"]).sum()),
        not_yet_promises=int(silent["not_yet"].sum()),
        promises=promises,
        largest_share=worst,
    )


def health_steps(snapshot: Queryable) -> list[str]:
    """Return what to do, one sentence for each kind of problem there is, the gravest first."""
    return [*_steps(health(snapshot), sources(snapshot)), *heavily_exempt(snapshot)]


def _steps(found: Health, table: pd.DataFrame) -> Iterator[str]:
    for row in table[table["freshness"] == UNREAD].itertuples():
        yield (
            f"Mend {row.source}: {row.problem}. Then run `aspromised refresh`; promises on it have no verdicts until then."
        )
    for row in table[table["freshness"] == OLD].itertuples():
        yield (
            f"Ask for newer records of {row.source}: the newest was {age_words(row.age_seconds)}, promised within"
            f" {row.fresh_within}. What happened since is not in any number here."
        )
    for row in table[table["freshness"] == UNDATED].itertuples():
        yield (
            f"Declare `arrived` or `latest_by` of {row.source}, promised within {row.fresh_within}: nothing tells how old its"
            " records are, as no promise says that something happened in it."
        )
    if found.errors:
        yield "Mend the errors in the declarations: `aspromised check` shows the same list while you type."
    if found.broken_promises:
        yield (
            f"{plural(found.broken_promises, 'promise')} could not be judged for a reason that can be mended: each is"
            " listed below with its message."
        )
    if found.warnings:
        yield f"Look at {plural(found.warnings, 'warning')}: numbers are shown, but they may not mean what you think."
    silent = table[table["freshness"] == UNPROMISED]
    if len(silent):
        yield (
            f"Declare `fresh_within` for the {plural(len(silent), 'source')} that {'says' if len(silent) == 1 else 'say'}"
            " nothing of it in data/sources.yaml: a feed that stops goes unnoticed until then."
        )
    if found.set_aside:
        source, share = found.largest_share
        yield (
            f"Have the rows set aside corrected where they are recorded (download them below). They are in no number;"
            f" the largest share is {percent(share, 2)} of {source}."
        )


def _named(names: tuple[str, ...]) -> str:
    """Up to three names, more by their count.

    >>> _named(("orders",)), _named(("a", "b")), _named(("a", "b", "c", "d"))
    ('orders', 'a and b', '4 sources')
    """
    if len(names) > 3:
        return f"{len(names)} sources"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
