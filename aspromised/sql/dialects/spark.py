"""Spark's words for the named operations; how the rest of a tree is written there is in `sql.on_spark`."""

OWN = "spark_"
"""Begins a function of Spark's own in the templates below, which DuckDB's grammar would read as another."""

SPARK_WORDS = {
    "ap_instant_us": "spark_unix_micros(:a)",
    "ap_day_number": "cast((:a + 86400000000000000) // 86400000000 - 1000000 as integer)",
    "ap_date": "spark_date_add(date '1970-01-01', cast(:a as integer))",
    "ap_number_of_date": "cast(spark_datediff(:a, date '1970-01-01') as bigint)",
    "ap_first_of_month": "cast(spark_trunc(:a, 'month') as date)",
    "ap_utc": "cast(spark_timestamp_micros(:a) as timestamp)",
    "ap_end_of_date_us": "ap_day_start(ap_number_of_date(:a) + 1) - 1",
}
"""Operation → template in DuckDB's grammar; local days are written out where they are called."""

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.variable.substitute": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation",
}
"""What the rendered words rely on; the first three decide what they mean, the last has rows that were handed over judged by the
cluster: else its driver, alone and row by row, works out what it can of them while it plans."""
