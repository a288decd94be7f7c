-- a clock on the wall, with segments; whole, from its days to the tables and the story of one item
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 4 hours
--     segments:
--     - region
--     - weekday: dayname(ordered_at)
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- local days

create or replace temp macro utc_offset(us) as CASE WHEN us < 1743296400000000 THEN 0 WHEN us < 1761440400000000 THEN 3600000000 WHEN us < 1774746000000000 THEN 0 WHEN us < 1792890000000000 THEN 3600000000 WHEN us < 1806195600000000 THEN 0 WHEN us < 1824944400000000 THEN 3600000000 WHEN us < 1837645200000000 THEN 0 WHEN us < 1856394000000000 THEN 3600000000 ELSE 0 END;

-- local days

create or replace temp macro local_day(us) as CAST(((us + UTC_OFFSET(us)) + 86400000000000000) // 86400000000 - 1000000 AS INT);

-- local days

create or replace temp macro day_start(n) as n * 86400000000 - CASE WHEN n < 20178 THEN 0 WHEN n < 20388 THEN 3600000000 WHEN n < 20542 THEN 0 WHEN n < 20752 THEN 3600000000 WHEN n < 20906 THEN 0 WHEN n < 21123 THEN 3600000000 WHEN n < 21270 THEN 0 WHEN n < 21487 THEN 3600000000 ELSE 0 END;

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
    NULL AS exempt_because,
    CAST("region" AS TEXT) AS "region",
    CAST(DAYNAME("ordered_at") AS TEXT) AS "weekday"
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
  END AS "region",
  CASE
    WHEN "weekday" IS NULL
    THEN '(none)'
    WHEN "weekday" LIKE '%(none)%'
    THEN REPLACE("weekday", '(none)', '"(none)"')
    ELSE "weekday"
  END AS "weekday"
FROM verdicts;

-- what fills verdict_cell

SELECT
  day,
  version,
  "region",
  "weekday",
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  CAST(0 AS BIGINT) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version,
  "region",
  "weekday";

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
  CASE WHEN verdict IN ('open', 'broken') THEN (
    -late_us
  ) END / 1000000.0 AS clock_left_seconds,
  1 AS items,
  "region",
  "weekday"
FROM judged
WHERE
  verdict <> 'kept';

-- what fills lateness_daily

SELECT
  day,
  version,
  bucket,
  '(all)' AS segment,
  '(all)' AS value,
  COUNT(*) AS items,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept
FROM (
  SELECT
    day,
    version,
    verdict,
    CASE
      WHEN ABS(late_us / 1e6) < 1
      THEN 0
      WHEN late_us / 1e6 < 0
      THEN -1 - CAST(FLOOR(LN(ABS(late_us / 1e6)) / 0.048790164169432) AS INT)
      ELSE 1 + CAST(FLOOR(LN(ABS(late_us / 1e6)) / 0.048790164169432) AS INT)
    END AS bucket
  FROM judged
  WHERE
    verdict IN ('kept', 'broken') AND NOT done IS NULL AND NOT due IS NULL
) AS judged
GROUP BY
  day,
  version,
  bucket;

-- what fills basis_daily

SELECT
  *
FROM (
  SELECT
    day AS day,
    version AS version,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)
    ) AS started_day,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(due) AS INT)
    ) AS due_day,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(done) AS INT)
    ) AS done_day,
    verdict AS verdict,
    COALESCE(done - due = 0, FALSE) AND reason IS DISTINCT FROM 'cancelled' AS on_limit,
    COUNT(*) AS items
  FROM judged
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7
) AS grouped
WHERE
  verdict IN ('kept', 'broken', 'open');

-- what fills left_monthly

SELECT
  day,
  segment,
  value,
  what,
  bucket,
  COUNT(*) AS items
