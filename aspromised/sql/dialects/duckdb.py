"""DuckDB's words for the named operations; everything else of a tree is DuckDB's own SQL."""

DUCKDB_WORDS = {
    # a local day's number, its beginning and the offset at an instant: macros made by judge.days for one zone
    "ap_local_day": "local_day(:a)",
    "ap_day_start": "day_start(:a)",
    "ap_utc_offset": "utc_offset(:a)",
    # microseconds since 1970-01-01 UTC of an instant
    "ap_instant_us": "epoch_us(:a)",
    # the day, counted from 1970-01-01, of local microseconds; floored, for days before 1970 too
    "ap_day_number": "cast((:a + 86400000000000000) // 86400000000 - 1000000 as integer)",
    # the calendar date of a day number
    "ap_date": "date '1970-01-01' + cast(:a as integer)",
    # the day number of a calendar date
    "ap_number_of_date": "cast(:a - date '1970-01-01' as bigint)",
    # the first day of a calendar date's month
    "ap_first_of_month": "cast(date_trunc('month', :a) as date)",
    # a zoneless UTC timestamp of microseconds
    "ap_utc": "make_timestamp(:a)",
    # the last microsecond of a calendar date, in the session's zone, which is the company's
    "ap_end_of_date_us": "epoch_us(cast(:a + 1 as timestamptz)) - 1",
}
"""Operation → template; its hole `:a` takes the operand."""
