-- counts as they were known
--
-- promise:
--   measure:
--     items: items
--     at: period
--     kept: seen - late
--     total: seen
-- sources:
--   items:
--     arrived: arrived_at
-- promotions:
--   spring:
--     says: Always on time
--     launched: 2026-06-01
--     leans_on:
--     - p
--     items:
--       source: items
--       only: channel = 'web'
--     ready_when:
--     - gate: it holds
--       promise: p
--       kept_at_least: 90%
--       over: 28 days
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- judged

create or replace temp view judged as WITH item AS (
  SELECT
    NULL AS item_id,
    EPOCH_US("arrived_at") AS "#known_from",
    DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS started,
    CASE
      WHEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999
      THEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT))
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    CAST((
      "seen" - "late"
    ) AS DOUBLE) AS kept_told,
    CAST("seen" AS DOUBLE) AS total_told,
    CASE
      WHEN CAST((
        "seen" - "late"
      ) AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(
        CAST((
          "seen" - "late"
        ) AS DOUBLE) - ROUND(CAST((
          "seen" - "late"
        ) AS DOUBLE))
      ) <= 0.000001
      THEN CAST(ROUND(CAST((
        "seen" - "late"
      ) AS DOUBLE)) AS BIGINT)
    END AS kept_count,
    CASE
      WHEN CAST("seen" AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(CAST("seen" AS DOUBLE) - ROUND(CAST("seen" AS DOUBLE))) <= 0.000001
      THEN CAST(ROUND(CAST("seen" AS DOUBLE)) AS BIGINT)
    END AS total_count,
    NULL AS exempt_because,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM (
    SELECT
      "order_id",
      "customer",
      "region",
      "channel",
      "topic",
      "ordered_at",
      "ordered_on",
      "delivered_at",
      "delivered_on",
      "cancelled_at",
      "promised_on",
      "first_promised_on",
      "promised_at",
      "paused_at",
      "resumed_at",
      "held_at",
      "released_at",
      "quoted_days",
      "moved",
      "wrong",
      "arrived_at",
      "changed_at",
      "period",
      "seen",
      "late"
    FROM source."items"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
  ) AS "items"
  WHERE
    COALESCE(
      DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999,
      TRUE
    )
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
      COALESCE(due, started, done) AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      OR (
        kept_told IS NULL OR total_told IS NULL
      )
      OR (
        kept_told < 0 OR kept_told > total_told
      )
      OR total_told > 1000000000000000
      OR (
        ABS(kept_told - ROUND(kept_told)) > 0.000001
        OR ABS(total_told - ROUND(total_told)) > 0.000001
      )
      THEN 'unknown'
      ELSE 'counted'
    END AS verdict,
    CASE
      WHEN started IS NULL
      THEN 'no time'
      WHEN kept_told IS NULL OR total_told IS NULL
      THEN 'no counts'
      WHEN kept_told < 0 OR kept_told > total_told
      THEN 'more kept than there are, or less than none'
      WHEN total_told > 1000000000000000
      THEN 'more than can be counted'
      WHEN ABS(kept_told - ROUND(kept_told)) > 0.000001
      OR ABS(total_told - ROUND(total_told)) > 0.000001
      THEN 'not a whole number'
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
  kept_count,
  total_count,
  brought,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- known

create or replace temp view known as WITH item AS (
  SELECT
    NULL AS item_id,
    EPOCH_US("arrived_at") AS "#known_from",
    DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS started,
    CASE
      WHEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999
      THEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT))
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    CAST((
      "seen" - "late"
    ) AS DOUBLE) AS kept_told,
    CAST("seen" AS DOUBLE) AS total_told,
    CASE
      WHEN CAST((
        "seen" - "late"
      ) AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(
        CAST((
          "seen" - "late"
        ) AS DOUBLE) - ROUND(CAST((
          "seen" - "late"
        ) AS DOUBLE))
      ) <= 0.000001
      THEN CAST(ROUND(CAST((
        "seen" - "late"
      ) AS DOUBLE)) AS BIGINT)
    END AS kept_count,
    CASE
      WHEN CAST("seen" AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(CAST("seen" AS DOUBLE) - ROUND(CAST("seen" AS DOUBLE))) <= 0.000001
      THEN CAST(ROUND(CAST("seen" AS DOUBLE)) AS BIGINT)
    END AS total_count,
    NULL AS exempt_because,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM (
    SELECT
      "order_id",
      "customer",
      "region",
      "channel",
      "topic",
      "ordered_at",
      "ordered_on",
      "delivered_at",
      "delivered_on",
      "cancelled_at",
      "promised_on",
      "first_promised_on",
      "promised_at",
      "paused_at",
      "resumed_at",
      "held_at",
      "released_at",
      "quoted_days",
      "moved",
      "wrong",
      "arrived_at",
      "changed_at",
      "period",
      "seen",
      "late"
    FROM source."items"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
  ) AS "items"
  WHERE
    COALESCE(
      DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999,
      TRUE
    )
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
    started AS due
  FROM dated
), turned AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      THEN NULL
      ELSE GREATEST(started, started, "#known_from")
    END AS turn_0
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
    LEAST(
      CASE
        WHEN turn_0 > looked_at OR (
          turn_0 = looked_at AND turn < 0
        )
        THEN turn_0
      END
    ) AS until
  FROM each
), asked AS (
  SELECT
    *
    REPLACE (CASE WHEN done <= looked_at THEN done END AS done, CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled)
  FROM ended
  WHERE
    NOT looked_at IS NULL AND COALESCE(LOCAL_DAY(looked_at) < LOCAL_DAY(until), TRUE)
), counted AS (
  SELECT
    *,
    LOCAL_DAY(counted_at) AS day,
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
      WHEN started IS NULL
      OR (
        kept_told IS NULL OR total_told IS NULL
      )
      OR (
        kept_told < 0 OR kept_told > total_told
      )
      OR total_told > 1000000000000000
      OR (
        ABS(kept_told - ROUND(kept_told)) > 0.000001
        OR ABS(total_told - ROUND(total_told)) > 0.000001
      )
      THEN 'unknown'
      ELSE 'counted'
    END AS verdict,
    CASE
      WHEN started IS NULL
      THEN 'no time'
      WHEN kept_told IS NULL OR total_told IS NULL
      THEN 'no counts'
      WHEN kept_told < 0 OR kept_told > total_told
      THEN 'more kept than there are, or less than none'
      WHEN total_told > 1000000000000000
      THEN 'more than can be counted'
      WHEN ABS(kept_told - ROUND(kept_told)) > 0.000001
      OR ABS(total_told - ROUND(total_told)) > 0.000001
      THEN 'not a whole number'
      ELSE NULL
    END AS reason,
    CAST(NULL AS TEXT) AS exempt_by,
    CAST(NULL AS TEXT) AS otherwise
  FROM counted
)
SELECT
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  looked_at,
  until,
  verdict,
  kept_count,
  total_count
FROM verdicts
WHERE
  looked_at <= 1774997999999999;

-- what fills verdict_cell

SELECT
  day,
  version,
  CAST(SUM(CASE WHEN verdict = 'counted' THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict = 'counted' THEN total_count - kept_count ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(0) AS BIGINT) AS open,
  CAST(SUM(CASE WHEN verdict = 'exempt' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS exempt,
  CAST(SUM(
    CASE WHEN verdict = 'unknown' THEN COALESCE(GREATEST(total_count, 1), 1) ELSE 0 END
  ) AS BIGINT) AS unknown,
  CAST(SUM(CASE WHEN verdict = 'not promised' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version;

-- what fills item

SELECT
  CAST(item_id AS TEXT) AS item_id,
  day,
  version,
  MAKE_TIMESTAMP(started) AS started,
  MAKE_TIMESTAMP(due) AS due,
  MAKE_TIMESTAMP(done) AS done,
  verdict,
  reason,
  exempt_by,
  otherwise,
  late_us / 1000000.0 AS late_seconds,
  CAST(NULL AS BIGINT) / 1000000.0 AS clock_left_seconds,
  CASE verdict
    WHEN 'exempt'
    THEN COALESCE(total_count, 1)
    ELSE COALESCE(GREATEST(total_count, 1), 1)
  END AS items
FROM judged
WHERE
  verdict <> 'counted';

-- what fills exempt_daily

SELECT
  day,
  version,
  exempt_by,
  reason,
  CAST(SUM(COALESCE(total_count, 1)) AS BIGINT) AS items,
  CAST(SUM(CASE WHEN otherwise = 'counted' THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN otherwise = 'counted' THEN total_count - kept_count ELSE 0 END) AS BIGINT) AS broken,
  CAST(0 AS BIGINT) AS open
FROM judged
WHERE
  verdict = 'exempt'
GROUP BY
  day,
  version,
  exempt_by,
  reason;

-- what fills launch_cell

SELECT
  (
    CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)
  ) AS day,
  brought AS brought,
  CAST(SUM(CASE WHEN verdict = 'counted' THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict = 'counted' THEN total_count - kept_count ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(0) AS BIGINT) AS open,
  CAST(SUM(CASE WHEN verdict = 'exempt' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS exempt,
  CAST(SUM(
    CASE WHEN verdict = 'unknown' THEN COALESCE(GREATEST(total_count, 1), 1) ELSE 0 END
  ) AS BIGINT) AS unknown,
  CAST(SUM(CASE WHEN verdict = 'not promised' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS not_promised
FROM judged
GROUP BY
  1,
  2;

-- what fills known_daily

SELECT
  day,
  known_from,
  known_until,
  CAST(SUM(CASE WHEN verdict IN ('kept', 'counted') THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(
    CASE WHEN verdict IN ('broken', 'counted') THEN total_count - kept_count ELSE 0 END
  ) AS BIGINT) AS broken,
  CAST(SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open
FROM (
  SELECT
    *,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(looked_at) AS INT)
    ) AS known_from,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(until) AS INT)
    ) AS known_until
  FROM known
) AS known
WHERE
  verdict IN ('kept', 'broken', 'open', 'counted')
GROUP BY
  1,
  2,
  3;
