"""The closed vocabulary of authors' SQL. To allow more, add it here, and a line with its meaning in docs/functions.md.

Functions that build values of unbounded size (repeat, range, lpad, format, list functions) stay out: one call of
them cannot be interrupted.
"""

from sqlglot import exp

SCALAR_NODES: frozenset[type] = frozenset({
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Var, exp.DataType,
    exp.DataTypeParam, exp.Interval, exp.Tuple, exp.AtTimeZone,
    exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between, exp.Case, exp.If, exp.Cast, exp.TryCast,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Distinct,
    exp.Like, exp.ILike, exp.SimilarTo, exp.Glob,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.DPipe, exp.Pow,
})  # fmt: skip
"""What one scalar expression may be made of."""

QUERY_NODES: frozenset[type] = frozenset({
    exp.Select, exp.Subquery, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered,
    exp.Limit, exp.Offset, exp.Union, exp.Intersect, exp.Except, exp.With, exp.CTE, exp.Table, exp.TableAlias,
    exp.Alias, exp.Star, exp.Window, exp.WindowSpec, exp.Qualify, exp.Filter, exp.Exists, exp.Placeholder,
    exp.Values, exp.WithinGroup, exp.IgnoreNulls, exp.LimitOptions,
})  # fmt: skip
"""What a whole query (a source's sql, a gate's sql) may be made of besides."""

_TYPED = (
    exp.Abs, exp.Ceil, exp.Coalesce, exp.Concat, exp.Contains, exp.DateAdd, exp.DateDiff, exp.DateFromParts,
    exp.DateSub, exp.DateTrunc, exp.Day, exp.DayOfMonth, exp.DayOfWeek, exp.DayOfWeekIso, exp.DayOfYear,
    exp.Dayname, exp.EndsWith, exp.Exp, exp.Extract, exp.Floor, exp.Greatest, exp.Hour, exp.LastDay, exp.Least,
    exp.Left, exp.Length, exp.Ln, exp.Log, exp.Lower, exp.Minute, exp.Month, exp.Monthname, exp.Nullif, exp.Pow,
    exp.Quarter, exp.RegexpLike, exp.Replace, exp.Right, exp.Round, exp.Second, exp.Sign, exp.SplitPart,
    exp.Sqrt, exp.StartsWith, exp.StrToTime, exp.Substring, exp.TimeToStr, exp.TimeToUnix, exp.TimestampTrunc,
    exp.Trim, exp.UnixToTime, exp.Upper, exp.Week, exp.Year,
)  # fmt: skip

SCALAR_FUNCTIONS: frozenset[str] = frozenset({kind.sql_name().lower() for kind in _TYPED}) | {
    "date_part", "date_sub", "epoch_us", "isoyear", "prefix", "regexp_extract", "suffix", "timezone",
    "to_days", "to_hours", "to_milliseconds", "to_minutes", "to_seconds", "to_weeks", "try_strptime", "weekday",
}  # fmt: skip

_TYPED_AGGREGATES = (
    exp.ArgMax, exp.ArgMin, exp.Avg, exp.Count, exp.CountIf, exp.FirstValue, exp.Lag, exp.LastValue, exp.Lead,
    exp.LogicalAnd, exp.LogicalOr, exp.Max, exp.Median, exp.Min, exp.PercentileCont, exp.Quantile, exp.Rank,
    exp.RowNumber, exp.Stddev, exp.StddevSamp, exp.Sum, exp.AnyValue, exp.DenseRank,
)  # fmt: skip

AGGREGATES: frozenset[str] = frozenset({kind.sql_name().lower() for kind in _TYPED_AGGREGATES}) | {"exists"}

NOT_THE_PRESENT: frozenset[str] = frozenset({
    "now", "today", "current_date", "current_time", "current_timestamp", "current_localtimestamp",
    "localtimestamp", "localtime", "get_current_timestamp", "transaction_timestamp", "age",
})  # fmt: skip
"""Functions of the hour they are run in, which a verdict must not depend on."""

OF_THE_ENGINE: frozenset[str] = frozenset({
    "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
    "current_user", "localtime", "localtimestamp", "session_user", "user",
})  # fmt: skip
"""Names that the database answers by itself where no table has such a column: with the hour, or with who asks."""
ROW_NUMBER = "rowid"
"""The name under which it numbers the rows of every table, in the order they were loaded."""

TYPES: frozenset[exp.DType] = frozenset({
    exp.DType.BOOLEAN, exp.DType.TINYINT, exp.DType.SMALLINT, exp.DType.INT, exp.DType.BIGINT, exp.DType.INT128,
    exp.DType.UTINYINT, exp.DType.USMALLINT, exp.DType.UINT, exp.DType.UBIGINT, exp.DType.FLOAT, exp.DType.DOUBLE,
    exp.DType.DECIMAL, exp.DType.CHAR, exp.DType.VARCHAR, exp.DType.TEXT, exp.DType.DATE, exp.DType.TIME,
    exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ, exp.DType.TIMESTAMPTZ, exp.DType.UUID,
})  # fmt: skip
"""The types a value may be cast to."""

UNITS: frozenset[str] = frozenset({
    f"{unit}{plural}"
    for unit in ("MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
    for plural in ("", "S")
} | {"DOW", "DAYOFWEEK", "ISODOW", "DOY", "DAYOFYEAR", "ISOYEAR", "YEARWEEK", "EPOCH", "DECADE", "CENTURY"})  # fmt: skip
"""The units of time behind interval, extract, date_trunc and their like."""

WORDS: dict[tuple[type, str], frozenset[str]] = {
    (exp.Join, "side"): frozenset({"LEFT", "RIGHT", "FULL"}),
    (exp.Join, "kind"): frozenset({"INNER", "OUTER", "CROSS", "SEMI", "ANTI"}),
    (exp.Join, "method"): frozenset({"ASOF", "NATURAL"}),
    (exp.Trim, "position"): frozenset({"LEADING", "TRAILING", "BOTH"}),
    (exp.Window, "over"): frozenset({"OVER"}),
    (exp.WindowSpec, "kind"): frozenset({"ROWS", "RANGE", "GROUPS"}),
    **{(exp.WindowSpec, bound): frozenset({"UNBOUNDED", "CURRENT ROW"}) for bound in ("start", "end")},
    **{(exp.WindowSpec, side): frozenset({"PRECEDING", "FOLLOWING"}) for side in ("start_side", "end_side")},
    (exp.Var, "this"): UNITS,
}
"""The words a tree may hold as bare text; anything else that is printed as it stands could be more SQL."""
