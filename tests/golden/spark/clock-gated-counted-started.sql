-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`delivered_at`)
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
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
      started + 14400000000
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
      COALESCE(started, due, done) AS counted_at
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
  due > 1774997999999999 - 19008000000000 AS `#recent`,
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
      WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`delivered_at`)
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
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
      started + 14400000000
    ) AS due
  FROM dated
), turned AS (
  SELECT
    *,
    CASE WHEN started IS NULL THEN NULL ELSE GREATEST(started, started) END AS turn_0,
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
        started
      )
    END AS turn_1,
    CASE
      WHEN CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END IS NULL
      THEN NULL
      ELSE GREATEST(CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END, started)
    END AS turn_2,
    CASE
      WHEN CASE WHEN done <= due THEN done END IS NULL
      THEN NULL
      ELSE GREATEST(CASE WHEN done <= due THEN done END, started)
    END AS turn_3
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
      WHEN turn = 3
      THEN turn_3
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
    UNION ALL
    SELECT
      3 AS turn
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
      CASE
        WHEN turn_3 > looked_at OR (
          turn_3 = looked_at AND turn < 3
        )
        THEN turn_3
      END
    ) AS until
  FROM each
), asked AS (
  SELECT
    `item_id`,
    `started`,
    CASE WHEN done <= looked_at THEN done END AS done,
    CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled,
    `exempt_because`,
    `brought`,
    `basis`,
    `version`,
    `started_day`,
    `due`,
    `turn_0`,
    `turn_1`,
    `turn_2`,
    `turn_3`,
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
      COALESCE(started, due, done) AS counted_at
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
