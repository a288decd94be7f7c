"""The tables of a snapshot: what notebooks and pages read. Names and columns are a contract: add, never rename.

When one changes here, raise `LAYOUT` in `store/snapshot.py`: a test notices.
"""

from aspromised.schema.chains import DISPUTE, OF_CHAINS
from aspromised.schema.table import TableColumn, TableSchema, column, maybe
from aspromised.schema.waiting import OF_LOGS
from aspromised.schema.warehouse import LOADED_HEALTH as LOADED_SOURCE_HEALTH
from aspromised.schema.warehouse import ROWS_SET_ASIDE as LOADED_SET_ASIDE
from aspromised.words.vocabulary import NONE_VALUE

VERDICT_COUNTS = (
    column("kept", "bigint", "items kept"),
    column("broken", "bigint", "items broken"),
    column("open", "bigint", "items not decided yet: in no rate"),
    column("exempt", "bigint", "items exempted by a rule, a correction or a cancellation: in no rate"),
    column("unknown", "bigint", "items that cannot be judged for want of data: in no rate"),
    column("not_promised", "bigint", "items to which nothing was promised, as before the first version: in no rate"),
)  # fmt: skip
"""What verdicts are added up to."""

COUNT_NAMES = tuple(each.name for each in VERDICT_COUNTS)

_PROMISE = column("promise_id", "varchar", "the promise's id in the YAML")
_PROMOTION = column("promotion_id", "varchar", "the promotion's id in the YAML")
_DAY = maybe("day", "date", "the local day the items are counted on (`counted:` of the promise); null where no moment is known")  # fmt: skip
_VERSION = column(
    "version", "integer", "the version of the promise in force when the clock started, counted from 1"
)
_STARTED_DAY = "the local day the items started"
_BROUGHT = maybe("brought", "varchar", "the promotion that brought the items; null where none did")
_SEGMENT = column("segment", "varchar", "the segment's name; `(all)` for the whole")
_VALUE = column(
    "value",
    "varchar",
    f"the segment's value, `{NONE_VALUE}` where the row has none, in quotes where that is its text; `(all)` for the whole",
)

META = TableSchema(
    "meta",
    "Facts of the whole snapshot, a row each.",
    (column("key", "varchar", "which fact: see below"), column("value", "varchar", "the fact as text")),
)

META_KEYS = {
    "id": "the snapshot's name; names sort by the time of publishing",
    "layout": "the version of these tables",
    "as_of": "the moment of every verdict, ISO 8601 with the company's offset",
    "as_of_day": "its local day",
    "timezone": "the company's time zone",
    "company": "the company's name",
    "week_starts": "the first day of the company's week: `monday`, …",
    "fiscal_year_starts": "the first month of its fiscal year: `january`, …",
    "workspace": "the name of the workspace's folder",
    "refreshed_at": "when it was made, ISO 8601, UTC",
    "seconds": "how long that took",
    "rows_in": "rows read from all sources",
    "items": "items judged",
    "engine": "what judged them, and its version",
    "ledger_events": "how many events the ledger held",
    "ledger_hash": "the hash of the last of them",
    "ledger_since": "when that was looked at, ISO 8601, UTC",
}
"""What `meta` holds; those of the ledger are absent where it could not be read."""

