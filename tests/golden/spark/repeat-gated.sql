-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(UNIX_MICROS(`ordered_at`)) OVER (
      PARTITION BY `customer`, `topic`
      ORDER BY UNIX_MICROS(`ordered_at`) NULLS LAST, `order_id` NULLS LAST
    ) AS again_at,
    `customer` IS NULL OR `topic` IS NULL AS is_nothing,
    NULL AS exempt_because,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
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
      COALESCE(started, done) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    (
      started + 259200000000
    ) AS due
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
      COALESCE(due, started, done) AS counted_at
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
    CAST(NULL AS STRING) AS exempt_by,
    CAST(NULL AS STRING) AS otherwise
  FROM counted
)
SELECT
  item_id,
  version,
  started,
  due,
  done,
  late_us,
  brought,
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- known

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(UNIX_MICROS(`ordered_at`)) OVER (
      PARTITION BY `customer`, `topic`
      ORDER BY UNIX_MICROS(`ordered_at`) NULLS LAST, `order_id` NULLS LAST
    ) AS again_at,
    `customer` IS NULL OR `topic` IS NULL AS is_nothing,
    NULL AS exempt_because,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
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
      COALESCE(started, done) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    (
      started + 259200000000
    ) AS due
  FROM dated
), turned AS (
  SELECT
    *,
    CASE WHEN due IS NULL THEN NULL ELSE GREATEST(due, started) END AS turn_0
  FROM with_due
), each AS (
  SELECT
    *,
    CASE WHEN turn = 0 THEN turn_0 ELSE NULL END AS looked_at
  FROM turned
  CROSS JOIN (
    SELECT
      0 AS turn
  ) AS turning
), ended AS (
  SELECT
    *,
    CASE
      WHEN turn_0 > looked_at OR (
        turn_0 = looked_at AND turn < 0
      )
      THEN turn_0
    END AS until
  FROM each
), asked AS (
  SELECT
    `item_id`,
    `started`,
    CASE WHEN done <= looked_at THEN done END AS done,
    CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled,
    `again_at`,
    `is_nothing`,
    `exempt_because`,
    `brought`,
    `basis`,
    `version`,
    `started_day`,
    `due`,
    `turn_0`,
    `turn`,
    `looked_at`,
    `until`
  FROM ended
  WHERE
    NOT looked_at IS NULL
    AND COALESCE((
      (
        LOCAL_DAY(looked_at)
      )
    ) < (
      (
        LOCAL_DAY(until)
      )
    ), TRUE)
), counted AS (
  SELECT
    *,
    (
      (
        LOCAL_DAY(counted_at)
      )
    ) AS day,
    COALESCE(done, looked_at) - due AS late_us
  FROM (
    SELECT
      *,
      COALESCE(due, started, done) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN item_id IS NULL OR started IS NULL OR is_nothing
      THEN 'unknown'
      WHEN due > looked_at
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
      WHEN due > looked_at
      THEN 'its window has not passed yet'
      WHEN again_at <= due
      THEN 'came up again'
      ELSE NULL
    END AS reason,
    CAST(NULL AS STRING) AS exempt_by,
    CAST(NULL AS STRING) AS otherwise
  FROM counted
)
SELECT
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  looked_at,
  until,
  verdict
FROM verdicts
WHERE
  looked_at <= 1774997999999999;

-- what fills verdict_cell

SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  CAST(0 AS BIGINT) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version;

-- what fills item

SELECT
  CAST(item_id AS STRING) AS item_id,
  day,
  version,
  CAST(TIMESTAMP_MICROS(started) AS TIMESTAMP_NTZ) AS started,
  CAST(TIMESTAMP_MICROS(due) AS TIMESTAMP_NTZ) AS due,
  CAST(TIMESTAMP_MICROS(done) AS TIMESTAMP_NTZ) AS done,
  verdict,
  reason,
  exempt_by,
  otherwise,
  CAST(late_us AS DOUBLE) / CAST(1000000.0 AS DOUBLE) AS late_seconds,
  CAST(CAST(NULL AS BIGINT) AS DOUBLE) / CAST(1000000.0 AS DOUBLE) AS clock_left_seconds,
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

-- what fills launch_cell

SELECT
  DATE_ADD(
    CAST('1970-01-01' AS DATE),
    CAST((
      (
        (
          LOCAL_DAY(started)
        )
      )
    ) AS INT)
  ) AS day,
  brought AS brought,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  CAST(0 AS BIGINT) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  1,
  2;

-- what fills known_daily

SELECT
  day,
  known_from,
  known_until,
  CAST(SUM(CASE WHEN verdict IN ('kept', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict IN ('broken', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open
FROM (
  SELECT
    *,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(looked_at)
          )
        )
      ) AS INT)
    ) AS known_from,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(until)
          )
        )
      ) AS INT)
    ) AS known_until
  FROM known
) AS known
WHERE
  verdict IN ('kept', 'broken', 'open', 'counted')
GROUP BY
  1,
  2,
  3;
