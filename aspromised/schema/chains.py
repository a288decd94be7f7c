"""The tables of chains in a snapshot: stages, handoffs, and where late minutes went."""

from aspromised.schema.table import TableSchema, column, maybe

_PROMISE = column("promise_id", "varchar", "the promise's id in the YAML")
_DAY = maybe(
    "day",
    "date",
    "the local day the items are counted on (`counted:` of the promise); null where no moment is known",
)
_VERSION = column(
    "version", "integer", "the version of the promise in force when the clock started, counted from 1"
)
_CHAIN = column("chain_id", "varchar", "the chain's id in the YAML")
_POSITION = column("position", "integer", "the stage's place in the chain, from 1")
_CASE_DAY = maybe("day", "date", "the local day the cases began")

CHAIN = TableSchema(
    "chain",
    "The value chains as declared, and how many cases ran through each ([how](handoffs.md)). One that cannot be judged has its `problem`.",
    (
        _CHAIN,
        maybe("source", "varchar", "the source its stages are read from"),
        maybe("is_log", "boolean", "whether that is a log of events"),
        column("promises", "varchar[]", "the promises it keeps"),
        maybe("review_by", "date", "when it is to be reviewed"),
        maybe("cases", "bigint", "cases begun by the snapshot's moment; null where it was not judged"),
        maybe("unbegun", "bigint", "cases without a beginning, which are left out"),
        maybe("sql", "varchar", "the query that tells one row a case"),
        maybe("seconds", "double", "how long judging it took"),
        maybe("problem", "varchar", "why it could not be judged; null where it was"),
        maybe(
            "not_shared",
            "varchar",
            "why its late minutes are not shared among its stages; null where they are",
        ),
    ),
)

CHAIN_STAGE = TableSchema(
    "chain_stage",
    "The stages of each chain, as declared.",
    (
        _CHAIN,
        _POSITION,
        column("stage", "varchar", "its name"),
        column("kind", "varchar", "`work`, `approval`, `check`, `escalation` or `wait`"),
        column("supplier", "varchar", "the team that does it, to whom its late minutes belong"),
        column("customer", "varchar", "the team it hands over to"),
        maybe("budget", "varchar", "the time it may take, in words"),
        maybe("calendar", "varchar", "the calendar its time is counted on"),
        column("delivers", "varchar[]", "what it hands over"),
        column("requires", "varchar[]", "what it needs"),
        column("is_accepted", "boolean", "whether the receiver's judgement is declared (`accepted_when`)"),
        column(
            "is_control", "boolean", "whether it is told when it changed what it was given (`changed_when`)"
        ),
        maybe("review_by", "date", "when the handoff is to be looked at again"),
    ),
)

CHAIN_EXPECTATION = TableSchema(
    "chain_expectation",
    "What internal customers expect of a chain, as declared.",
    (
        _CHAIN,
        column("customer", "varchar", "the team that expects it"),
        column("what", "varchar", "what it expects"),
        maybe("from_day", "date", "since when it is agreed"),
    ),
)

STAGE_CELL = TableSchema(
    "stage_cell",
    "Stages of all cases by the day the case began and every combination of segment values: what other figures of stages are sums of."
    " Times are microseconds. Segments are those of the promises over the chain's own source; of a log they are null.",
    (
        _CHAIN,
        _CASE_DAY,
        _POSITION,
        column("cases", "bigint", "cases begun on the day, whatever became of them"),
        column("begun", "bigint", "those that came to the stage"),
        column("done", "bigint", "those that left it"),
        column("open", "bigint", "those still in it"),
        column("skipped", "bigint", "those that left a later stage and have no end of this one"),
        column("late", "bigint", "those done, or still in it, over its budget"),
        column("late_done", "bigint", "those of them done"),
        column(
            "spent_us", "bigint", "the time spent in it, that of cases still in it to the snapshot's moment"
        ),
        column("done_us", "bigint", "the time of those done"),
        column("open_us", "bigint", "the time of those done, on the stage's calendar"),
        column("told", "bigint", "those done of which it is told when work began, each time it was done"),
        column("waiting_us", "bigint", "of those: the time before work began, on the stage's calendar"),
        column("working_us", "bigint", "of those: the time from then on, on the stage's calendar"),
        column("times", "bigint", "how often it was done"),
        column("repeated", "bigint", "cases in which it was done more than once"),
        column("accepted", "bigint", "handovers that the receiver found complete and right"),
        column("refused", "bigint", "handovers that the receiver did not"),
        column(
            "changed", "bigint", "passages in which an approval or check changed or refused what it was given"
        ),
        column("unchanged", "bigint", "passages in which it did not"),
    ),
    segments_after="position",
)