PROMISE = TableSchema(
    "promise",
    "The promises as declared today. One that cannot be read has its id as claim, and its `problem`.",
    (
        _PROMISE,
        column("claim", "varchar", "the words customers read, of the last version"),
        maybe("about", "varchar", "speed, accuracy, ease, consistency, communication, availability or service"),
        maybe("made_by", "varchar", "the team that says it"),
        maybe("kept_by", "varchar", "the team that must keep it"),
        column("said_in", "varchar[]", "where it is said"),
        maybe("subject", "varchar", "promises with one subject are compared across channels"),
        maybe("target", "double", "the share of items to be kept, 0 to 1, of the last version"),
        maybe("window", "varchar", "over what it is judged: `month`, `rolling 28 days`, …"),
        maybe("counted", "varchar", "which day an item belongs to: `due`, `started` or `done`"),
        maybe("at_least", "integer", "items below which its status is *too few*"),
        maybe("kind", "varchar", "the kind of its measure: `clock`, `check`, `counts`, `repeat`, `spread` or one not judged yet"),
        maybe("source", "varchar", "the source of its items"),
        maybe("chain", "varchar", "the value chain that keeps it"),
        maybe("budget_policy", "varchar", "shown when the budget of misses is spent"),
        maybe("review_by", "date", "when it is to be reviewed"),
        column("segments", "varchar[]", "the names of its segments"),
        maybe("spread_of", "varchar", "of a spread: the promise whose units are compared"),
        maybe("across", "varchar", "of a spread: the segment whose values are the units"),
        maybe("at_most", "double", "of a spread: the standard deviation between units, at most, as a share"),
        maybe("problem", "varchar", "why it could not be judged; null where it was"),
        maybe("reads", "varchar[]", "the sources that decide its verdicts, those that views read too; null where it was not judged"),
    ),
)  # fmt: skip

PROMISE_VERSION = TableSchema(
    "promise_version",
    "What was promised, from when: a row a promise and version.",
    (
        _PROMISE,
        column("version", "integer", "counted from 1, oldest first"),
        maybe("from_day", "date", "its first local day; null from the beginning"),
        maybe("to_day", "date", "the first local day of the next version; null for the last"),
        column("claim", "varchar", "the words customers read"),
        column("target", "double", "the share of items to be kept, 0 to 1"),
        maybe("length", "varchar", "of a clock: what was promised, in words"),
    ),
)

VERDICT_CELL = TableSchema(
    "verdict_cell",
    "Counts by promise, day, version and every combination of segment values: what all other counts are sums of.",
    (_PROMISE, _DAY, _VERSION, *VERDICT_COUNTS),
    segments_after="version",
)

VERDICT_DAILY = TableSchema(
    "verdict_daily",
    "Counts by promise, day and version, for the whole and for each value of each segment. Take the whole, or one"
    " segment: each adds up to the same.",
    (_PROMISE, _DAY, _VERSION, _SEGMENT, _VALUE, *VERDICT_COUNTS),
)

LATENESS_DAILY = TableSchema(
    "lateness_daily",
    "Of clocks: items done, by how late they were.",
    (
        _PROMISE,
        _DAY,
        _VERSION,
        _SEGMENT,
        _VALUE,
        column("bucket", "integer", "0 is less than a second early or late, n > 0 is 1.05^(n−1) to 1.05^n seconds late, n < 0 as much early;"
               " in segments −9999 is all that was kept"),
        column("items", "bigint", "items done"),
        column("kept", "bigint", "those of them kept"),
    ),
)  # fmt: skip

ITEM = TableSchema(
    "item",
    "The items a person may want to look at: all that are not kept and to which something was promised. Of `counts`"
    " those that could not be judged or are exempt.",
    (
        _PROMISE,
        maybe("item_id", "varchar", "the item's id, as text; null of `counts`, and where the row has none"),
        _DAY,
        _VERSION,
        maybe("started", "timestamp", "when its clock started, UTC"),
        maybe("due", "timestamp", "when it was due, UTC, pauses counted in"),
        maybe("done", "timestamp", "when it was done, UTC, if by the snapshot's moment"),
        column("verdict", "varchar", "`broken`, `open`, `exempt` or `unknown`"),
        maybe("reason", "varchar", "why, in words"),
        maybe("exempt_by", "varchar", "of exempt items: `rule`, `correction` or `cancelled`"),
        maybe("otherwise", "varchar", "of promises that may exempt: the verdict had nothing exempted it"),
        maybe("late_seconds", "double", "seconds from due to done, or to the snapshot's moment; negative is early"),
        maybe("clock_left_seconds", "double", "of clocks, open or broken: seconds left on the promise's own clock; negative is over"),
        column("items", "bigint", "how many items the row stands for: 1; of `counts` those it told of, as they are counted"),
    ),
    segments_after="items",
)  # fmt: skip

