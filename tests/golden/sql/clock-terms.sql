-- the length that was sold to the customer, the newest that was valid; nothing sold, nothing promised
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within:
--       terms: sold
--       match: customer
--       value: number
--       unit: hours
--       from: valid_from
--       to: valid_to
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- judged

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("delivered_at") <= 1774997999999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    "customer" AS bought_by,
    NULL AS exempt_because
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
), offered AS (
  SELECT
    "customer" AS sold_to,
    "number" AS sold,
    DAY_START(CAST("valid_from" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS sold_from,
    DAY_START((
      CAST("valid_to" - CAST('1970-01-01' AS DATE) AS BIGINT) + 1
    )) AS sold_until
  FROM source."sold"
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
    prior.*,
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
      clock_at + CAST(CASE
        WHEN (
          sold_length BETWEEN 0 AND 878400
        )
        THEN TRY_CAST(sold_length AS DOUBLE)
      END * CAST(3600000000 AS BIGINT) AS BIGINT)
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
    LOCAL_DAY(counted_at) AS day,
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
      THEN 'two lengths were sold from the same day: ' || CAST(sold_length AS TEXT) || ' and ' || CAST(sold_longest AS TEXT) || ' ' || 'hours'
      WHEN COALESCE(NOT (
        sold_length BETWEEN 0 AND 878400
      ), FALSE)
      THEN CAST(sold_length AS TEXT) || CASE
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
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- the story of one item, after the steps of judged

WITH ended AS (
  SELECT
    *,
    CASE
      WHEN NOT done IS NULL
      THEN done
      WHEN NOT cancelled IS NULL
      THEN cancelled
      ELSE 1774997999999999
    END AS ends_at
  FROM verdicts
), placed_0 AS (
  SELECT
    *,
    (
      (
        clock_at
      )
    ) AS from_0,
    (
      (
        ends_at
      )
    ) AS until_0
  FROM ended
), run AS (
  SELECT
    *,
    (
      due_on_0 - from_0
    ) AS limit_us,
    CASE WHEN until_0 < from_0 THEN 0 ELSE until_0 - from_0 END AS elapsed_us
  FROM placed_0
)
SELECT
  item_id,
  version,
  started,
  due,
  done,
  cancelled,
  late_us,
  verdict,
  reason,
  exempt_by,
  otherwise,
  clock_at,
  ends_at,
  limit_us,
  elapsed_us,
  sold_length,
  bought_by,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  CAST(NULL AS INT) AS correction
FROM run;
