-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`arrived_at`) AS `#known_from`,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NOT `wrong`
    AND CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END IS NULL AS is_kept,
    NULL AS exempt_because,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
  FROM (
    SELECT
      `order_id`,
      `customer`,
      `region`,
      `channel`,
      `topic`,
      `ordered_at`,
      `ordered_on`,
      `delivered_at`,
      `delivered_on`,
      `cancelled_at`,
      `promised_on`,
      `first_promised_on`,
      `promised_at`,
      `paused_at`,
      `resumed_at`,
      `held_at`,
      `released_at`,
      `quoted_days`,
      `moved`,
      `wrong`,
      `arrived_at`,
      `changed_at`,
      `period`,
      `seen`,
      `late`
    FROM `source_items` AS `items`
    WHERE
      COALESCE(UNIX_MICROS(`arrived_at`) <= 1774997999999999, TRUE)
    UNION ALL
    SELECT
      `order_id`,
      `customer`,
      `region`,
      `channel`,
      `topic`,
      `ordered_at`,
      `ordered_on`,
      `delivered_at`,
      `delivered_on`,
      `cancelled_at`,
      `promised_on`,
      `first_promised_on`,
      `promised_at`,
      `paused_at`,
      `resumed_at`,
      `held_at`,
      `released_at`,
      `quoted_days`,
      `moved`,
      `wrong`,
      `arrived_at`,
      `changed_at`,
      `period`,
      `seen`,
      `late`
    FROM `earlier_items` AS `items`
    WHERE
      `#known_from` <= 1774997999999999 AND `#known_until` > 1774997999999999
  ) AS `items`
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
    CAST(`order_id` AS STRING) || ' ' || CAST(`#known_from` AS STRING) AS item_id,
    `#known_from`,
    `#known_until`,
    `order_id` AS `#id`,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NOT `wrong`
    AND CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END IS NULL AS is_kept,
    NULL AS exempt_because,
    NOT `wrong` AND CASE WHEN FALSE THEN `cancelled_at` END IS NULL AS is_kept_before_0,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
  FROM (
    SELECT
      `order_id`,
      `customer`,
      `region`,
      `channel`,
      `topic`,
      `ordered_at`,
      `ordered_on`,
      `delivered_at`,
      `delivered_on`,
      `cancelled_at`,
      `promised_on`,
      `first_promised_on`,
      `promised_at`,
      `paused_at`,
      `resumed_at`,
      `held_at`,
      `released_at`,
      `quoted_days`,
      `moved`,
      `wrong`,
      `arrived_at`,
      `changed_at`,
      `period`,
      `seen`,
      `late`,
      COALESCE(UNIX_MICROS(`arrived_at`), (
        -4611686018427387904
      )) AS `#known_from`,
      CAST(NULL AS BIGINT) AS `#known_until`
    FROM `source_items` AS `items`
    WHERE
      COALESCE(UNIX_MICROS(`arrived_at`) <= 1774997999999999, TRUE)
    UNION ALL
    SELECT
      `order_id`,
      `customer`,
      `region`,
      `channel`,
      `topic`,
      `ordered_at`,
      `ordered_on`,
      `delivered_at`,
      `delivered_on`,
      `cancelled_at`,
      `promised_on`,
      `first_promised_on`,
      `promised_at`,
      `paused_at`,
      `resumed_at`,
      `held_at`,
      `released_at`,
      `quoted_days`,
      `moved`,
      `wrong`,
      `arrived_at`,
      `changed_at`,
      `period`,
      `seen`,
      `late`,
      `#known_from`,
      `#known_until`
    FROM `earlier_items` AS `items`
    WHERE
      `#known_from` <= 1774997999999999
  ) AS `items`
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
), turned AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      THEN NULL
      ELSE GREATEST(started, started, `#known_from`)
    END AS turn_0,
    CASE
      WHEN cancelled IS NULL
      THEN NULL
      ELSE GREATEST(cancelled, started, `#known_from`)
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
      `#known_until`
    ) AS until
  FROM each
), asked AS (
  SELECT
    `item_id`,
    `#known_from`,
    `#known_until`,
    `#id`,
    `started`,
    CASE WHEN done <= looked_at THEN done END AS done,
    CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled,
    CASE WHEN cancelled <= looked_at THEN is_kept ELSE is_kept_before_0 END AS is_kept,
    `exempt_because`,
    `is_kept_before_0`,
    `brought`,
    `basis`,
    `version`,
    `started_day`,
    `due`,
    `turn_0`,
    `turn_1`,
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
