create or replace temp macro utc_offset(us) as CASE WHEN us < 1743296400000000 THEN 0 WHEN us < 1761440400000000 THEN 3600000000 WHEN us < 1774746000000000 THEN 0 WHEN us < 1792890000000000 THEN 3600000000 WHEN us < 1806195600000000 THEN 0 WHEN us < 1824944400000000 THEN 3600000000 WHEN us < 1837645200000000 THEN 0 WHEN us < 1856394000000000 THEN 3600000000 ELSE 0 END;

create or replace temp macro local_day(us) as CAST(((us + UTC_OFFSET(us)) + 86400000000000000) // 86400000000 - 1000000 AS INT);

create or replace temp macro day_start(n) as n * 86400000000 - CASE WHEN n < 20178 THEN 0 WHEN n < 20388 THEN 3600000000 WHEN n < 20542 THEN 0 WHEN n < 20752 THEN 3600000000 WHEN n < 20906 THEN 0 WHEN n < 21123 THEN 3600000000 WHEN n < 21270 THEN 0 WHEN n < 21487 THEN 3600000000 ELSE 0 END;

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE WHEN "moved" THEN 'the customer moved it' ELSE NULL END AS exempt_because,
    "region" = 'north' AS correction_0,
    COALESCE(CAST("region" AS TEXT), '(none)') AS "region",
    COALESCE(CAST(DAYNAME("ordered_at") AS TEXT), '(none)') AS "weekday"
  FROM source."items"
  WHERE
    COALESCE(EPOCH_US("ordered_at") <= 1774997999999999, TRUE)
), dated AS (
  SELECT
    *,
    1 AS version,
    LOCAL_DAY(started) AS started_day
  FROM (
    SELECT
      *,
      COALESCE(started, done, cancelled) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    started AS due
  FROM dated
), counted AS (
  SELECT
    *,
    LOCAL_DAY(counted_at) AS day,
    COALESCE(done, 1774997999999999) - due AS late_us
  FROM (
    SELECT
      *,
      CASE
        WHEN COALESCE(FALSE, FALSE)
        THEN basis
        ELSE COALESCE(due, started, done, cancelled)
      END AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN COALESCE(FALSE, FALSE)
      THEN 'not promised'
      WHEN NOT exempt_because IS NULL
      THEN 'exempt'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'exempt'
      WHEN (
        NOT cancelled IS NULL
      ) AND cancelled > due
      THEN 'exempt'
      WHEN NOT cancelled IS NULL
      THEN 'exempt'
      WHEN item_id IS NULL
      THEN 'unknown'
      WHEN started IS NULL
      THEN 'unknown'
      WHEN is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE NULL
    END AS verdict,
    CASE
      WHEN COALESCE(FALSE, FALSE)
      THEN NULL
      WHEN NOT exempt_because IS NULL
      THEN exempt_because
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'storm'
      WHEN (
        NOT cancelled IS NULL
      ) AND cancelled > due
      THEN 'cancelled after it was due'
      WHEN NOT cancelled IS NULL
      THEN 'cancelled'
      WHEN item_id IS NULL
      THEN 'no id'
      WHEN started IS NULL
      THEN 'no time'
      WHEN is_kept IS NULL
      THEN 'cannot be told'
      WHEN is_kept
      THEN NULL
      WHEN NOT is_kept
      THEN 'not as promised'
      ELSE NULL
    END AS reason,
    CASE
      WHEN COALESCE(FALSE, FALSE)
      THEN NULL
      WHEN NOT exempt_because IS NULL
      THEN 'rule'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'correction'
      WHEN (
        NOT cancelled IS NULL
      ) AND cancelled > due
      THEN 'cancelled'
      WHEN NOT cancelled IS NULL
      THEN 'cancelled'
      ELSE CAST(NULL AS TEXT)
    END AS exempt_by,
    CASE
      WHEN item_id IS NULL
      THEN 'unknown'
      WHEN started IS NULL
      THEN 'unknown'
      WHEN is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE CAST(NULL AS TEXT)
    END AS otherwise
  FROM counted
)
SELECT
  item_id,
  version,
  started,
  due,
  done,
  late_us,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise,
  "region",
  "weekday"
FROM verdicts;
