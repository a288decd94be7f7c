-- a check that may exempt, with a correction and what was cancelled
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     kept_when: not wrong
--     cancelled: cancelled_at
--     exempt:
--     - when: moved
--       because: the customer moved it
--     - when: region is null
--       because: nobody's region
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
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE
      WHEN "moved"
      THEN 'the customer moved it'
      WHEN "region" IS NULL
      THEN 'nobody''s region'
      ELSE NULL
    END AS exempt_because,
    "region" = 'north' AS correction_0,
    CAST("region" AS TEXT) AS "region"
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
    LOCAL_DAY(counted_at) AS day,
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
      ELSE CAST(NULL AS TEXT)
    END AS exempt_by,
    CASE
      WHEN item_id IS NULL OR started IS NULL OR is_kept IS NULL
      THEN 'unknown'
      WHEN is_kept
      THEN 'kept'
      WHEN NOT is_kept
      THEN 'broken'
      ELSE CAST(NULL AS TEXT)
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
  1 AS items,
  "region"
FROM judged
WHERE
  verdict <> 'kept';

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

-- derived

insert into snapshot.exempt_daily by name select $promise as promise_id, * from (
        select day, version, exempt_by, reason,
            count(*) as items,
            count(case when otherwise = 'kept' then 1 end) as kept,
            count(case when otherwise = 'broken' then 1 end) as broken,
            count(case when otherwise = 'open' then 1 end) as open
        from snapshot.item where promise_id = $promise and true and verdict = 'exempt' group by day, version, exempt_by, reason
        ) order by day;

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
  is_kept,
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
