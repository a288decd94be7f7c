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
    `customer` AS bought_by,
    NULL AS exempt_because
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
), offered AS (
  SELECT
    `customer` AS sold_to,
    `number` AS sold,
    (
      (
        DAY_START(CAST(DATEDIFF(`valid_from`, CAST('1970-01-01' AS DATE)) AS BIGINT))
      )
    ) AS sold_from,
    (
      (
        DAY_START((
          CAST(DATEDIFF(`valid_to`, CAST('1970-01-01' AS DATE)) AS BIGINT) + 1
        ))
      )
    ) AS sold_until
  FROM `source_sold` AS `sold`
), valid AS (
  SELECT
    item_id,
    sold,
    sold_from,
    MAX(sold_from) OVER (PARTITION BY item_id) AS newest
  FROM dated
  JOIN offered
    ON sold_to = bought_by AND sold_from <= started
  WHERE
    COALESCE(started < sold_until, TRUE) AND NOT sold IS NULL
), chosen AS (
  SELECT
    item_id,
    MIN(sold) AS sold_length,
    MAX(sold) AS sold_longest
  FROM valid
  WHERE
    sold_from = newest
  GROUP BY
    item_id
), with_terms AS (
  SELECT
    `item_id`,
    prior.`started`,
    prior.`done`,
    prior.`cancelled`,
    prior.`bought_by`,
    prior.`exempt_because`,
    prior.`basis`,
    prior.`version`,
    prior.`started_day`,
    sold_length,
    sold_longest
  FROM dated AS prior
  LEFT JOIN chosen
    USING (item_id)
), clocked AS (
  SELECT
    *,
    started AS clock_at,
    started_day AS clock_day
  FROM with_terms
), on_0 AS (
  SELECT
    *,
    (
      clock_at + CAST(RINT(
        CAST((
          CASE
            WHEN (
              sold_length BETWEEN 0 AND 878400
            )
            THEN TRY_CAST(sold_length AS DOUBLE)
          END * CAST(3600000000 AS BIGINT)
        ) AS DOUBLE)
      ) AS BIGINT)
    ) AS due_on_0
  FROM clocked
), with_due AS (
  SELECT
    prior.*,
    due_on_0 AS due
  FROM on_0 AS prior
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
      CASE
        WHEN sold_length IS NULL AND NOT started IS NULL
        THEN basis
        ELSE COALESCE(due, started, done)
      END AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN sold_length IS NULL AND NOT started IS NULL
      THEN 'not promised'
      WHEN item_id IS NULL
      OR started IS NULL
      OR done < started
      OR sold_length < sold_longest
      OR COALESCE(NOT (
        sold_length BETWEEN 0 AND 878400
      ), FALSE)
      OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= 1774997999999999
      THEN 'broken'
      ELSE 'open'
    END AS verdict,
    CASE
      WHEN sold_length IS NULL AND NOT started IS NULL
      THEN NULL
      WHEN item_id IS NULL
      THEN 'no id'
      WHEN started IS NULL
      THEN 'no start'
      WHEN done < started
      THEN 'done before it started'
      WHEN sold_length < sold_longest
      THEN 'two lengths were sold from the same day: ' || CAST(sold_length AS STRING) || ' and ' || CAST(sold_longest AS STRING) || ' ' || 'hours'
      WHEN COALESCE(NOT (
        sold_length BETWEEN 0 AND 878400
      ), FALSE)
      THEN CAST(sold_length AS STRING) || CASE
        WHEN sold_length < 0
        THEN ' hours is less than none'
        WHEN sold_length > 878400
        THEN ' hours is longer than 100 years'
        ELSE ' is not a whole number of hours'
      END
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
