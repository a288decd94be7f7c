-- every version of a row, for as long as it was the one known; with its pauses
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 4 hours
--     paused:
--       source: pauses
--       id: of_order
--       from: begun
--       to: ended
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
      WHEN EPOCH_US("delivered_at") <= 1774997999999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
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
), clocked AS (
  SELECT
    *,
    started AS clock_at,
    started_day AS clock_day
  FROM dated
), on_0 AS (
  SELECT
    *,
    (
      clock_at + CAST(4 * CAST(3600000000 AS BIGINT) AS BIGINT)
    ) AS due_on_0
  FROM clocked
), pauses AS (
  SELECT
    "of_order" AS item_id,
    EPOCH_US("begun") AS paused_from,
    EPOCH_US("ended") AS paused_to
  FROM source."pauses"
), known AS (
  SELECT
    item_id,
    paused_from,
    COALESCE(CASE WHEN paused_to <= 1774997999999999 THEN paused_to END, 1774997999999999) AS paused_to
  FROM pauses
  WHERE
    paused_from <= 1774997999999999
), clipped AS (
  SELECT
    item_id,
    GREATEST(paused_from, clock_at) AS paused_from,
    LEAST(paused_to, done, cancelled) AS paused_to
  FROM known
  JOIN on_0
    USING (item_id)
  WHERE
    LEAST(paused_to, done, cancelled) > GREATEST(paused_from, clock_at)
), marked AS (
  SELECT
    *,
    MAX(paused_to) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS reached
  FROM clipped
), islands AS (
  SELECT
    *,
    SUM(CASE WHEN paused_from <= reached THEN 0 ELSE 1 END) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS island
  FROM marked
), merged AS (
  SELECT
    item_id,
    MIN(paused_from) AS paused_from,
    MAX(paused_to) AS paused_to
  FROM islands
  GROUP BY
    item_id,
    island
), measured_0 AS (
  SELECT
    item_id,
    paused_from,
    paused_to,
    paused_from AS begun,
    paused_to AS ended
  FROM merged
), ordered_0 AS (
  SELECT
    *,
    CAST(COALESCE(
      SUM(ended - begun) OVER (
        PARTITION BY item_id
        ORDER BY begun, ended
        rows BETWEEN UNBOUNDED preceding AND 1 preceding
      ),
      0
    ) AS BIGINT) AS before_it
  FROM measured_0
), total_0 AS (
  SELECT
    item_id,
    CAST(SUM(
      CASE
        WHEN (
          begun - before_it < due_on_0
          OR (
            begun - before_it = due_on_0 AND due_on_0 = clock_at
          )
        )
        THEN ended - begun
        ELSE 0
      END
    ) AS BIGINT) AS paused_on_0
  FROM ordered_0
  JOIN on_0
    USING (item_id)
  GROUP BY
    item_id
), paused_0 AS (
  SELECT
    prior.*,
    paused_on_0
  FROM on_0 AS prior
  LEFT JOIN total_0
    USING (item_id)
), with_due AS (
  SELECT
    prior.*,
    (
      (
        due_on_0 + COALESCE(paused_on_0, 0)
      )
    ) AS due
  FROM paused_0 AS prior
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
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= 1774997999999999
      THEN 'broken'
      ELSE 'open'
    END AS verdict,
    CASE
      WHEN item_id IS NULL
      THEN 'no id'
      WHEN started IS NULL
      THEN 'no start'
      WHEN done < started
      THEN 'done before it started'
      WHEN due IS NULL
      THEN 'no due date'
      WHEN done <= due
      THEN NULL
      WHEN done > due
      THEN 'done late'
      WHEN due <= 1774997999999999
      THEN 'not done and overdue'
      ELSE 'not due yet'
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
  due > 1774997999999999 - 19008000000000 AS "#recent",
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
      WHEN EPOCH_US("delivered_at") <= 1774997999999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
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
), clocked AS (
  SELECT
    *,
    started AS clock_at,
    started_day AS clock_day
  FROM dated
), on_0 AS (
  SELECT
    *,
    (
      clock_at + CAST(4 * CAST(3600000000 AS BIGINT) AS BIGINT)
    ) AS due_on_0
  FROM clocked
), pauses AS (
  WITH held AS (
    SELECT
      "of_order" AS item_id,
      EPOCH_US("begun") AS paused_from,
      EPOCH_US("ended") AS paused_to
    FROM source."pauses"
  )
  SELECT
    item.item_id,
    paused_from,
    paused_to
  FROM held
  JOIN item
    ON item."#id" = held.item_id
), known AS (
  SELECT
    item_id,
    paused_from,
    COALESCE(CASE WHEN paused_to <= 1774997999999999 THEN paused_to END, 1774997999999999) AS paused_to
  FROM pauses
  WHERE
    paused_from <= 1774997999999999
), clipped AS (
  SELECT
    item_id,
    GREATEST(paused_from, clock_at) AS paused_from,
    LEAST(paused_to, done, cancelled) AS paused_to
  FROM known
  JOIN on_0
    USING (item_id)
  WHERE
    LEAST(paused_to, done, cancelled) > GREATEST(paused_from, clock_at)
), marked AS (
  SELECT
    *,
    MAX(paused_to) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS reached
  FROM clipped
), islands AS (
  SELECT
    *,
    SUM(CASE WHEN paused_from <= reached THEN 0 ELSE 1 END) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS island
  FROM marked
), merged AS (
  SELECT
    item_id,
    MIN(paused_from) AS paused_from,
    MAX(paused_to) AS paused_to
  FROM islands
  GROUP BY
    item_id,
    island
), measured_0 AS (
  SELECT
    item_id,
    paused_from,
    paused_to,
    paused_from AS begun,
    paused_to AS ended
  FROM merged
), ordered_0 AS (
  SELECT
    *,
    CAST(COALESCE(
      SUM(ended - begun) OVER (
        PARTITION BY item_id
        ORDER BY begun, ended
        rows BETWEEN UNBOUNDED preceding AND 1 preceding
      ),
      0
    ) AS BIGINT) AS before_it
  FROM measured_0
), total_0 AS (
  SELECT
    item_id,
    CAST(SUM(
      CASE
        WHEN (
          begun - before_it < due_on_0
          OR (
            begun - before_it = due_on_0 AND due_on_0 = clock_at
          )
        )
        THEN ended - begun
        ELSE 0
      END
    ) AS BIGINT) AS paused_on_0
  FROM ordered_0
  JOIN on_0
    USING (item_id)
  GROUP BY
    item_id
), paused_0 AS (
  SELECT
    prior.*,
    paused_on_0
  FROM on_0 AS prior
  LEFT JOIN total_0
    USING (item_id)
), with_due AS (
  SELECT
    prior.*,
    (
      (
        due_on_0 + COALESCE(paused_on_0, 0)
      )
    ) AS due
  FROM paused_0 AS prior
), turned AS (
  SELECT
    *,
    CASE
      WHEN CASE
        WHEN COALESCE(due < done, TRUE) AND COALESCE(due < cancelled, TRUE)
        THEN due
      END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE
          WHEN COALESCE(due < done, TRUE) AND COALESCE(due < cancelled, TRUE)
          THEN due
        END,
        started,
        "#known_from"
      )
    END AS turn_0,
    CASE
      WHEN CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END,
        started,
        "#known_from"
      )
    END AS turn_1,
    CASE
      WHEN CASE WHEN done <= due THEN done END IS NULL
      THEN NULL
      ELSE GREATEST(CASE WHEN done <= due THEN done END, started, "#known_from")
    END AS turn_2
  FROM with_due
), each AS (
  SELECT
    *,
    CASE
      WHEN turn = 0
      THEN turn_0
      WHEN turn = 1
      THEN turn_1
      WHEN turn = 2
      THEN turn_2
      ELSE NULL
    END AS looked_at
  FROM turned
  CROSS JOIN (
    SELECT
      0 AS turn
    UNION ALL
    SELECT
      1 AS turn
    UNION ALL
    SELECT
      2 AS turn
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
      CASE
        WHEN turn_2 > looked_at OR (
          turn_2 = looked_at AND turn < 2
        )
        THEN turn_2
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
      COALESCE(due, started, done) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= looked_at
      THEN 'broken'
      ELSE 'open'
    END AS verdict,
    CASE
      WHEN item_id IS NULL
      THEN 'no id'
      WHEN started IS NULL
      THEN 'no start'
      WHEN done < started
      THEN 'done before it started'
      WHEN due IS NULL
      THEN 'no due date'
      WHEN done <= due
      THEN NULL
      WHEN done > due
      THEN 'done late'
      WHEN due <= looked_at
      THEN 'not done and overdue'
      ELSE 'not due yet'
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
