-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`ordered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`ordered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NOT `wrong` AS is_kept,
    CASE
      WHEN `moved`
      THEN 'the customer moved it'
      WHEN `region` IS NULL
      THEN 'nobody\'s region'
      ELSE NULL
    END AS exempt_because,
    `region` = 'north' AS correction_0,
    CAST(`region` AS STRING) AS `region`
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
      WHEN NOT exempt_because IS NULL
      OR (
        (
          NOT cancelled IS NULL
        ) AND cancelled > due
      )
      OR NOT cancelled IS NULL
      OR COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'exempt'
      WHEN item_id IS NULL OR started IS NULL OR is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE NULL
    END AS verdict,
    CASE
      WHEN NOT exempt_because IS NULL
      THEN exempt_because
      WHEN (
        NOT cancelled IS NULL
      ) AND cancelled > due
      THEN 'cancelled after it was due'
      WHEN NOT cancelled IS NULL
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'storm'
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
    CASE
      WHEN NOT exempt_because IS NULL
      THEN 'rule'
      WHEN (
        (
          NOT cancelled IS NULL
        ) AND cancelled > due
      )
      OR NOT cancelled IS NULL
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'correction'
      ELSE CAST(NULL AS STRING)
    END AS exempt_by,
    CASE
      WHEN item_id IS NULL OR started IS NULL OR is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE CAST(NULL AS STRING)
    END AS otherwise
  FROM counted
)
SELECT
  item_id,
  version,
  started,
  due,
  done,
  late_us,
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise,
  CASE
    WHEN `region` IS NULL
    THEN '(none)'
    WHEN `region` LIKE '%(none)%'
    THEN REPLACE(`region`, '(none)', '"(none)"')
    ELSE `region`
  END AS `region`
FROM verdicts;

-- what fills verdict_cell

SELECT
  day,
  version,
  `region`,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  CAST(0 AS BIGINT) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version,
  `region`;

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
  1 AS items,
  `region`
FROM judged
WHERE
  verdict <> 'kept';