FROM (
  SELECT
    "#day" AS day,
    CASE WHEN "#part" = 0 THEN '(all)' WHEN "#part" = 1 THEN 'region' ELSE 'weekday' END AS segment,
    CASE WHEN "#part" = 0 THEN '(all)' WHEN "#part" = 1 THEN "region" ELSE "weekday" END AS value,
    "#what" AS what,
    "#bucket" AS bucket
  FROM (
    SELECT
      CAST(DATE_TRUNC('MONTH', (
        (
          CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(due) AS INT)
        )
      )) AS DATE) AS "#day",
      CASE
        WHEN "#at" IS NULL
        THEN 9999
        ELSE CASE
          WHEN ABS("#left" / 1e6) < 1
          THEN 0
          WHEN "#left" / 1e6 < 0
          THEN -1 - CAST(FLOOR(LN(ABS("#left" / 1e6)) / 0.048790164169432) AS INT)
          ELSE 1 + CAST(FLOOR(LN(ABS("#left" / 1e6)) / 0.048790164169432) AS INT)
        END
      END AS "#bucket",
      "#what",
      "region",
      "weekday"
    FROM (
      SELECT
        due,
        "#at",
        "#what",
        "region",
        "weekday",
        (
          (
            due
          )
        ) - (
          (
            "#at"
          )
        ) AS "#left"
      FROM (
        SELECT
          version,
          due,
          "#at",
          "#what",
          "region",
          "weekday"
        FROM (
          SELECT
            version,
            due,
            started,
            "#how",
            "#ended",
            "#turn",
            "region",
            "weekday",
            CASE "#turn"
              WHEN 0
              THEN started
              WHEN 1
              THEN "#ended"
              ELSE DAY_START((
                LOCAL_DAY(due) + 2 - "#turn"
              ))
            END AS "#at",
            CASE "#turn" WHEN 0 THEN 'started' WHEN 1 THEN "#how" ELSE 'evening ' || "#how" END AS "#what"
          FROM (
            SELECT
              version,
              due,
              started,
              "region",
              "weekday",
              CASE
                WHEN verdict = 'open'
                THEN 'open'
                WHEN verdict = 'kept'
                THEN 'done'
                ELSE 'broken'
              END AS "#how",
              CASE
                WHEN verdict = 'open'
                THEN due + late_us
                WHEN verdict = 'kept'
                THEN done
                ELSE due
              END AS "#ended"
            FROM judged
            WHERE
              NOT due IS NULL AND "#recent" AND verdict IN ('kept', 'broken', 'open')
          ) AS ended
          CROSS JOIN (
            SELECT
              0 AS "#turn"
            UNION ALL
            SELECT
              1 AS "#turn"
            UNION ALL
            SELECT
              2 AS "#turn"
            UNION ALL
            SELECT
              3 AS "#turn"
            UNION ALL
            SELECT
              4 AS "#turn"
            UNION ALL
            SELECT
              5 AS "#turn"
            UNION ALL
            SELECT
              6 AS "#turn"
            UNION ALL
            SELECT
              7 AS "#turn"
            UNION ALL
            SELECT
              8 AS "#turn"
          ) AS turn
        ) AS turned
        WHERE
          "#turn" < 2
          OR (
            "#how" <> 'open'
            AND started < "#at"
            AND "#ended" >= "#at"
            AND CAST(DATE_TRUNC(
              'MONTH',
              (
                (
                  CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY((
                    "#at" - 1
                  )) AS INT)
                )
              )
            ) AS DATE) = CAST(DATE_TRUNC('MONTH', (
              (
                CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(due) AS INT)
              )
            )) AS DATE)
          )
      ) AS looked_at
    ) AS placed
  ) AS looked
  CROSS JOIN (
    SELECT
      0 AS "#part"
    UNION ALL
    SELECT
      1 AS "#part"
    UNION ALL
    SELECT
      2 AS "#part"
  ) AS part
) AS each
GROUP BY
  1,
  2,
  3,
  4,
  5;

-- derived

insert into snapshot.verdict_daily by name select $promise as promise_id, *
from (select day, version, '(all)' as segment, '(all)' as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version
union all select day, version, 'region' as segment, "region" as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version, "region"
union all select day, version, 'weekday' as segment, "weekday" as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version, "weekday")
order by segment, day;

-- derived

insert into snapshot.lateness_daily by name select $promise as promise_id, *
from (select day, version, 'region' as segment, "region" as value, -9999 as bucket, cast(sum(kept) as bigint) as items, cast(sum(kept) as bigint) as kept
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version, "region"
having sum(kept) > 0
union all select day, version, 'region' as segment, "region" as value, CASE WHEN ABS(late_seconds) < 1 THEN 0 WHEN late_seconds < 0 THEN -1 - CAST(FLOOR(LN(ABS(late_seconds)) / 0.048790164169432) AS INT) ELSE 1 + CAST(FLOOR(LN(ABS(late_seconds)) / 0.048790164169432) AS INT) END as bucket, count(*) as items, 0 as kept
from snapshot.item
where promise_id = $promise and true and verdict = 'broken' and not done is null and not due is null
group by all
union all select day, version, 'weekday' as segment, "weekday" as value, -9999 as bucket, cast(sum(kept) as bigint) as items, cast(sum(kept) as bigint) as kept
from snapshot.verdict_cell
where promise_id = $promise and true
group by day, version, "weekday"
having sum(kept) > 0
union all select day, version, 'weekday' as segment, "weekday" as value, CASE WHEN ABS(late_seconds) < 1 THEN 0 WHEN late_seconds < 0 THEN -1 - CAST(FLOOR(LN(ABS(late_seconds)) / 0.048790164169432) AS INT) ELSE 1 + CAST(FLOOR(LN(ABS(late_seconds)) / 0.048790164169432) AS INT) END as bucket, count(*) as items, 0 as kept
from snapshot.item
where promise_id = $promise and true and verdict = 'broken' and not done is null and not due is null
group by all)
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

WITH ended AS (
  SELECT
    *,
    started AS clock_at,
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
      due - from_0 + 0
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
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  CAST(NULL AS INT) AS correction,
  CASE
    WHEN "region" IS NULL
    THEN '(none)'
    WHEN "region" LIKE '%(none)%'
    THEN REPLACE("region", '(none)', '"(none)"')
    ELSE "region"
  END AS "segment 0",
  CASE
    WHEN "weekday" IS NULL
    THEN '(none)'
    WHEN "weekday" LIKE '%(none)%'
    THEN REPLACE("weekday", '(none)', '"(none)"')
    ELSE "weekday"
  END AS "segment 1"
FROM run;
