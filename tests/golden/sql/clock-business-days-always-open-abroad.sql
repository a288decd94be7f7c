-- always open in another zone; its days close at its midnight
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 2 business days
--     calendar: shop
--     cut_off: '18:00'
-- calendars:
--   shop:
--     open: always
--     timezone: Asia/Tokyo
--
-- Judged as of 2026-03-31, with the days of Europe/London from 2025 to 2028.

-- local days

create or replace temp macro utc_offset(us) as CASE WHEN us < 1743296400000000 THEN 0 WHEN us < 1761440400000000 THEN 3600000000 WHEN us < 1774746000000000 THEN 0 WHEN us < 1792890000000000 THEN 3600000000 WHEN us < 1806195600000000 THEN 0 WHEN us < 1824944400000000 THEN 3600000000 WHEN us < 1837645200000000 THEN 0 WHEN us < 1856394000000000 THEN 3600000000 ELSE 0 END;

-- local days

create or replace temp macro local_day(us) as CAST(((us + UTC_OFFSET(us)) + 86400000000000000) // 86400000000 - 1000000 AS INT);

-- local days

create or replace temp macro day_start(n) as n * 86400000000 - CASE WHEN n < 20178 THEN 0 WHEN n < 20388 THEN 3600000000 WHEN n < 20542 THEN 0 WHEN n < 20752 THEN 3600000000 WHEN n < 20906 THEN 0 WHEN n < 21123 THEN 3600000000 WHEN n < 21270 THEN 0 WHEN n < 21487 THEN 3600000000 ELSE 0 END;

-- local days of a calendar

create or replace temp macro utc_offset_1(us) as 32400000000;

-- local days of a calendar

create or replace temp macro local_day_1(us) as CAST(((us + UTC_OFFSET_1(us)) + 86400000000000000) // 86400000000 - 1000000 AS INT);

-- local days of a calendar

create or replace temp macro day_start_1(n) as n * 86400000000 - 32400000000;

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
    CASE
      WHEN (
        started + UTC_OFFSET_1(started) - LOCAL_DAY_1(started) * 86400000000 > 64800000000
      )
      THEN DAY_START_1((
        LOCAL_DAY_1(started) + 1
      ))
      ELSE started
    END AS clock_at,
    (
      LOCAL_DAY_1(started) + CASE
        WHEN (
          started + UTC_OFFSET_1(started) - LOCAL_DAY_1(started) * 86400000000 > 64800000000
        )
        THEN 1
        ELSE 0
      END
    ) AS clock_day
  FROM dated
), on_1 AS (
  SELECT
    *,
    (
      DAY_START_1((
        clock_day + 2 + 1
      )) - 1
    ) AS due_on_1
  FROM clocked
), with_due AS (
  SELECT
    prior.*,
    due_on_1 AS due
  FROM on_1 AS prior
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
  otherwise
FROM verdicts;
