-- and when it became known that the matter had come up again
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
--   counted: started
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
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(EPOCH_US("ordered_at")) OVER (PARTITION BY "customer", "topic" ORDER BY EPOCH_US("ordered_at"), "order_id") AS again_at,
    "customer" IS NULL OR "topic" IS NULL AS is_nothing,
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
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(EPOCH_US("ordered_at")) OVER (PARTITION BY "customer", "topic" ORDER BY EPOCH_US("ordered_at"), "order_id") AS again_at,
    "customer" IS NULL OR "topic" IS NULL AS is_nothing,
    "customer" AS same_0,
    "topic" AS same_1,
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
), met AS (
  SELECT
    one.item_id,
    one.due,
    one."#known_from",
    one."#known_until",
    other."#known_from" AS begins,
    other."#known_until" AS ends
  FROM with_due AS one
  JOIN with_due AS other
    ON other.same_0 = one.same_0
    AND other.same_1 = one.same_1
    AND other.started <= one.due
    AND (
      other.started > one.started
      OR (
        other.started = one.started AND other."#id" > one."#id"
      )
    )
), part AS (
  SELECT
    item_id,
    due,
    begins AS part_from
  FROM met
  WHERE
    begins > due
    AND begins > "#known_from"
    AND COALESCE(begins < "#known_until", TRUE)
  UNION
  SELECT
    item_id,
    due,
    ends
  FROM met
  WHERE
    ends > due AND ends > "#known_from" AND COALESCE(ends < "#known_until", TRUE)
  UNION
  SELECT
    item_id,
    due,
    "#known_from"
  FROM met
), known_part AS (
  SELECT
    part.item_id,
    part_from,
    LEAD(part_from) OVER (PARTITION BY part.item_id ORDER BY part_from) AS part_until,
    BOOL_OR(
      CAST(begins <= GREATEST(part_from, part.due)
      AND COALESCE(ends > GREATEST(part_from, part.due), TRUE) AS BOOLEAN)
    ) AS comes_again
  FROM part
  JOIN met
    ON part.item_id = met.item_id
  GROUP BY
    part.item_id,
    part_from
), with_again AS (
  SELECT
    prior.*
    REPLACE (COALESCE(part_from, "#known_from") AS "#known_from", COALESCE(part_until, "#known_until") AS "#known_until", CASE WHEN comes_again THEN due END AS again_at)
  FROM with_due AS prior
  LEFT JOIN known_part
    USING (item_id)
), turned AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      THEN NULL
      ELSE GREATEST(started, started, "#known_from")
    END AS turn_0,
    CASE WHEN due IS NULL THEN NULL ELSE GREATEST(due, started, "#known_from") END AS turn_1
  FROM with_again
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
      COALESCE(started, due, done) AS counted_at
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
