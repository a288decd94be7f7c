-- a check, where nothing but time has passed
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     at: ordered_at
--     kept_when: not wrong
--     exempt:
--     - when: moved
--       because: moved
-- corrections:
--   storm:
--     promises:
--     - p
--     from: 2026-02-03
--     to: 2026-02-04
--     only: region = 'north'
--     because: storm
-- promotions:
--   spring:
--     says: Always on time
--     launched: 2026-06-01
--     leans_on:
--     - p
--     items:
--       source: items
--       only: channel = 'web'
--     ready_when:
--     - gate: it holds
--       promise: p
--       kept_at_least: 90%
--       over: 28 days
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- asked in this order

select count(*) from source."items";

-- then

create or replace temp table touched as select distinct id
from (select "order_id" as id
from source."items"
where ("ordered_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "ordered_at" <= timestamptz '2026-03-31 22:59:59.999999+00')
union all select try_cast(item_id as VARCHAR) as id
from snapshot.item
where promise_id = 'p' and 'open' in (verdict, otherwise))
where not id is null;

-- then

select count(*) from touched;

-- then

create or replace temp table "now items" as select "order_id", "customer", "region", "channel", "topic", "ordered_at", "ordered_on", "delivered_at", "delivered_on", "cancelled_at", "promised_on", "first_promised_on", "promised_at", "paused_at", "resumed_at", "held_at", "released_at", "quoted_days", "moved", "wrong", "arrived_at", "changed_at", "period", "seen", "late"
from source."items"
where "order_id" in (select id
from touched);

-- then

create or replace temp table "was items" as select "order_id", "customer", "region", "channel", "topic", "ordered_at", "ordered_on", "delivered_at", "delivered_on", "cancelled_at", "promised_on", "first_promised_on", "promised_at", "paused_at", "resumed_at", "held_at", "released_at", "quoted_days", "moved", "wrong", "arrived_at", "changed_at", "period", "seen", "late"
from "now items";

-- then

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774911599999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774911599999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE WHEN "moved" THEN 'moved' ELSE NULL END AS exempt_because,
    "region" = 'north' AS correction_0,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM "was items" AS "items"
  WHERE
    COALESCE(EPOCH_US("ordered_at") <= 1774911599999999, TRUE)
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
    COALESCE(done, 1774911599999999) - due AS late_us
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
      WHEN NOT exempt_because IS NULL
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
  brought,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- then

create or replace temp view known as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774911599999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774911599999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE WHEN "moved" THEN 'moved' ELSE NULL END AS exempt_because,
    "region" = 'north' AS correction_0,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM "was items" AS "items"
  WHERE
    COALESCE(EPOCH_US("ordered_at") <= 1774911599999999, TRUE)
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
), turned AS (
  SELECT
    *,
    CASE WHEN started IS NULL THEN NULL ELSE GREATEST(started, started) END AS turn_0,
    CASE WHEN cancelled IS NULL THEN NULL ELSE GREATEST(cancelled, started) END AS turn_1,
    CASE
      WHEN CASE
        WHEN LOCAL_DAY(started) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(due) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(done) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(cancelled) BETWEEN 20487 AND 20488
        THEN 1770163200000000
      END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE
          WHEN LOCAL_DAY(started) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(due) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(done) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(cancelled) BETWEEN 20487 AND 20488
          THEN 1770163200000000
        END,
        started
      )
    END AS turn_2
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
      END
    ) AS until
  FROM each
), asked AS (
  SELECT
    *
    REPLACE (CASE WHEN done <= looked_at THEN done END AS done, CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled)
  FROM ended
  WHERE
    NOT looked_at IS NULL AND COALESCE(LOCAL_DAY(looked_at) < LOCAL_DAY(until), TRUE)
), counted AS (
  SELECT
    *,
    LOCAL_DAY(counted_at) AS day,
    COALESCE(done, looked_at) - due AS late_us
  FROM (
    SELECT
      *,
      COALESCE(due, started, done) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN NOT exempt_because IS NULL
      OR (
        COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
        AND looked_at >= 1770163200000000
      )
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
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
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
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
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
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  looked_at,
  until,
  verdict
FROM verdicts
WHERE
  looked_at <= 1774911599999999;

-- then

create or replace temp table was_verdict_cell as SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  CAST(0 AS BIGINT) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version;

-- then

create or replace temp table was_item as SELECT
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
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

-- then

create or replace temp table was_launch_cell as SELECT
  (
    CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)
  ) AS day,
  brought AS brought,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  CAST(0 AS BIGINT) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  1,
  2;

-- then

create or replace temp table was_known_daily as SELECT
  day,
  known_from,
  known_until,
  CAST(SUM(CASE WHEN verdict IN ('kept', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict IN ('broken', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open
FROM (
  SELECT
    *,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(looked_at) AS INT)
    ) AS known_from,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(until) AS INT)
    ) AS known_until
  FROM known
) AS known
WHERE
  verdict IN ('kept', 'broken', 'open', 'counted')
GROUP BY
  1,
  2,
  3;

-- then

create or replace temp table touched_day as SELECT day FROM judged UNION SELECT (CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)) AS day FROM judged union select day
from was_verdict_cell union select day
from was_item union select day
from was_launch_cell union select day
from was_known_daily;