EXEMPT_DAILY = TableSchema(
    "exempt_daily",
    "Exempt items by what exempts them, and what they would have been.",
    (
        _PROMISE,
        _DAY,
        _VERSION,
        maybe("exempt_by", "varchar", "`rule`, `correction` or `cancelled`"),
        maybe("reason", "varchar", "the reason given"),
        column("items", "bigint", "items exempted"),
        column("kept", "bigint", "those that would have been kept"),
        column("broken", "bigint", "those that would have been broken"),
        column("open", "bigint", "those that would not be told yet"),
    ),
)

_CORRECTED = "whether a correction exempts them if counted on the day they"

BASIS_DAILY = TableSchema(
    "basis_daily",
    "Of clocks: kept, broken and open items by every day they might have been counted on, and what corrections alone exempt:"
    " what other definitions of the promise would have said.",
    (
        _PROMISE,
        _DAY,
        _VERSION,
        maybe("started_day", "date", "the local day they started"),
        maybe("due_day", "date", "the local day they were due"),
        maybe("done_day", "date", "the local day they were done"),
        column(
            "verdict", "varchar", "`kept`, `broken` or `open`; `exempt` of what a correction alone exempts"
        ),
        column("on_limit", "boolean", "whether done on the very limit"),
        maybe("original_day", "date", "the local day of the date first given (`originally_by`)"),
        maybe("original_verdict", "varchar", "the verdict by the date first given"),
        maybe("moved", "boolean", "whether the date was moved since"),
        maybe("otherwise", "varchar", "of exempt ones: the verdict without corrections"),
        maybe("corrected_started", "boolean", f"{_CORRECTED} started; null without corrections"),
        maybe("corrected_due", "boolean", f"{_CORRECTED} were due"),
        maybe("corrected_done", "boolean", f"{_CORRECTED} were done"),
        maybe("corrected_original", "boolean", f"{_CORRECTED} were first to be done"),
        column("items", "bigint", "items"),
    ),
)

LEFT_MONTHLY = TableSchema(
    "left_monthly",
    "Of clocks: with how much time left items began and ended, and how they stood on past evenings, for the whole and for each"
    " value of each segment, over seven months ([what it is for](tonight.md)).",
    (
        _PROMISE,
        column("day", "date", "the first day of the local month in which the items fall due"),
        _SEGMENT,
        _VALUE,
        column("what", "varchar", "`started`, and how each ended: `done` in time, `cancelled`, `broken`, or `open` still;"
               " `evening done`, `evening cancelled` and `evening broken`: what became of those that waited at the end of a local day"),
        column("bucket", "integer", "what was then left on the promise's own clock: 0 is less than a second, n > 0 is 1.05^(n−1) to 1.05^n seconds;"
               " 9999 where the start is not known"),
        column("items", "bigint", "items"),
    ),
)  # fmt: skip

CHANCE_LEFT = TableSchema(
    "chance_left",
    "Of clocks: the chance to break by what is left, of the whole and of each value of the segment by which chances are told"
    " best ([how](tonight.md)). Of too few items there is no row.",
    (
        _PROMISE,
        _SEGMENT,
        _VALUE,
        column("bucket", "integer", "what is left, as in `left_monthly`"),
        column("at_lower", "double", "the chance with as little left as the bucket begins with, 0 to 1"),
        column("at_upper", "double", "the chance with as much left as it ends with; between them it goes in a line"),
        column("known_of", "bigint", "items that had so much left, and of which it is known what became of them"),
    ),
)  # fmt: skip

CHANCE_CHECKED = TableSchema(
    "chance_checked",
    "How the chances told on past evenings fared, each learnt from months before alone: add up what is wanted.",
    (
        _PROMISE,
        column("day", "date", "the first day of the month in which the evenings lie and the items fell due"),
        column("tenth", "integer", "the chance told: 0 is under 10 %, 9 is 90 % and over"),
        column("items", "bigint", "items that waited on an evening, once an evening"),
        column("broken", "bigint", "those of them that broke"),
        column("told", "double", "the sum of the chances told"),
        column("squared", "double", "the sum of squared errors: ÷ items is the Brier score"),
        column("squared_base", "double", "the same had each been told the share that broke of those who waited in the months before"),
    ),
)  # fmt: skip

