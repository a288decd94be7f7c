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
), clocked AS (
  SELECT
    *,
    CASE
      WHEN (
        started + (
          (
            UTC_OFFSET_1(started)
          )
        ) - (
          (
            LOCAL_DAY_1(started)
          )
        ) * 86400000000 > 45000000000
      )
      THEN (
        (
          DAY_START_1((
            (
              (
                (
                  LOCAL_DAY_1(started)
                )
              ) + 1
            )
          ))
        )
      )
      ELSE started
    END AS clock_at,
    (
      (
        (
          LOCAL_DAY_1(started)
        )
      ) + CASE
        WHEN (
          started + (
            (
              UTC_OFFSET_1(started)
            )
          ) - (
            (
              LOCAL_DAY_1(started)
            )
          ) * 86400000000 > 45000000000
        )
        THEN 1
        ELSE 0
      END
    ) AS clock_day
  FROM dated
), on_1 AS (
  SELECT
    prior.*,
    (
      slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
    ) AS begun_1,
    COALESCE(CAST(NULL AS BIGINT), closing.cum_us) AS due_on_1
  FROM clocked AS prior
  LEFT JOIN `calendar_shop_2024_2031_slots` AS slot
    ON slot.slot = clock_at DIV 1800000000
  LEFT JOIN `calendar_shop_2024_2031_days` AS day
    ON day.day = (
      (
        LOCAL_DAY_1(started)
      )
    )
  LEFT JOIN `calendar_shop_2024_2031_closings` AS today
    ON today.ordinal = day.ordinal
  LEFT JOIN `calendar_shop_2024_2031_closings` AS closing
    ON closing.ordinal = day.ordinal + GREATEST(
      CAST(1 AS BIGINT) + CASE
        WHEN (
          (
            started + (
              (
                UTC_OFFSET_1(started)
              )
            ) - (
              (
                LOCAL_DAY_1(started)
              )
            ) * 86400000000 > 45000000000
          )
          OR NOT day.is_open
        )
        THEN 1
        ELSE 0
      END,
      CASE
        WHEN (
          slot.cum_us + CASE WHEN slot.is_open THEN clock_at - slot.slot * 1800000000 ELSE 0 END
        ) >= today.cum_us
        THEN 1
        ELSE 0
      END
    )
), with_due AS (
  SELECT
    prior.*,
    LEAST(open_1.from_us + due_on_1 - open_1.open_slot * 1800000000, open_1.day_until_us) AS due
  FROM on_1 AS prior
  LEFT JOIN `calendar_shop_2024_2031_open_slots` AS open_1
    ON open_1.open_slot = (
      CASE WHEN due_on_1 > begun_1 THEN due_on_1 - 1 ELSE due_on_1 END
    ) DIV 1800000000
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
        due IS NULL AND NOT 1 IS NULL AND NOT started IS NULL
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
      WHEN due IS NULL AND NOT 1 IS NULL AND NOT started IS NULL
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