-- then

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE WHEN "moved" THEN 'moved' ELSE NULL END AS exempt_because,
    "region" = 'north' AS correction_0,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM "now items" AS "items"
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
      WHEN NOT exempt_because IS NULL
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
  brought,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- then

create or replace temp view known as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("ordered_at") <= 1774997999999999
      THEN EPOCH_US("ordered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774997999999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    NOT "wrong" AS is_kept,
    CASE WHEN "moved" THEN 'moved' ELSE NULL END AS exempt_because,
    "region" = 'north' AS correction_0,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought
  FROM "now items" AS "items"
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
    started AS due
  FROM dated
), turned AS (
  SELECT
    *,
    CASE WHEN started IS NULL THEN NULL ELSE GREATEST(started, started) END AS turn_0,
    CASE WHEN cancelled IS NULL THEN NULL ELSE GREATEST(cancelled, started) END AS turn_1,
    CASE
      WHEN CASE
        WHEN LOCAL_DAY(started) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(due) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(done) BETWEEN 20487 AND 20488
        OR LOCAL_DAY(cancelled) BETWEEN 20487 AND 20488
        THEN 1770163200000000
      END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE
          WHEN LOCAL_DAY(started) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(due) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(done) BETWEEN 20487 AND 20488
          OR LOCAL_DAY(cancelled) BETWEEN 20487 AND 20488
          THEN 1770163200000000
        END,
        started
      )
    END AS turn_2
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
      END
    ) AS until
  FROM each
), asked AS (
  SELECT
    *
    REPLACE (CASE WHEN done <= looked_at THEN done END AS done, CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled)
  FROM ended
  WHERE
    NOT looked_at IS NULL AND COALESCE(LOCAL_DAY(looked_at) < LOCAL_DAY(until), TRUE)
), counted AS (
  SELECT
    *,
    LOCAL_DAY(counted_at) AS day,
    COALESCE(done, looked_at) - due AS late_us
  FROM (
    SELECT
      *,
      COALESCE(due, started, done) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN NOT exempt_because IS NULL
      OR (
        COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
        AND looked_at >= 1770163200000000
      )
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
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
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
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
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
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  looked_at,
  until,
  verdict
FROM verdicts
WHERE
  looked_at <= 1774997999999999;

-- then

create or replace temp table now_verdict_cell as SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  CAST(0 AS BIGINT) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  day,
  version;

-- then

create or replace temp table now_item as SELECT
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
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

-- then

create or replace temp table now_launch_cell as SELECT
  (
    CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)
  ) AS day,
  brought AS brought,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  CAST(0 AS BIGINT) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  1,
  2;

-- then

create or replace temp table now_known_daily as SELECT
  day,
  known_from,
  known_until,
  CAST(SUM(CASE WHEN verdict IN ('kept', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict IN ('broken', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open
FROM (
  SELECT
    *,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(looked_at) AS INT)
    ) AS known_from,
    (
      CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(until) AS INT)
    ) AS known_until
  FROM known
) AS known
WHERE
  verdict IN ('kept', 'broken', 'open', 'counted')
GROUP BY
  1,
  2,
  3;

-- then

insert into touched_day (day) SELECT day FROM judged UNION SELECT (CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)) AS day FROM judged union select day
from now_verdict_cell union select day
from now_item union select day
from now_launch_cell union select day
from now_known_daily;

-- then

create or replace temp table brought as select "day", "version", cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from ( select "day", "version", kept, broken, open, exempt, unknown, not_promised
from snapshot.verdict_cell
where promise_id = 'p' and (day is null or day in (select day
from touched_day))
union all select "day", "version", kept, broken, open, exempt, unknown, not_promised
from now_verdict_cell
union all select "day", "version", -kept as kept, -broken as broken, -open as open, -exempt as exempt, -unknown as unknown, -not_promised as not_promised
from was_verdict_cell)
group by "day", "version"
having sum(kept) <> 0 or sum(broken) <> 0 or sum(open) <> 0 or sum(exempt) <> 0 or sum(unknown) <> 0 or sum(not_promised) <> 0;

-- then

delete from snapshot.verdict_cell where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.verdict_cell by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.verdict_cell where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

delete from snapshot.item where promise_id = 'p' and item_id in (select cast(id as varchar) from touched);

-- then

insert into snapshot.item by name select 'p' as promise_id, * from now_item;

-- then

select count(*) from snapshot.item where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

create or replace temp table brought as select "day", "brought", cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from ( select "day", "brought", kept, broken, open, exempt, unknown, not_promised
from snapshot.launch_cell
where promise_id = 'p' and (day is null or day in (select day
from touched_day))
union all select "day", "brought", kept, broken, open, exempt, unknown, not_promised
from now_launch_cell
union all select "day", "brought", -kept as kept, -broken as broken, -open as open, -exempt as exempt, -unknown as unknown, -not_promised as not_promised
from was_launch_cell)
group by "day", "brought"
having sum(kept) <> 0 or sum(broken) <> 0 or sum(open) <> 0 or sum(exempt) <> 0 or sum(unknown) <> 0 or sum(not_promised) <> 0;

-- then

delete from snapshot.launch_cell where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.launch_cell by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.launch_cell where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

create or replace temp table brought as select "day", "known_from", "known_until", cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open
from ( select "day", "known_from", "known_until", kept, broken, open
from snapshot.known_daily
where promise_id = 'p' and (day is null or day in (select day
from touched_day))
union all select "day", "known_from", "known_until", kept, broken, open
from now_known_daily
union all select "day", "known_from", "known_until", -kept as kept, -broken as broken, -open as open
from was_known_daily)
group by "day", "known_from", "known_until"
having sum(kept) <> 0 or sum(broken) <> 0 or sum(open) <> 0;

-- then

delete from snapshot.known_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.known_daily by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.known_daily where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

delete from snapshot.verdict_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.lateness_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.exempt_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.basis_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.left_monthly where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

update snapshot.item set late_seconds = (1774997999999999 - epoch_us(due)) / 1000000.0
where promise_id = 'p' and done is null and not due is null;

-- then

delete from snapshot.left_monthly where promise_id = ? and day < ?;

-- then

insert into snapshot.verdict_daily by name select $promise as promise_id, *
from (select day, version, '(all)' as segment, '(all)' as value, cast(sum(kept) as bigint) as kept, cast(sum(broken) as bigint) as broken, cast(sum(open) as bigint) as open, cast(sum(exempt) as bigint) as exempt, cast(sum(unknown) as bigint) as unknown, cast(sum(not_promised) as bigint) as not_promised
from snapshot.verdict_cell
where promise_id = $promise and (day is null or day in (select day
from touched_day))
group by day, version)
order by segment, day;

-- then

insert into snapshot.exempt_daily by name select $promise as promise_id, * from (
        select day, version, exempt_by, reason,
            count(*) as items,
            count(case when otherwise = 'kept' then 1 end) as kept,
            count(case when otherwise = 'broken' then 1 end) as broken,
            count(case when otherwise = 'open' then 1 end) as open
        from snapshot.item where promise_id = $promise and (day is null or day in (select day from touched_day)) and verdict = 'exempt' group by day, version, exempt_by, reason
        ) order by day;