OPEN_CHANCE = TableSchema(
    "open_chance",
    "Of clocks: the chance to break of each item that is open. One of which too little is known has no chance.",
    (
        _PROMISE,
        column("item_id", "varchar", "the item's id, as text"),
        maybe("chance", "double", "the chance that it will be broken, 0 to 1"),
        maybe("low", "double", "that chance at least (95 % interval)"),
        maybe("high", "double", "that chance at most (95 % interval)"),
        maybe("known_of", "bigint", "on how many items that rests"),
        maybe("segment", "varchar", "the segment by which it is told; `(all)` for the whole"),
        maybe("value", "varchar", "that segment's value of the item"),
    ),
)

LAUNCH_CELL = TableSchema(
    "launch_cell",
    "Of promises that a promotion leans on, or some of whose items a declared change touches: counts by the day items"
    " *started*, the promotion that brought them, and every combination of segment values.",
    (_PROMISE, maybe("day", "date", _STARTED_DAY), _BROUGHT, *VERDICT_COUNTS),
    segments_after="brought",
)

KNOWN_DAILY = TableSchema(
    "known_daily",
    "Of promises that a gate asks: what was known of each day, from when until when. The state at the end of day D has"
    " `known_from <= D` and `known_until` later or null.",
    (
        _PROMISE,
        maybe("day", "date", "the local day the items were counted on, as it was then known"),
        column("known_from", "date", "the local day from whose end on it was known"),
        maybe("known_until", "date", "the local day by whose end it no longer held; null: it still does"),
        column("kept", "bigint", "items known to be kept"),
        column("broken", "bigint", "items known to be broken"),
        column("open", "bigint", "items then open"),
    ),
)

USUAL_DAILY = TableSchema(
    "usual_daily",
    "Of promises that a promotion leans on: what broke by the day items *started*, beside what was to be expected.",
    (
        _PROMISE,
        column("day", "date", _STARTED_DAY),
        column("version", "integer", "the version in force on that day"),
        _BROUGHT,
        column(
            "outside", "boolean", "whether they lie outside the shared capacity (`outside:` of a capacity)"
        ),
        column("quiet", "boolean", "whether no promotion ran on the day or had just ended"),
        column("items", "bigint", "items decided"),
        column("broken", "bigint", "those of them broken"),
        column("open", "bigint", "items still open"),
        maybe("expected", "double", "broken items to be expected of such items, learnt from the quiet days"),
        maybe("spread", "double", "the binomial variance of that number"),
    ),
)

LAUNCH_HARM = TableSchema(
    "launch_harm",
    "What broke while a promotion ran early, beside what was to be expected ([how](launches-harm.md)): a row a promise"
    " and who. Figures are null where they cannot be told.",
    (
        _PROMOTION,
        column("first", "date", "the first local day looked at: the launch's"),
        column("until", "date", "the local day after the last: the day it was ready, or ended"),
        column("position", "integer", "the row's place, from 0: promises it leans on first"),
        _PROMISE,
        column("claim", "varchar", "the promise's words"),
        maybe("source", "varchar", "the source of its items"),
        column("leaned_on", "boolean", "whether the promotion leans on the promise"),
        column("who", "varchar", "`buyers` (brought by the promotion), `others` or `all`"),
        column("items", "bigint", "items started on those days and decided"),
        column("broken", "bigint", "those of them broken"),
        maybe("expected", "double", "broken items to be expected"),
        maybe("excess", "double", "broken less expected"),
        maybe("low", "double", "the excess at least (95 % interval)"),
        maybe("high", "double", "the excess at most (95 % interval)"),
        maybe("p", "double", "the probability of so many or more without harm"),
        maybe("reference_days", "integer", "quiet days before that the level was read from"),
        maybe("reference_first", "date", "the first of them"),
        maybe("reference_last", "date", "the last of them"),
        maybe("placebos", "integer", "quiet stretches of the same length without overlap"),
        maybe("placebo_rank", "integer", "how many of all quiet stretches had no larger excess"),
        maybe("placebo_days", "integer", "their length in days"),
        column("undecided_days", "integer", "days left out since too many of their items are open"),
        column("control_items", "bigint", "items outside the shared capacity on the same days"),
        maybe("control_did", "double", "the excess beside those, in items: difference in differences"),
        maybe("control_low", "double", "the same at least (95 % interval)"),
        maybe("control_high", "double", "the same at most (95 % interval)"),
        column("standing", "varchar", "`more than usual`, `fewer than usual`, `no more than usual` or `cannot tell`"),
    ),
)  # fmt: skip

