-- a repeat turns when its window has passed
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     same:
--     - customer
--     - topic
--     not_again_within: 72 hours
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
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(EPOCH_US("ordered_at")) OVER (PARTITION BY "customer", "topic" ORDER BY EPOCH_US("ordered_at"), "order_id") AS again_at,
    "customer" IS NULL OR "topic" IS NULL AS is_nothing,
    NULL AS exempt_because,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
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
      started + 259200000000
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
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(EPOCH_US("ordered_at")) OVER (PARTITION BY "customer", "topic" ORDER BY EPOCH_US("ordered_at"), "order_id") AS again_at,
    "customer" IS NULL OR "topic" IS NULL AS is_nothing,
    NULL AS exempt_because,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
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
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

-- what fills launch_cell

SELECT
  (
    CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)
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
