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
    NULL AS exempt_because
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
      clock_at + CAST(RINT(CAST((
        4 * CAST(3600000000 AS BIGINT)
      ) AS DOUBLE)) AS BIGINT)
    ) AS due_on_0
  FROM clocked
), pauses AS (
  SELECT
    `of_order` AS item_id,
    UNIX_MICROS(`begun`) AS paused_from,
    UNIX_MICROS(`ended`) AS paused_to
  FROM (
    SELECT
      `of_order`,
      `begun`,
      `ended`,
      `arrived_at`
    FROM `source_pauses` AS `pauses`
    WHERE
      COALESCE(UNIX_MICROS(`arrived_at`) <= 1774997999999999, TRUE)
  ) AS `pauses`
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
      ORDER BY paused_from NULLS LAST, paused_to NULLS LAST
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS reached
  FROM clipped
), islands AS (
  SELECT
    *,
    SUM(CASE WHEN paused_from <= reached THEN 0 ELSE 1 END) OVER (
      PARTITION BY item_id
      ORDER BY paused_from NULLS LAST, paused_to NULLS LAST
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
        ORDER BY begun NULLS LAST, ended NULLS LAST
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
    `item_id`,
    prior.`started`,
    prior.`done`,
    prior.`cancelled`,
    prior.`exempt_because`,
    prior.`basis`,
    prior.`version`,
    prior.`started_day`,
    prior.`clock_at`,
    prior.`clock_day`,
    prior.`due_on_0`,
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
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;