DEMAND_DAILY = TableSchema(
    "demand_daily",
    "Items of each source whose demand a promotion speaks of, by the day they came in, as far as they were known.",
    (
        column("source", "varchar", "the source"),
        maybe("day", "date", "the local day they came in"),
        _BROUGHT,
        column("items", "bigint", "items"),
    ),
)

ANSWERING = TableSchema(
    "answering",
    "Capacities that are agents who answer at once, as declared: what Erlang C needs.",
    (
        column("capacity", "varchar", "the capacity's id in the YAML"),
        column("agents", "integer", "how many are at work at one time"),
        column("handling_seconds", "double", "how long one takes, on average"),
        column("within_seconds", "double", "how soon it should be answered"),
        column("kept_at_least", "double", "the share to be answered so soon, 0 to 1"),
        column("open_seconds", "double", "how long a day they answer"),
    ),
)

CORRECTION = TableSchema(
    "correction",
    "Days exempted for a reason that somebody approved: a row a correction and promise.",
    (
        _PROMISE,
        column("correction_id", "varchar", "the correction's id in the YAML"),
        column("from_day", "date", "the first local day"),
        column("to_day", "date", "the last local day, included"),
        column("reason", "varchar", "why"),
        column("approved_by", "varchar", "who approved it"),
    ),
)

PROMOTION = TableSchema(
    "promotion",
    "The promotions as declared. One that cannot be read has its id as `says`, and its `problem`.",
    (
        _PROMOTION,
        column("says", "varchar", "the words customers read"),
        maybe("run_by", "varchar", "the team that runs it"),
        maybe("announced", "timestamp", "when customers first heard of it, UTC"),
        maybe("launched", "timestamp", "when it starts or started, UTC"),
        maybe("ends", "timestamp", "when it ends or ended, UTC"),
        maybe("cancelled", "boolean", "whether it was called off"),
        column("leans_on", "varchar[]", "the promises it leans on"),
        maybe("expects_demand", "double", "the expected change of demand, as a share: 0.6 is +60 %"),
        maybe("basis", "varchar", "what that rests on"),
        maybe("problem", "varchar", "why it cannot be read; null where it can"),
    ),
)

GATE = TableSchema(
    "gate",
    "What must be ready before a promotion goes out, with what came of it on the day that decides"
    " ([how](launches.md)).",
    (
        _PROMOTION,
        column("position", "integer", "the gate's place among the promotion's, from 1"),
        column("gate", "varchar", "what must be ready, in words"),
        column("kind", "varchar", "`promise`, `capacity`, `sql` or `sign-off`"),
        column("needed", "varchar", "what it needs, in words"),
        column("optional", "boolean", "whether launch may go ahead without it"),
        maybe("asks_of", "varchar", "the promise, capacity or team it asks; null of `sql`"),
        maybe("at_least", "double", "what its value must reach"),
        maybe("at_most", "double", "what its value must not exceed"),
        column("judged_on", "date", "the local day that decides: of the launch, or of the snapshot where that is ahead"),
        maybe("value", "double", "its value on that day: a kept rate, a headroom, a query's number"),
        maybe("met", "boolean", "whether it was met; null where nobody can tell"),
        column("evidence", "varchar", "why, in words"),
        maybe("first_met", "date", "the first day it was met"),
        maybe("lost_on", "date", "the last day until then on which it was lost"),
        maybe("met_on", "date", "the day from which it was met until the day that decides, or first after it"),
        maybe("lost_again", "date", "the first day after `met_on` on which it was not met, or nobody could tell"),
        column("not_known", "varchar[]", "what cannot be known of the past, in words"),
    ),
)  # fmt: skip

