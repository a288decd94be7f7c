-- hours while it is open; what is left of them too
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 8 business hours
--     calendar: shop
-- calendars:
--   shop:
--     open:
--       mon-fri:
--       - 09:00-17:30
--     holidays:
--       country: GB
--       subdivision: ENG
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
        ) + CAST(8 * CAST(3600000000 AS BIGINT) AS BIGINT)
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
), with_due AS (
  SELECT
    prior.*,
    LEAST(open_1.from_us + due_on_1 - open_1.open_slot * 1800000000, open_1.until_us) AS due
  FROM on_1 AS prior
  LEFT JOIN "calendar_shop_2024_2031_open_slots" AS open_1
    ON open_1.open_slot = (
      CASE WHEN due_on_1 > begun_1 THEN due_on_1 - 1 ELSE due_on_1 END
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
        due IS NULL AND NOT 8 IS NULL AND NOT started IS NULL
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
      WHEN due IS NULL AND NOT 8 IS NULL AND NOT started IS NULL
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

-- what fills verdict_cell

SELECT
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
  ) AS part
) AS each
GROUP BY
  1,
  2,
  3,
  4,
  5;

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
), placed_1 AS (
  SELECT
    *,
    (
      SELECT
        cum_us + CASE WHEN is_open THEN clock_at - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = clock_at // 1800000000
    ) AS from_1,
    (
      SELECT
        cum_us + CASE WHEN is_open THEN ends_at - slot * 1800000000 ELSE 0 END
      FROM "calendar_shop_2024_2031_slots"
      WHERE
        slot = ends_at // 1800000000
    ) AS until_1
  FROM ended
), run AS (
  SELECT
    *,
    (
      due_on_1 - from_1
    ) AS limit_us,
    CASE WHEN until_1 < from_1 THEN 0 ELSE until_1 - from_1 END AS elapsed_us
  FROM placed_1
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
  CAST(NULL AS INT) AS correction
FROM run;
