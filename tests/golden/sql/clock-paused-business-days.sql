-- pauses of business days
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 3 business days
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
    COALESCE(CAST(NULL AS BIGINT), closing.cum_us) AS due_on_1
  FROM clocked AS prior
  LEFT JOIN "calendar_shop_2024_2031_slots" AS slot
    ON slot.slot = clock_at // 1800000000
  LEFT JOIN "calendar_shop_2024_2031_days" AS day
    ON day.day = LOCAL_DAY(started)
  LEFT JOIN "calendar_shop_2024_2031_closings" AS today
    ON today.ordinal = day.ordinal
  LEFT JOIN "calendar_shop_2024_2031_closings" AS closing
    ON closing.ordinal = day.ordinal + GREATEST(
      CAST(3 AS BIGINT) + CASE WHEN FALSE THEN 1 ELSE 0 END,
      CASE
        WHEN (
          slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
        ) >= today.cum_us
        THEN 1
        ELSE 0
      END
    )
), pauses AS (
  SELECT
    "of_order" AS item_id,
    EPOCH_US("begun") AS paused_from,
    EPOCH_US("ended") AS paused_to
  FROM source."pauses"
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
      open_1.day_until_us
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
        due IS NULL AND NOT 3 IS NULL AND NOT started IS NULL
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
      WHEN due IS NULL AND NOT 3 IS NULL AND NOT started IS NULL
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