GATE_DAILY = TableSchema(
    "gate_daily",
    "Every gate on every day it was looked at, as of that day.",
    (
        _PROMOTION,
        column("position", "integer", "the gate's place among the promotion's, from 1"),
        column("day", "date", "the local day"),
        maybe("value", "double", "its value"),
        maybe("needed", "double", "the value needed"),
        maybe("met", "boolean", "whether it was met; null where nobody can tell"),
        column("evidence", "varchar", "why, in words"),
    ),
)

READINESS = TableSchema(
    "readiness",
    "The verdict on each promotion.",
    (
        _PROMOTION,
        column("verdict", "varchar", "`ready`, `launched_before_ready`, `planned_ready`, `planned_not_ready`, `cannot_tell`"
               " or `cancelled`"),
        maybe("ready_on", "date", "of one launched early: the first day after the launch on which every gate held"),
        maybe("days_early", "integer", "`ready_on` less the day of the launch; 0 where it was ready; null where nobody can tell, it is not ready yet, or it is to come"),
        maybe("launched_day", "date", "the local day of the launch"),
        maybe("ends_day", "date", "its last local day"),
        maybe("ready_since", "date", "of one that is ready: the first day of the unbroken run of readiness"),
        maybe("judged_on", "date", "the local day that decides"),
        column("missing", "varchar[]", "the gates not met on that day, and those nobody can tell of"),
        column("why", "varchar", "the verdict in a sentence"),
    ),
)  # fmt: skip

LOAD_DAILY = TableSchema(
    "load_daily",
    "What each capacity could take a day, and what came.",
    (
        column("capacity", "varchar", "the capacity's id in the YAML"),
        column("day", "date", "the local day"),
        maybe("available", "double", "units available"),
        maybe("load", "double", "units of work that came; null where not known"),
        maybe("usual", "double", "the usual load: a weighted mean of the six whole weeks before"),
        maybe("promoted", "double", "units of work that promotions brought"),
        column("expected_uplift", "double", "the demand that promotions running on the day are expected to add, as a share"),
        maybe("headroom", "double", "available ÷ (usual × (1 + expected uplift)) − 1, of what was known on the day to be available"),
    ),
)  # fmt: skip

CHANGE = TableSchema(
    "change",
    "What changed in the company, as declared.",
    (
        column("change_id", "varchar", "the change's id in the YAML"),
        column("on", "date", "the local day"),
        column("what", "varchar", "what changed"),
        column("touches", "varchar", "which segment values it touches: JSON, `{}` for all"),
    ),
)

_SUPPLIER = column("supplier", "varchar", "the team that serves the other; `company` of the staff pulse")
_CUSTOMER = column("customer", "varchar", "the team that is served")

RATING_SCALE = TableSchema(
    "rating_scale",
    "Ratings between departments as declared: one row, none where none are declared.",
    (
        column("source", "varchar", "the source they are read from"),
        maybe("lowest", "double", "the worst score; null where the declaration cannot be read"),
        maybe("out_of", "double", "the best score"),
        maybe(
            "required", "double", "the score required of every supplier; null where it is by pair, or none is"
        ),
        maybe("problem", "varchar", "why they could not be counted; null where they were"),
    ),
)

RATING_REQUIRED = TableSchema(
    "rating_required",
    "The scores required by pair of teams, as declared.",
    (
        _SUPPLIER,
        _CUSTOMER,
        maybe("from_day", "date", "the first local day it is required; null from the beginning"),
        column("score", "double", "the score required"),
    ),
)

