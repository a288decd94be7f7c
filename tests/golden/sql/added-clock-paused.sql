-- on a calendar, with pauses of another source that changed and rows that keep their versions
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 6 business hours
--     calendar: shop
--     paused:
--       source: pauses
--       id: of_order
--       from: begun
--       to: ended
-- calendars:
--   shop:
--     open:
--       mon-fri:
--       - 09:00-17:30
--     holidays:
--       country: GB
--       subdivision: ENG
-- sources:
--   items:
--     key: order_id
--     latest_by: changed_at
--     arrived: arrived_at
--   pauses:
--     arrived: arrived_at
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- asked in this order

select 1 from source."items" where EPOCH_US("arrived_at") > 1774997999999999 limit 1;

-- then

select 1 from (from source."items" ) where EPOCH_US("arrived_at") > 1774911599999999 limit 1;

-- then

select count(*) from source."items";

-- then

create or replace temp table touched as select distinct id
from (select "order_id" as id
from source."items"
where ("ordered_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "ordered_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or ("delivered_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "delivered_at" <= timestamptz '2026-03-31 22:59:59.999999+00') or ("arrived_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "arrived_at" <= timestamptz '2026-03-31 22:59:59.999999+00')
union all select try_cast(item_id as VARCHAR) as id
from snapshot.item
where promise_id = 'p' and done is null
union all select "of_order" as id
from source."pauses"
where (("begun" > timestamptz '2026-03-30 22:59:59.999999+00' and "begun" <= timestamptz '2026-03-31 22:59:59.999999+00') or ("ended" > timestamptz '2026-03-30 22:59:59.999999+00' and "ended" <= timestamptz '2026-03-31 22:59:59.999999+00') or (not "begun" is null and coalesce("ended" > timestamptz '2026-03-30 22:59:59.999999+00', true))) or ("arrived_at" > timestamptz '2026-03-30 22:59:59.999999+00' and "arrived_at" <= timestamptz '2026-03-31 22:59:59.999999+00')
union all select "of_order" as id
from "come pauses"
union all select "of_order" as id
from "gone pauses")
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

create or replace temp table "now pauses" as select "of_order", "begun", "ended", "arrived_at"
from source."pauses"
where "of_order" in (select id
from touched);

-- then

create or replace temp table "was pauses" as (select "of_order", "begun", "ended", "arrived_at"
from "now pauses" except all select "of_order", "begun", "ended", "arrived_at"
from "come pauses"
where "of_order" in (select id
from touched))
union all select "of_order", "begun", "ended", "arrived_at"
from "gone pauses"
where "of_order" in (select id
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
    NULL AS exempt_because
  FROM (
    SELECT
      "order_id",
      "customer",
      "region",
      "channel",
      "topic",
      "ordered_at",
      "ordered_on",
      "delivered_at",
      "delivered_on",
      "cancelled_at",
      "promised_on",
      "first_promised_on",
      "promised_at",
      "paused_at",
      "resumed_at",
      "held_at",
      "released_at",
      "quoted_days",
      "moved",
      "wrong",
      "arrived_at",
      "changed_at",
      "period",
      "seen",
      "late"
    FROM "was items" AS "items"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774911599999999, TRUE)
  ) AS "items"
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
), clocked AS (
  SELECT
    *,
    started AS clock_at,
    started_day AS clock_day
  FROM dated
), on_1 AS (
  SELECT
    prior.*,
    (
      slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
    ) AS begun_1,
    COALESCE(
      (
        (
          slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
        ) + CAST(6 * CAST(3600000000 AS BIGINT) AS BIGINT)
      ),
      closing.cum_us
    ) AS due_on_1
  FROM clocked AS prior
  LEFT JOIN "calendar_shop_2024_2031_slots" AS slot
    ON slot.slot = clock_at // 1800000000
  LEFT JOIN "calendar_shop_2024_2031_days" AS day
    ON day.day = LOCAL_DAY(started)
  LEFT JOIN "calendar_shop_2024_2031_closings" AS today
    ON today.ordinal = day.ordinal
  LEFT JOIN "calendar_shop_2024_2031_closings" AS closing
    ON closing.ordinal = day.ordinal + CAST(NULL AS BIGINT)
), pauses AS (
  SELECT
    "of_order" AS item_id,
    EPOCH_US("begun") AS paused_from,
    EPOCH_US("ended") AS paused_to
  FROM (
    SELECT
      "of_order",
      "begun",
      "ended",
      "arrived_at"
    FROM "was pauses" AS "pauses"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774911599999999, TRUE)
  ) AS "pauses"
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
  JOIN on_1
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
), measured_1 AS (
  SELECT
    item_id,
    paused_from,
    paused_to,
    (
      b.cum_us + CASE WHEN b.is_open THEN paused_from - b.slot * 1800000000 ELSE 0 END
    ) AS begun,
    (
      e.cum_us + CASE WHEN e.is_open THEN paused_to - e.slot * 1800000000 ELSE 0 END
    ) AS ended
  FROM merged
  LEFT JOIN "calendar_shop_2024_2031_slots" AS b
    ON b.slot = paused_from // 1800000000
  LEFT JOIN "calendar_shop_2024_2031_slots" AS e
    ON e.slot = paused_to // 1800000000
), ordered_1 AS (
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
  FROM measured_1
), total_1 AS (
  SELECT
    item_id,
    CAST(SUM(
      CASE
        WHEN (
          begun - before_it < due_on_1
          OR (
            begun - before_it = due_on_1 AND due_on_1 = begun_1
          )
        )
        THEN ended - begun
        ELSE 0
      END
    ) AS BIGINT) AS paused_on_1
  FROM ordered_1
  JOIN on_1
    USING (item_id)
  GROUP BY
    item_id
), paused_1 AS (
  SELECT
    prior.*,
    paused_on_1
  FROM on_1 AS prior
  LEFT JOIN total_1
    USING (item_id)
), with_due AS (
  SELECT
    prior.*,
    LEAST(
      open_1.from_us + (
        due_on_1 + COALESCE(paused_on_1, 0)
      ) - open_1.open_slot * 1800000000,
      open_1.until_us
    ) AS due
  FROM paused_1 AS prior
  LEFT JOIN "calendar_shop_2024_2031_open_slots" AS open_1
    ON open_1.open_slot = (
      CASE
        WHEN due_on_1 > begun_1
        THEN (
          due_on_1 + COALESCE(paused_on_1, 0)
        ) - 1
        ELSE (
          due_on_1 + COALESCE(paused_on_1, 0)
        )
      END
    ) // 1800000000
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
      WHEN item_id IS NULL
      OR started IS NULL
      OR done < started
      OR (
        due IS NULL AND NOT 6 IS NULL AND NOT started IS NULL
      )
      OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= 1774911599999999
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
      WHEN due IS NULL AND NOT 6 IS NULL AND NOT started IS NULL
      THEN 'due outside the years 2024 to 2031, for which its calendar is laid out'
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
  CASE
    WHEN verdict IN ('open', 'broken')
    THEN CAST((
      SELECT
        cum_us + CASE WHEN is_open THEN due - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = due // 1800000000
    ) - (
      SELECT
        cum_us + CASE WHEN is_open THEN (
          due + late_us
        ) - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = (
          due + late_us
        ) // 1800000000
    ) AS BIGINT)
  END / 1000000.0 AS clock_left_seconds,
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

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
          SELECT
            cum_us + CASE WHEN is_open THEN due - slot * 1800000000 ELSE 0 END
          FROM "calendar_shop_2024_2031_slots"
          WHERE
            slot = due // 1800000000
        ) - (
          SELECT
            cum_us + CASE WHEN is_open THEN "#at" - slot * 1800000000 ELSE 0 END
          FROM "calendar_shop_2024_2031_slots"
          WHERE
            slot = "#at" // 1800000000
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
    NULL AS exempt_because
  FROM (
    SELECT
      "order_id",
      "customer",
      "region",
      "channel",
      "topic",
      "ordered_at",
      "ordered_on",
      "delivered_at",
      "delivered_on",
      "cancelled_at",
      "promised_on",
      "first_promised_on",
      "promised_at",
      "paused_at",
      "resumed_at",
      "held_at",
      "released_at",
      "quoted_days",
      "moved",
      "wrong",
      "arrived_at",
      "changed_at",
      "period",
      "seen",
      "late"
    FROM "now items" AS "items"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
  ) AS "items"
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
), clocked AS (
  SELECT
    *,
    started AS clock_at,
    started_day AS clock_day
  FROM dated
), on_1 AS (
  SELECT
    prior.*,
    (
      slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
    ) AS begun_1,
    COALESCE(
      (
        (
          slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
        ) + CAST(6 * CAST(3600000000 AS BIGINT) AS BIGINT)
      ),
      closing.cum_us
    ) AS due_on_1
  FROM clocked AS prior
  LEFT JOIN "calendar_shop_2024_2031_slots" AS slot
    ON slot.slot = clock_at // 1800000000
  LEFT JOIN "calendar_shop_2024_2031_days" AS day
    ON day.day = LOCAL_DAY(started)
  LEFT JOIN "calendar_shop_2024_2031_closings" AS today
    ON today.ordinal = day.ordinal
  LEFT JOIN "calendar_shop_2024_2031_closings" AS closing
    ON closing.ordinal = day.ordinal + CAST(NULL AS BIGINT)
), pauses AS (
  SELECT
    "of_order" AS item_id,
    EPOCH_US("begun") AS paused_from,
    EPOCH_US("ended") AS paused_to
  FROM (
    SELECT
      "of_order",
      "begun",
      "ended",
      "arrived_at"
    FROM "now pauses" AS "pauses"
    WHERE
      COALESCE(EPOCH_US("arrived_at") <= 1774997999999999, TRUE)
  ) AS "pauses"
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
  JOIN on_1
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
), measured_1 AS (
  SELECT
    item_id,
    paused_from,
    paused_to,
    (
      b.cum_us + CASE WHEN b.is_open THEN paused_from - b.slot * 1800000000 ELSE 0 END
    ) AS begun,
    (
      e.cum_us + CASE WHEN e.is_open THEN paused_to - e.slot * 1800000000 ELSE 0 END
    ) AS ended
  FROM merged
  LEFT JOIN "calendar_shop_2024_2031_slots" AS b
    ON b.slot = paused_from // 1800000000
  LEFT JOIN "calendar_shop_2024_2031_slots" AS e
    ON e.slot = paused_to // 1800000000
), ordered_1 AS (
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
  FROM measured_1
), total_1 AS (
  SELECT
    item_id,
    CAST(SUM(
      CASE
        WHEN (
          begun - before_it < due_on_1
          OR (
            begun - before_it = due_on_1 AND due_on_1 = begun_1
          )
        )
        THEN ended - begun
        ELSE 0
      END
    ) AS BIGINT) AS paused_on_1
  FROM ordered_1
  JOIN on_1
    USING (item_id)
  GROUP BY
    item_id
), paused_1 AS (
  SELECT
    prior.*,
    paused_on_1
  FROM on_1 AS prior
  LEFT JOIN total_1
    USING (item_id)
), with_due AS (
  SELECT
    prior.*,
    LEAST(
      open_1.from_us + (
        due_on_1 + COALESCE(paused_on_1, 0)
      ) - open_1.open_slot * 1800000000,
      open_1.until_us
    ) AS due
  FROM paused_1 AS prior
  LEFT JOIN "calendar_shop_2024_2031_open_slots" AS open_1
    ON open_1.open_slot = (
      CASE
        WHEN due_on_1 > begun_1
        THEN (
          due_on_1 + COALESCE(paused_on_1, 0)
        ) - 1
        ELSE (
          due_on_1 + COALESCE(paused_on_1, 0)
        )
      END
    ) // 1800000000
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
      WHEN item_id IS NULL
      OR started IS NULL
      OR done < started
      OR (
        due IS NULL AND NOT 6 IS NULL AND NOT started IS NULL
      )
      OR due IS NULL
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
      WHEN due IS NULL AND NOT 6 IS NULL AND NOT started IS NULL
      THEN 'due outside the years 2024 to 2031, for which its calendar is laid out'
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
  CASE
    WHEN verdict IN ('open', 'broken')
    THEN CAST((
      SELECT
        cum_us + CASE WHEN is_open THEN due - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = due // 1800000000
    ) - (
      SELECT
        cum_us + CASE WHEN is_open THEN (
          due + late_us
        ) - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = (
          due + late_us
        ) // 1800000000
    ) AS BIGINT)
  END / 1000000.0 AS clock_left_seconds,
  1 AS items
FROM judged
WHERE
  verdict <> 'kept';

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
          SELECT
            cum_us + CASE WHEN is_open THEN due - slot * 1800000000 ELSE 0 END
          FROM "calendar_shop_2024_2031_slots"
          WHERE
            slot = due // 1800000000
        ) - (
          SELECT
            cum_us + CASE WHEN is_open THEN "#at" - slot * 1800000000 ELSE 0 END
          FROM "calendar_shop_2024_2031_slots"
          WHERE
            slot = "#at" // 1800000000
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
