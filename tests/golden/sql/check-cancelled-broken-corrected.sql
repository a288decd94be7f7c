-- what a correction exempts would have been broken, for it was cancelled
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     kept_when: not wrong
--     cancelled: cancelled_at
--     if_cancelled: broken
-- corrections:
--   storm:
--     promises:
--     - p
--     from: 2026-02-03
--     to: 2026-02-04
--     only: region = 'north'
--     because: storm
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
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    NOT "wrong" AS is_kept,
    NULL AS exempt_because,
    "region" = 'north' AS correction_0
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
      COALESCE(started, LEAST(done, cancelled)) AS basis
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
      COALESCE(due, started, LEAST(done, cancelled)) AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'exempt'
      WHEN NOT cancelled IS NULL
      THEN 'broken'
      WHEN item_id IS NULL OR started IS NULL OR is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE NULL
    END AS verdict,
    CASE
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'storm'
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
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'correction'
      ELSE CAST(NULL AS TEXT)
    END AS exempt_by,
    CASE
      WHEN NOT cancelled IS NULL
      THEN 'broken'
      WHEN item_id IS NULL OR started IS NULL OR is_kept IS NULL
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
  otherwise
FROM verdicts;
