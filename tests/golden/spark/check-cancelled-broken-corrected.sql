-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NOT `wrong` AS is_kept,
    NULL AS exempt_because,
    `region` = 'north' AS correction_0
  FROM `source_items` AS `items`
  WHERE
    COALESCE(UNIX_MICROS(`ordered_at`) <= 1774997999999999, TRUE)
), dated AS (
  SELECT
    *,
    1 AS version,
    (
      (
        LOCAL_DAY(started)
      )
    ) AS started_day
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
    (
      (
        LOCAL_DAY(counted_at)
      )
    ) AS day,
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
      ELSE CAST(NULL AS STRING)
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
      ELSE CAST(NULL AS STRING)
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
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;