RATING_DAILY = TableSchema(
    "rating_daily",
    "Ratings between departments by pair, dimension, direction and day: means are `sum(total) / sum(ratings)`.",
    (
        _SUPPLIER,
        _CUSTOMER,
        column(
            "dimension",
            "varchar",
            "what was rated: `quality`, `timeliness`, … ; `overall` where nothing is named",
        ),
        column(
            "direction",
            "varchar",
            "`of supplier`: the customer rates its supplier; `of customer`: the supplier its customer",
        ),
        column("day", "date", "the local day"),
        column("ratings", "bigint", "how many ratings"),
        column("total", "double", "the sum of their scores"),
        column("squares", "double", "the sum of the squares of their scores"),
        maybe("required", "double", "the score required on that day; null where none was"),
        maybe("met", "bigint", "ratings that reached it; null where none was required"),
    ),
)

RATING_NOTE = TableSchema(
    "rating_note",
    "What is to be known of ratings that could not be counted, or name a team that the company does not.",
    (
        column("reason", "varchar", "why, in words"),
        column("ratings", "bigint", "how many ratings"),
        column("left_out", "boolean", "whether they are in no mean"),
    ),
)
_KEPT_OF = tuple(
    column(f"{side}_{span}_{what}", "bigint", f"{'items kept' if what == 'kept' else 'items decided'} {where}, {when}")
    for side, where in (("touched", "where the change touched"), ("others", "elsewhere"))
    for span, when in (
        ("earlier", "as long before the days before it"), ("before", "in the days before it"), ("since", "since"),
    )
    for what in ("kept", "items")
)  # fmt: skip

CHANGE_EFFECT = TableSchema(
    "change_effect",
    "What came of each declared change, by promise: before and since, where it touched and elsewhere ([how](changes.md))."
    " A promise that has none of the segments it touches has no row.",
    (
        column("change_id", "varchar", "the change's id in the YAML"),
        _PROMISE,
        column("verdict", "varchar", "`helped`, `made worse`, `no evidence`, `too early`, `too few` or `no comparison`"),
        maybe("why", "varchar", "why nothing is compared; null where something is, or it is too early or there are too few"),
        column("before_first", "date", "the first local day looked at before the change"),
        column("since_last", "date", "the last one looked at since"),
        column("by_start", "boolean", "whether items stand on the day they started; else on the day they are counted on"),
        *_KEPT_OF,
        column("since_days", "integer", "days since the change on which nearly all is decided"),
        maybe("effect", "double", "the share kept more since, beyond elsewhere, the mix taken into account: difference in differences"),
        maybe("low", "double", "the same at least (95 % interval)"),
        maybe("high", "double", "the same at most (95 % interval)"),
        maybe("p", "double", "the probability of so large a difference without an effect"),
        maybe("adjusted_p", "double", "the same for all promises that the change touches together (Holm)"),
        maybe("returned", "boolean", "whether the days before were unusual themselves, so that a return to the usual looks the same"),
    ),
)  # fmt: skip

SERVICE_ACT = TableSchema(
    "service_act",
    "What people did about internal service and wrote into the ledger, as of the snapshot's moment.",
    (
        column("kind", "varchar", "`brief`: a customer handed its brief to its supplier; `chain-review`: a chain was reviewed"),
        maybe("chain_id", "varchar", "the chain, of a review"),
        maybe("supplier", "varchar", "who was handed the brief"),
        maybe("customer", "varchar", "whose brief it is"),
        maybe("note", "varchar", "what is worth remembering"),
        column("who", "varchar", "who wrote it"),
        column("written_at", "timestamp", "when it was written, UTC"),
    ),
)  # fmt: skip

DECLARATION_PROBLEM = TableSchema(
    "declaration_problem",
    "What `aspromised check` tells of the YAML, and what a refresh could not tell.",
    (
        column("code", "varchar", "which kind of problem"),
        column("severity", "varchar", "`error`, `warning` or `note`"),
        column("message", "varchar", "what is wrong and how to mend it"),
        maybe("path", "varchar", "the file, from the workspace"),
        maybe("line", "integer", "the line, from 1"),
        maybe("column", "integer", "the column, from 1"),
        maybe("frame", "varchar", "the line with a caret under the place"),
    ),
)

