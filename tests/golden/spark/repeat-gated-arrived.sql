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
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(UNIX_MICROS(`ordered_at`)) OVER (
      PARTITION BY `customer`, `topic`
      ORDER BY UNIX_MICROS(`ordered_at`) NULLS LAST, `order_id` NULLS LAST
    ) AS again_at,
    `customer` IS NULL OR `topic` IS NULL AS is_nothing,
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
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    LEAD(UNIX_MICROS(`ordered_at`)) OVER (
      PARTITION BY `customer`, `topic`
      ORDER BY UNIX_MICROS(`ordered_at`) NULLS LAST, `order_id` NULLS LAST
    ) AS again_at,
    `customer` IS NULL OR `topic` IS NULL AS is_nothing,
    `customer` AS same_0,
    `topic` AS same_1,
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
    one.`#known_from`,
    one.`#known_until`,
    other.`#known_from` AS begins,
    other.`#known_until` AS ends
  FROM with_due AS one
  JOIN with_due AS other
    ON other.same_0 = one.same_0
    AND other.same_1 = one.same_1
    AND other.started <= one.due
    AND (
      other.started > one.started
      OR (
        other.started = one.started AND other.`#id` > one.`#id`
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
    AND begins > `#known_from`
    AND COALESCE(begins < `#known_until`, TRUE)
  UNION
  SELECT
    item_id,
    due,
    ends
  FROM met
  WHERE
    ends > due AND ends > `#known_from` AND COALESCE(ends < `#known_until`, TRUE)
  UNION
  SELECT
    item_id,
    due,
    `#known_from`
  FROM met
), known_part AS (
  SELECT
    part.item_id,
    part_from,
    LEAD(part_from) OVER (PARTITION BY part.item_id ORDER BY part_from NULLS LAST) AS part_until,
    BOOL_OR(
      begins <= GREATEST(part_from, part.due)
      AND COALESCE(ends > GREATEST(part_from, part.due), TRUE)
    ) AS comes_again
  FROM part
  JOIN met
    ON part.item_id = met.item_id
  GROUP BY
    part.item_id,
    part_from
), with_again AS (
  SELECT
    `item_id`,
    COALESCE(part_from, `#known_from`) AS `#known_from`,
    COALESCE(part_until, `#known_until`) AS `#known_until`,
    prior.`#id`,
    prior.`started`,
    prior.`done`,
    prior.`cancelled`,
    CASE WHEN comes_again THEN due END AS again_at,
    prior.`is_nothing`,
    prior.`same_0`,
    prior.`same_1`,
    prior.`exempt_because`,
    prior.`brought`,
    prior.`basis`,
    prior.`version`,
    prior.`started_day`,
    prior.`due`
  FROM with_due AS prior
  LEFT JOIN known_part
    USING (item_id)
), turned AS (
  SELECT
    *,
    CASE
      WHEN started IS NULL
      THEN NULL
      ELSE GREATEST(started, started, `#known_from`)
    END AS turn_0,
    CASE WHEN due IS NULL THEN NULL ELSE GREATEST(due, started, `#known_from`) END AS turn_1
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
    `again_at`,
    `is_nothing`,
    `same_0`,
    `same_1`,
    `exempt_because`,
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
