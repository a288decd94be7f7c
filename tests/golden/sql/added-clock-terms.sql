-- a length that was sold, under terms that did not change, and pauses of the item's own columns
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
--     paused:
--     - from: paused_at
--       to: resumed_at
-- sources:
--   sold:
--     arrived: arrived_at
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- asked in this order

select 1
from source."sold"
where EPOCH_US("arrived_at") > 1774911599999999 and EPOCH_US("arrived_at") <= 1774997999999999 limit 1;

-- then

select count(*) from source."items";

-- then

create or replace temp table touched as select distinct id
from (select "order_id" as id
from "come items"
union all select "order_id" as id
from "gone items"
union all select "order_id" as id
from source."items"
where ("ordered_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "ordered_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or ("delivered_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "delivered_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or (("paused_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "paused_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or ("resumed_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "resumed_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or (not "paused_at" is null and coalesce("resumed_at" > timestamptz '2026-03-30 22:59:59.999999+00', true)))
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

create or replace temp table "was items" as (select "order_id", "customer", "region", "channel", "topic", "ordered_at", "ordered_on", "delivered_at", "delivered_on", "cancelled_at", "promised_on", "first_promised_on", "promised_at", "paused_at", "resumed_at", "held_at", "released_at", "quoted_days", "moved", "wrong", "arrived_at", "changed_at", "period", "seen", "late"
from "now items" except all select "order_id", "customer", "region", "channel", "topic", "ordered_at", "ordered_on", "delivered_at", "delivered_on", "cancelled_at", "promised_on", "first_promised_on", "promised_at", "paused_at", "resumed_at", "held_at", "released_at", "quoted_days", "moved", "wrong", "arrived_at", "changed_at", "period", "seen", "late"
from "come items"
where "order_id" in (select id
from touched))
union all select "order_id", "customer", "region", "channel", "topic", "ordered_at", "ordered_on", "delivered_at", "delivered_on", "cancelled_at", "promised_on", "first_promised_on", "promised_at", "paused_at", "resumed_at", "held_at", "released_at", "quoted_days", "moved", "wrong", "arrived_at", "changed_at", "period", "seen", "late"
from "gone items"
where "order_id" in (select id
from touched);

-- then

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("delivered_at") <= 1774911599999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE WHEN CAST(NULL AS BIGINT) <= 1774911599999999 THEN CAST(NULL AS BIGINT) END AS cancelled,
    "customer" AS bought_by,
    EPOCH_US("paused_at") AS paused_from_0,
    EPOCH_US("resumed_at") AS paused_to_0,
    NULL AS exempt_because
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
), offered AS (
  SELECT
    "customer" AS sold_to,
    "number" AS sold,
    DAY_START(CAST("valid_from" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS sold_from,
    DAY_START((
      CAST("valid_to" - CAST('1970-01-01' AS DATE) AS BIGINT) + 1
    )) AS sold_until
  FROM (
    SELECT
      "customer",
      "number",
      "valid_from",
      "valid_to",
      "arrived_at"
    FROM source."sold"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774911599999999, TRUE)
  ) AS "sold"
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
), pauses AS (
  SELECT
    item_id,
    paused_from_0 AS paused_from,
    paused_to_0 AS paused_to
  FROM item
), known AS (
  SELECT
    item_id,
    paused_from,
    COALESCE(CASE WHEN paused_to <= 1774911599999999 THEN paused_to END, 1774911599999999) AS paused_to
  FROM pauses
  WHERE
    paused_from <= 1774911599999999
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
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS reached
  FROM clipped
), islands AS (
  SELECT
    *,
    SUM(CASE WHEN paused_from <= reached THEN 0 ELSE 1 END) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
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
        ORDER BY begun, ended
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
    prior.*,
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
    LOCAL_DAY(counted_at) AS day,
    COALESCE(done, 1774911599999999) - due AS late_us
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
      WHEN done > due OR due <= 1774911599999999
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
      WHEN due <= 1774911599999999
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
  due > 1774911599999999 - 19008000000000 AS "#recent",
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- then

create or replace temp table was_verdict_cell as SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  CAST(0 AS BIGINT) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  COUNT(CASE WHEN verdict = 'not promised' THEN 1 END) AS not_promised
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
  CASE WHEN verdict IN ('open', 'broken') THEN (
    -late_us
  ) END / 1000000.0 AS clock_left_seconds,
  1 AS items
FROM judged
WHERE
  verdict <> 'kept' AND verdict <> 'not promised';

-- then

create or replace temp table was_lateness_daily as SELECT
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

-- then

create or replace temp table was_basis_daily as SELECT
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

-- then

create or replace temp table was_left_monthly as SELECT
  day,
  segment,
  value,
  what,
  bucket,
  COUNT(*) AS items
FROM (
  SELECT
    "#day" AS day,
    '(all)' AS segment,
    '(all)' AS value,
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
      "#what"
    FROM (
      SELECT
        due,
        "#at",
        "#what",
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
          "#what"
        FROM (
          SELECT
            version,
            due,
            started,
            "#how",
            "#ended",
            "#turn",
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
  ) AS part
) AS each
GROUP BY
  1,
  2,
  3,
  4,
  5;

-- then

create or replace temp table touched_day as SELECT day FROM judged UNION SELECT (CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)) AS day FROM judged union select day
from was_verdict_cell union select day
from was_item union select day
from was_lateness_daily union select day
from was_basis_daily union select day
from was_left_monthly;

-- then

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
    EPOCH_US("paused_at") AS paused_from_0,
    EPOCH_US("resumed_at") AS paused_to_0,
    NULL AS exempt_because
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
), offered AS (
  SELECT
    "customer" AS sold_to,
    "number" AS sold,
    DAY_START(CAST("valid_from" - CAST('1970-01-01' AS DATE) AS BIGINT)) AS sold_from,
    DAY_START((
      CAST("valid_to" - CAST('1970-01-01' AS DATE) AS BIGINT) + 1
    )) AS sold_until
  FROM (
    SELECT
      "customer",
      "number",
      "valid_from",
      "valid_to",
      "arrived_at"
    FROM source."sold"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
  ) AS "sold"
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
), pauses AS (
  SELECT
    item_id,
    paused_from_0 AS paused_from,
    paused_to_0 AS paused_to
  FROM item
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
      ORDER BY paused_from, paused_to
      rows BETWEEN UNBOUNDED preceding AND 1 preceding
    ) AS reached
  FROM clipped
), islands AS (
  SELECT
    *,
    SUM(CASE WHEN paused_from <= reached THEN 0 ELSE 1 END) OVER (
      PARTITION BY item_id
      ORDER BY paused_from, paused_to
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
        ORDER BY begun, ended
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
    prior.*,
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

-- then

create or replace temp table now_verdict_cell as SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  CAST(0 AS BIGINT) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  COUNT(CASE WHEN verdict = 'not promised' THEN 1 END) AS not_promised
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
  CASE WHEN verdict IN ('open', 'broken') THEN (
    -late_us
  ) END / 1000000.0 AS clock_left_seconds,
  1 AS items
FROM judged
WHERE
  verdict <> 'kept' AND verdict <> 'not promised';

-- then

create or replace temp table now_lateness_daily as SELECT
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

-- then

create or replace temp table now_basis_daily as SELECT
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

-- then

create or replace temp table now_left_monthly as SELECT
  day,
  segment,
  value,
  what,
  bucket,
  COUNT(*) AS items
FROM (
  SELECT
    "#day" AS day,
    '(all)' AS segment,
    '(all)' AS value,
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
      "#what"
    FROM (
      SELECT
        due,
        "#at",
        "#what",
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
          "#what"
        FROM (
          SELECT
            version,
            due,
            started,
            "#how",
            "#ended",
            "#turn",
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
  ) AS part
) AS each
GROUP BY
  1,
  2,
  3,
  4,
  5;

-- then

insert into touched_day (day) SELECT day FROM judged UNION SELECT (CAST('1970-01-01' AS DATE) + CAST(LOCAL_DAY(started) AS INT)) AS day FROM judged union select day
from now_verdict_cell union select day
from now_item union select day
from now_lateness_daily union select day
from now_basis_daily union select day
from now_left_monthly;

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

create or replace temp table brought as select "day", "version", "bucket", "segment", "value", cast(sum(items) as bigint) as items, cast(sum(kept) as bigint) as kept
from ( select "day", "version", "bucket", "segment", "value", items, kept
from snapshot.lateness_daily
where promise_id = 'p' and (day is null or day in (select day
from touched_day)) and segment = '(all)'
union all select "day", "version", "bucket", "segment", "value", items, kept
from now_lateness_daily
union all select "day", "version", "bucket", "segment", "value", -items as items, -kept as kept
from was_lateness_daily)
group by "day", "version", "bucket", "segment", "value"
having sum(items) <> 0 or sum(kept) <> 0;

-- then

delete from snapshot.lateness_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.lateness_daily by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.lateness_daily where promise_id = 'p' and segment = '(all)';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

create or replace temp table brought as select "day", "version", "started_day", "due_day", "done_day", "verdict", "on_limit", cast(sum(items) as bigint) as items
from ( select "day", "version", "started_day", "due_day", "done_day", "verdict", "on_limit", items
from snapshot.basis_daily
where promise_id = 'p' and (day is null or day in (select day
from touched_day))
union all select "day", "version", "started_day", "due_day", "done_day", "verdict", "on_limit", items
from now_basis_daily
union all select "day", "version", "started_day", "due_day", "done_day", "verdict", "on_limit", -items as items
from was_basis_daily)
group by "day", "version", "started_day", "due_day", "done_day", "verdict", "on_limit"
having sum(items) <> 0;

-- then

delete from snapshot.basis_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.basis_daily by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.basis_daily where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

create or replace temp table brought as select "day", "segment", "value", "what", "bucket", cast(sum(items) as bigint) as items
from ( select "day", "segment", "value", "what", "bucket", items
from snapshot.left_monthly
where promise_id = 'p' and (day is null or day in (select day
from touched_day))
union all select "day", "segment", "value", "what", "bucket", items
from now_left_monthly
union all select "day", "segment", "value", "what", "bucket", -items as items
from was_left_monthly)
group by "day", "segment", "value", "what", "bucket"
having sum(items) <> 0;

-- then

delete from snapshot.left_monthly where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

insert into snapshot.left_monthly by name select 'p' as promise_id, * from brought order by day;

-- then

select count(*) from snapshot.left_monthly where promise_id = 'p';

-- then

delete from snapshot.judging where promise_id = 'p' and table_name = ?;

-- then

insert into snapshot.judging ("promise_id", "table_name", "sql", "rows", "seconds") values (?, ?, ?, ?, ?);

-- then

delete from snapshot.verdict_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.exempt_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.launch_cell where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

delete from snapshot.known_daily where promise_id = 'p' and (day is null or day in (select day from touched_day));

-- then

update snapshot.item set late_seconds = (1774997999999999 - epoch_us(due)) / 1000000.0, clock_left_seconds = case when verdict in ('open', 'broken') then -(1774997999999999 - epoch_us(due)) / 1000000.0 end
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
