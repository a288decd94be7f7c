-- counts already added up, with a correction
--
-- promise:
--   measure:
--     items: items
--     at: period
--     kept: seen - late
--     total: seen
--     only: seen > 0
--     segments:
--     - region
-- corrections:
--   storm:
--     promises:
--     - p
--     from: 2026-02-03
--     to: 2026-02-04
--     only: region = 'north'
--     because: storm
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- judged

create or replace temp view judged as WITH item AS (
  SELECT
    NULL AS item_id,
    DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS started,
    CASE
      WHEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999
      THEN DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT))
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    CAST((
      "seen" - "late"
    ) AS DOUBLE) AS kept_told,
    CAST("seen" AS DOUBLE) AS total_told,
    CASE
      WHEN CAST((
        "seen" - "late"
      ) AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(
        CAST((
          "seen" - "late"
        ) AS DOUBLE) - ROUND(CAST((
          "seen" - "late"
        ) AS DOUBLE))
      ) <= 0.000001
      THEN CAST(ROUND(CAST((
        "seen" - "late"
      ) AS DOUBLE)) AS BIGINT)
    END AS kept_count,
    CASE
      WHEN CAST("seen" AS DOUBLE) BETWEEN 0 AND 1000000000000000
      AND ABS(CAST("seen" AS DOUBLE) - ROUND(CAST("seen" AS DOUBLE))) <= 0.000001
      THEN CAST(ROUND(CAST("seen" AS DOUBLE)) AS BIGINT)
    END AS total_count,
    NULL AS exempt_because,
    "region" = 'north' AS correction_0,
    CAST("region" AS TEXT) AS "region"
  FROM source."items"
  WHERE
    (
      "seen" > 0
    )
    AND COALESCE(
      DAY_START(CAST("period" - CAST('1970-01-01' AS DATE) AS BIGINT)) <= 1774997999999999,
      TRUE
    )
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
      COALESCE(due, started, done) AS counted_at
    FROM with_due
  ) AS with_due
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'exempt'
      WHEN started IS NULL
      OR (
        kept_told IS NULL OR total_told IS NULL
      )
      OR (
        kept_told < 0 OR kept_told > total_told
      )
      OR total_told > 1000000000000000
      OR (
        ABS(kept_told - ROUND(kept_told)) > 0.000001
        OR ABS(total_told - ROUND(total_told)) > 0.000001
      )
      THEN 'unknown'
      ELSE 'counted'
    END AS verdict,
    CASE
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'storm'
      WHEN started IS NULL
      THEN 'no time'
      WHEN kept_told IS NULL OR total_told IS NULL
      THEN 'no counts'
      WHEN kept_told < 0 OR kept_told > total_told
      THEN 'more kept than there are, or less than none'
      WHEN total_told > 1000000000000000
      THEN 'more than can be counted'
      WHEN ABS(kept_told - ROUND(kept_told)) > 0.000001
      OR ABS(total_told - ROUND(total_told)) > 0.000001
      THEN 'not a whole number'
      ELSE NULL
    END AS reason,
    CASE
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'correction'
      ELSE CAST(NULL AS TEXT)
    END AS exempt_by,
    CASE
      WHEN started IS NULL
      OR (
        kept_told IS NULL OR total_told IS NULL
      )
      OR (
        kept_told < 0 OR kept_told > total_told
      )
      OR total_told > 1000000000000000
      OR (
        ABS(kept_told - ROUND(kept_told)) > 0.000001
        OR ABS(total_told - ROUND(total_told)) > 0.000001
      )
      THEN 'unknown'
      ELSE 'counted'
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
  kept_count,
  total_count,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise,
  CASE
    WHEN "region" IS NULL
    THEN '(none)'
    WHEN "region" LIKE '%(none)%'
    THEN REPLACE("region", '(none)', '"(none)"')
    ELSE "region"
  END AS "region"
FROM verdicts;

-- what fills verdict_cell

SELECT
  day,
  version,
  "region",
  CAST(SUM(CASE WHEN verdict = 'counted' THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict = 'counted' THEN total_count - kept_count ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(0) AS BIGINT) AS open,
  CAST(SUM(CASE WHEN verdict = 'exempt' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS exempt,
  CAST(SUM(
    CASE WHEN verdict = 'unknown' THEN COALESCE(GREATEST(total_count, 1), 1) ELSE 0 END
  ) AS BIGINT) AS unknown,
  CAST(SUM(CASE WHEN verdict = 'not promised' THEN COALESCE(total_count, 1) ELSE 0 END) AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version,
  "region";

-- what fills item

SELECT
  CAST(item_id AS TEXT) AS item_id,
  day,
  version,
  MAKE_TIMESTAMP(started) AS started,
  MAKE_TIMESTAMP(due) AS due,
  MAKE_TIMESTAMP(done) AS done,
  verdict,
  reason,
  exempt_by,
  otherwise,
  late_us / 1000000.0 AS late_seconds,
  CAST(NULL AS BIGINT) / 1000000.0 AS clock_left_seconds,
  CASE verdict
    WHEN 'exempt'
    THEN COALESCE(total_count, 1)
    ELSE COALESCE(GREATEST(total_count, 1), 1)
  END AS items,
  "region"
FROM judged
WHERE
  verdict <> 'counted';

-- what fills exempt_daily

SELECT
  day,
  version,
  exempt_by,
  reason,
  CAST(SUM(COALESCE(total_count, 1)) AS BIGINT) AS items,
  CAST(SUM(CASE WHEN otherwise = 'counted' THEN kept_count ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN otherwise = 'counted' THEN total_count - kept_count ELSE 0 END) AS BIGINT) AS broken,
  CAST(0 AS BIGINT) AS open
FROM judged
WHERE
  verdict = 'exempt'
GROUP BY
  day,
  version,
  exempt_by,
  reason;

-- derived

insert into snapshot.verdict_daily by name select $promise as promise_id, *
from (select day, version, '(all)' as segment, '(all)' as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version
union all select day, version, 'region' as segment, "region" as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version, "region")
order by segment, day;

-- the story of one item, after the steps of judged

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
  kept_count,
  total_count,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  CASE
    WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
    THEN 0
    ELSE CAST(NULL AS INT)
  END AS correction,
  CASE
    WHEN "region" IS NULL
    THEN '(none)'
    WHEN "region" LIKE '%(none)%'
    THEN REPLACE("region", '(none)', '"(none)"')
    ELSE "region"
  END AS "segment 0"
FROM verdicts;