JUDGING = TableSchema(
    "judging",
    "How each table of counts was filled: what `aspromised why` prints.",
    (
        _PROMISE,
        column("table_name", "varchar", "the table filled"),
        column("sql", "varchar", "the query over the promise's judged items"),
        column("rows", "bigint", "the promise's rows in the table, or of its whole"),
        column("seconds", "double", "how long it took"),
    ),
)

JUDGED_FROM = TableSchema(
    "judged_from",
    "What the snapshot was judged from, so that the next judges only what changed. Not for notebooks: it changes"
    " without notice.",
    (
        column("what", "varchar", "the kind of thing"),
        column("name", "varchar", "which one"),
        column("value", "varchar", "what it was"),
    ),
)

SOURCE_HEALTH = TableSchema(
    "source_health",
    "How each source fared when it was last loaded, and how fresh it was.",
    (
        *LOADED_SOURCE_HEALTH.columns[:7],
        maybe("newest", "timestamp", "the newest record up to the snapshot's moment, UTC: by `arrived`, else `latest_by`, else what"
              " the promises that read it say happened; null where nothing tells"),
        *LOADED_SOURCE_HEALTH.columns[7:],
        maybe("fresh_within", "varchar", "how fresh it should be, in words"),
        maybe("fresh_seconds", "double", "the same in seconds"),
        maybe("rows_before", "bigint", "of a file or a query that has no rows: how many it last had; null where it never had any, or was loaded with `--force` since"),
    ),
)  # fmt: skip

SET_ASIDE = TableSchema("set_aside", LOADED_SET_ASIDE.meaning, LOADED_SET_ASIDE.columns)

JUDGED_TABLES = (
    PROMISE, PROMISE_VERSION, VERDICT_CELL, VERDICT_DAILY, LATENESS_DAILY, ITEM, EXEMPT_DAILY, BASIS_DAILY, LAUNCH_CELL,
    KNOWN_DAILY, USUAL_DAILY, LAUNCH_HARM, DEMAND_DAILY, ANSWERING, CORRECTION, PROMOTION, GATE, GATE_DAILY, READINESS,
    LOAD_DAILY, CHANGE, CHANGE_EFFECT, RATING_SCALE, RATING_REQUIRED, RATING_DAILY, RATING_NOTE, SERVICE_ACT, DECLARATION_PROBLEM, JUDGING,
    LEFT_MONTHLY, CHANCE_LEFT, CHANCE_CHECKED, OPEN_CHANCE, *OF_LOGS, *OF_CHAINS, DISPUTE,
)  # fmt: skip
"""The tables that judging makes, in a snapshot or, to look at another moment, as temporary ones."""

FILLED = tuple(
    each.name
    for each in (
        VERDICT_CELL,
        VERDICT_DAILY,
        LATENESS_DAILY,
        ITEM,
        EXEMPT_DAILY,
        BASIS_DAILY,
        LEFT_MONTHLY,
        LAUNCH_CELL,
        KNOWN_DAILY,
    )
)
"""Those that judging a promise fills, each by promise and the day its items are counted on (`launch_cell`: the day they
started; `left_monthly`: the month they fall due)."""

SNAPSHOT_TABLES = (META, *JUDGED_TABLES, SOURCE_HEALTH, SET_ASIDE, JUDGED_FROM)

RESERVED = frozenset(
    {each.name for table in SNAPSHOT_TABLES if table.segments_after for each in table.columns}
    | {"segment", "value", "cancelled"}
)
"""Names that a segment's column cannot have: of columns beside it, and of steps of the verdict's query."""


def segment_column(name: str) -> str:
    """Return the column a segment stands in: its name, with an underscore where that name is taken.

    >>> segment_column("region"), segment_column("day")
    ('region', 'day_')
    """
    return f"{name}_" if name.lower() in RESERVED else name


def segment(name: str) -> TableColumn:
    """Return the column of a segment."""
    return maybe(segment_column(name), "varchar", "the item's value of the segment")
