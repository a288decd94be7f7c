"""The tables of event logs in a snapshot: why cases waited between activities, who did what, and which way cases took."""

from aspromised.schema.table import TableSchema, column, maybe

_CHAIN = column("chain_id", "varchar", "the chain's id in the YAML")
_NOT_TOLD = "null where the log does not tell"

LOG_READ = TableSchema(
    "log_read",
    "What the event log of each chain tells ([how](waiting.md)): a row a chain that is read from a log.",
    (
        _CHAIN,
        maybe("instances", "bigint", "activities done or begun by the snapshot's moment; null where it could not be read"),
        maybe("left_out", "bigint", "rows of the log that cannot be read: without a case, an activity or a time, or ending before they begin"),
        maybe("unfinished", "bigint", "cases that had not come to the end of the chain by the snapshot's moment"),
        column("tells_work", "boolean", "whether it tells when work began (`started:`)"),
        column("tells_resource", "boolean", "whether it tells who did it (`resource:`)"),
        column("tells_team", "boolean", "whether it tells which team did it (`team:`)"),
        maybe("problem", "varchar", "why it could not be read; null where it was"),
    ),
)  # fmt: skip

HANDOFF_DAILY = TableSchema(
    "handoff_daily",
    "Handoffs from one activity to the next by who did both and the day the wait ended, with the seconds waited by cause. The five"
    " causes add up to the waiting where all are told; without a resource, or without times of work, at most the last two are:"
    " outside and inside the opening hours of the stage.",
    (
        _CHAIN,
        column("day", "date", "the local day on which the second activity began"),
        column("from_activity", "varchar", "the activity that ended: its stage's name where it is declared"),
        column("to_activity", "varchar", "the activity that began"),
        maybe("from_resource", "varchar", "who did the first"),
        maybe("to_resource", "varchar", "who did the second"),
        maybe("from_team", "varchar", "the team that did the first"),
        maybe("to_team", "varchar", "the team that did the second"),
        column("handoffs", "bigint", "how often"),
        column("cases", "bigint", "cases of which this is the first handoff between the two activities"),
        column("cases_by_team", "bigint", "cases of which it is the first between the two activities and teams"),
        column("cases_by_resource", "bigint", "cases of which it is the first between the two activities and resources"),
        column("waiting_s", "double", "seconds between them"),
        maybe("batching_s", "double", f"of those: until the batch was complete; {_NOT_TOLD}"),
        maybe("prioritisation_s", "double", f"its resource worked on what had come later; {_NOT_TOLD}"),
        maybe("contention_s", "double", f"its resource worked on what had come no later; {_NOT_TOLD}"),
        maybe("unavailability_s", "double", f"outside the hours of its resource, or of its stage; {_NOT_TOLD}"),
        maybe("extraneous_s", "double", f"inside them, and nothing else explains it; {_NOT_TOLD}"),
    ),
)  # fmt: skip

ACTIVITY_DAILY = TableSchema(
    "activity_daily",
    "What was done in event logs, by team and the day it ended (or, still going on, the snapshot's).",
    (
        _CHAIN,
        column("day", "date", "the local day"),
        column("activity", "varchar", "the activity: its stage's name where it is declared"),
        maybe("kind", "varchar", "its stage's kind; null where it is not declared"),
        maybe("team", "varchar", "the team that did it"),
        column("times", "bigint", "how often"),
        column("handed_up", "bigint", "how often an escalation followed from it"),
        maybe("worked_s", "double", f"seconds of work; {_NOT_TOLD}"),
    ),
)

COURSE_DAILY = TableSchema(
    "course_daily",
    "Cases that came to the end of their chain, by the day of their last activity and the way they took.",
    (
        _CHAIN,
        column("day", "date", "the local day"),
        maybe("course", "varchar[]", "the activities in order, one done several times running once; null of rare ways off the declared one"),
        column("is_declared", "boolean", "whether it is the declared way: no stage left out, none before its turn, nothing else"),
        column("why", "varchar[]", "how it left the declared way, in words"),
        column("cases", "bigint", "cases"),
        column("decided", "bigint", "those with an approval or an escalation"),
        column("first_level", "bigint", "those of them decided by the first who was asked"),
        column("hand_ups", "bigint", "escalations in them"),
        maybe("one_team", "bigint", f"those in which no activity was done by several teams; {_NOT_TOLD}"),
    ),
)  # fmt: skip

OF_LOGS = (LOG_READ, HANDOFF_DAILY, ACTIVITY_DAILY, COURSE_DAILY)
"""Those that judging the waiting of chains fills, anew at every refresh."""
