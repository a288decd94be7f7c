-- a check that asks whether it was cancelled, in versions
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     kept_when: not wrong and cancelled_at is null
--     cancelled: cancelled_at
--     if_cancelled: broken
-- sources:
--   items:
--     key: order_id
--     latest_by: changed_at
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
    "order_id" AS item_id,
    EPOCH_US("arrived_at") AS "#known_from",
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    NOT "wrong"
    AND CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END IS NULL AS is_kept,
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
    UNION ALL
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
    FROM earlier."items"
    WHERE
      "#known_from" <= 1774997999999999 AND "#known_until" > 1774997999999999
  ) AS "items"
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
    CAST("order_id" AS TEXT) || ' ' || CAST("#known_from" AS TEXT) AS item_id,
    "#known_from",
    "#known_until",
    "order_id" AS "#id",
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    NOT "wrong"
    AND CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END IS NULL AS is_kept,
    NULL AS exempt_because,
    NOT "wrong" AND CASE WHEN FALSE THEN "cancelled_at" END IS NULL AS is_kept_before_0,
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
      "late",
      COALESCE(EPOCH_US("arrived_at"), (
        -4611686018427387904
      )) AS "#known_from",
      CAST(NULL AS BIGINT) AS "#known_until"
    FROM source."items"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
    UNION ALL
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
      "late",
      "#known_from",
      "#known_until"
    FROM earlier."items"
    WHERE
      "#known_from" <= 1774997999999999
  ) AS "items"
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
), turned AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      THEN NULL
      ELSE GREATEST(started, started, "#known_from")
    END AS turn_0,
    CASE
      WHEN cancelled IS NULL
      THEN NULL
      ELSE GREATEST(cancelled, started, "#known_from")
    END AS turn_1
  FROM with_due
), each AS (
  SELECT
    *,
    CASE WHEN turn = 0 THEN turn_0 WHEN turn = 1 THEN turn_1 ELSE NULL END AS looked_at
  FROM turned
  CROSS JOIN (
    SELECT
      0 AS turn
    UNION ALL
    SELECT
      1 AS turn
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
      END,
      CASE
        WHEN turn_1 > looked_at OR (
          turn_1 = looked_at AND turn < 1
        )
        THEN turn_1
      END,
      "#known_until"
    ) AS until
  FROM each
), asked AS (
  SELECT
    *
    REPLACE (CASE WHEN done <= looked_at THEN done END AS done, CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled, CASE WHEN cancelled <= looked_at THEN is_kept ELSE is_kept_before_0 END AS is_kept)
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
      COALESCE(due, started, LEAST(done, cancelled)) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
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