STAGE_TIME_DAILY = TableSchema(
    "stage_time_daily",
    "How long stages took, in buckets, of cases done by the day they began and every combination of segment values, as in `stage_cell`.",
    (
        _CHAIN,
        _CASE_DAY,
        _POSITION,
        column("bucket", "integer", "0 is less than a second, n > 0 is 1.05^(n−1) to 1.05^n seconds"),
        column("cases", "bigint", "cases"),
    ),
    segments_after="position",
)

INPUT_DAILY = TableSchema(
    "input_daily",
    "What stages need, and how often it was there, by every combination of segment values, as in `stage_cell`.",
    (
        _CHAIN,
        _CASE_DAY,
        _POSITION,
        column("input", "varchar", "what is needed"),
        column("met", "bigint", "passages with it"),
        column("unmet", "bigint", "passages without it"),
        column("unknown", "bigint", "passages of which that is not told"),
    ),
    segments_after="input",
)

PATH_DAILY = TableSchema(
    "path_daily",
    "Of chains read from a log with teams: how cases went from team to team.",
    (
        _CHAIN,
        _CASE_DAY,
        column("cases", "bigint", "cases begun on the day"),
        column("moved", "bigint", "those that changed teams at least once"),
        column("moves", "bigint", "changes of team"),
        column("came_back", "bigint", "those that went from a team to another and straight back"),
        column("reworked", "bigint", "those in which a stage was done more than once"),
    ),
)

HANDED_CELL = TableSchema(
    "handed_cell",
    "Kept and broken items of a promise by how a stage of its chain handed them over.",
    (
        _CHAIN,
        _PROMISE,
        _DAY,
        _VERSION,
        _POSITION,
        column("late_broken", "bigint", "handed over late, and broken"),
        column("late_kept", "bigint", "handed over late, and kept"),
        column("timely_broken", "bigint", "handed over within the budget, and broken"),
        column("timely_kept", "bigint", "handed over within the budget, and kept"),
    ),
    segments_after="position",
)

LATE_STAGE = TableSchema(
    "late_stage",
    "Where the minutes of late items went: each item's lateness shared among the stages of its chain, adding up to it exactly.",
    (
        _CHAIN,
        _PROMISE,
        column("item_id", "varchar", "the item's id, as text"),
        _DAY,
        _VERSION,
        column(
            "position",
            "integer",
            "the stage's place in the chain, from 1; 0 is outside the declared stages, −1 what the budgets exceed the promise by",
        ),
        column("spent_us", "bigint", "microseconds of the promise's clock spent there"),
        maybe("budget_us", "bigint", "microseconds it might have taken"),
        column(
            "late_us",
            "bigint",
            "microseconds of the lateness that are its own; negative where it recovered time",
        ),
    ),
    segments_after="late_us",
)

OPEN_STAGE = TableSchema(
    "open_stage",
    "The stage that each item is in which is open, or overdue and not done, of promises that a chain keeps.",
    (
        _CHAIN,
        _PROMISE,
        column("item_id", "varchar", "the item's id, as text"),
        column("position", "integer", "the stage's place in the chain, from 1"),
        maybe("since", "timestamp", "when the last stage before it was done, or the case began, UTC"),
    ),
)

DISPUTE = TableSchema(
    "dispute",
    "Late minutes whose owner says that they are not its own (the ledger), as of the snapshot's moment.",
    (
        _CHAIN,
        column("stage", "varchar", "the stage"),
        maybe("promise_id", "varchar", "of which promise; null of all"),
        maybe("item_id", "varchar", "of which item; null of all"),
        maybe("from_day", "date", "the first local day of its items; null from the beginning"),
        maybe("to_day", "date", "the last local day; null without end"),
        column("team", "varchar", "who disputes"),
        column("who", "varchar", "who wrote it"),
        column("because", "varchar", "why"),
        column("written_at", "timestamp", "when it was written, UTC"),
    ),
)

OF_CHAINS = (
    CHAIN, CHAIN_STAGE, CHAIN_EXPECTATION, STAGE_CELL, STAGE_TIME_DAILY, INPUT_DAILY, PATH_DAILY, HANDED_CELL, LATE_STAGE,
    OPEN_STAGE,
)  # fmt: skip
"""Those that judging chains fills, each by chain, anew at every refresh."""

OUTSIDE, UNFUNDED = 0, -1
"""Places in `late_stage` of what is no stage: outside the declared stages, and what the budgets exceed the promise by."""
