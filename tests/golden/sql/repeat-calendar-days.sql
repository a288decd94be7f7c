-- a window of calendar days ends with a day; counted when it started
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     same:
--     - customer
--     - topic
--     not_again_within: 7 calendar days
--   counted: started
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- judged

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(EPOCH_US("ordered_at")) OVER (PARTITION BY "customer", "topic" ORDER BY EPOCH_US("ordered_at"), "order_id") AS again_at,
    "customer" IS NULL OR "topic" IS NULL AS is_nothing,
    NULL AS exempt_because
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
      COALESCE(started, done) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    (
      DAY_START((
        started_day + 7 + 1
      )) - 1
    ) AS due
  FROM dated
), counted AS (
  SELECT
    *,
    LOCAL_DAY(counted_at) AS day,
    COALESCE(done, 1774997999999999) - due AS late_us
  FROM (
    SELECT
      *,
      COALESCE(started, due, done) AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN item_id IS NULL OR started IS NULL OR is_nothing
      THEN 'unknown'
      WHEN due > 1774997999999999
      THEN 'open'
      WHEN again_at <= due
      THEN 'broken'
      ELSE 'kept'
    END AS verdict,
    CASE
      WHEN item_id IS NULL
      THEN 'no id'
      WHEN started IS NULL
      THEN 'no time'
      WHEN is_nothing
      THEN 'no customer or topic'
      WHEN due > 1774997999999999
      THEN 'its window has not passed yet'
      WHEN again_at <= due
      THEN 'came up again'
      ELSE NULL
    END AS reason,
    CAST(NULL AS TEXT) AS exempt_by,
    CAST(NULL AS TEXT) AS otherwise
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
  otherwise
FROM verdicts;
