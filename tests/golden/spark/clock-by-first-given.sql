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
    (
      (
        DAY_START((
          CAST(DATEDIFF(`promised_on`, CAST('1970-01-01' AS DATE)) AS BIGINT) + 1
        ))
      )
    ) - 1 AS `by_promised_on`,
    (
      (
        DAY_START(
          (
            CAST(DATEDIFF(`first_promised_on`, CAST('1970-01-01' AS DATE)) AS BIGINT) + 1
          )
        )
      )
    ) - 1 AS first_given,
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
      COALESCE(started, `by_promised_on`, done) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    `by_promised_on` AS due
  FROM dated
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
  first_given AS original_due,
  CASE
    WHEN first_given IS NULL
    THEN NULL
    WHEN done <= first_given
    THEN 'kept'
    WHEN NOT done IS NULL OR first_given <= 1774997999999999
    THEN 'broken'
    ELSE 'open'
  END AS original_verdict,
  due > 1774997999999999 - 19008000000000 AS `#recent`,
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
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
  CAST(item_id AS STRING) AS item_id,
  day,
  version,
  CAST(TIMESTAMP_MICROS(started) AS TIMESTAMP_NTZ) AS started,
  CAST(TIMESTAMP_MICROS(due) AS TIMESTAMP_NTZ) AS due,
  CAST(TIMESTAMP_MICROS(done) AS TIMESTAMP_NTZ) AS done,
  verdict,
  reason,
  exempt_by,
  otherwise,
  CAST(late_us AS DOUBLE) / CAST(1000000.0 AS DOUBLE) AS late_seconds,
  CAST(CASE WHEN verdict IN ('open', 'broken') THEN (
    -late_us
  ) END AS DOUBLE) / CAST(1000000.0 AS DOUBLE) AS clock_left_seconds,
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
      WHEN ABS(CAST(late_us AS DOUBLE) / CAST(1e6 AS DOUBLE)) < 1
      THEN 0
      WHEN CAST(late_us AS DOUBLE) / CAST(1e6 AS DOUBLE) < 0
      THEN -1 - CAST(FLOOR(
        CAST(LN(ABS(CAST(late_us AS DOUBLE) / CAST(1e6 AS DOUBLE))) AS DOUBLE) / CAST(0.048790164169432 AS DOUBLE)
      ) AS INT)
      ELSE 1 + CAST(FLOOR(
        CAST(LN(ABS(CAST(late_us AS DOUBLE) / CAST(1e6 AS DOUBLE))) AS DOUBLE) / CAST(0.048790164169432 AS DOUBLE)
      ) AS INT)
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
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(started)
          )
        )
      ) AS INT)
    ) AS started_day,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(due)
          )
        )
      ) AS INT)
    ) AS due_day,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(done)
          )
        )
      ) AS INT)
    ) AS done_day,
    verdict AS verdict,
    COALESCE(done - due = 0, FALSE) AND reason IS DISTINCT FROM 'cancelled' AS on_limit,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(original_due)
          )
        )
      ) AS INT)
    ) AS original_day,
    original_verdict AS original_verdict,
    original_due <> due AS moved,
    COUNT(*) AS items
  FROM judged
  GROUP BY
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10
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
    `#day` AS day,
    '(all)' AS segment,
    '(all)' AS value,
    `#what` AS what,
    `#bucket` AS bucket
  FROM (
    SELECT
      CAST(TRUNC(
        DATE_ADD(
          CAST('1970-01-01' AS DATE),
          CAST((
            (
              (
                LOCAL_DAY(due)
              )
            )
          ) AS INT)
        ),
        'month'
      ) AS DATE) AS `#day`,
      CASE
        WHEN `#at` IS NULL
        THEN 9999
        ELSE CASE
          WHEN ABS(CAST(`#left` AS DOUBLE) / CAST(1e6 AS DOUBLE)) < 1
          THEN 0
          WHEN CAST(`#left` AS DOUBLE) / CAST(1e6 AS DOUBLE) < 0
          THEN -1 - CAST(FLOOR(
            CAST(LN(ABS(CAST(`#left` AS DOUBLE) / CAST(1e6 AS DOUBLE))) AS DOUBLE) / CAST(0.048790164169432 AS DOUBLE)
          ) AS INT)
          ELSE 1 + CAST(FLOOR(
            CAST(LN(ABS(CAST(`#left` AS DOUBLE) / CAST(1e6 AS DOUBLE))) AS DOUBLE) / CAST(0.048790164169432 AS DOUBLE)
          ) AS INT)
        END
      END AS `#bucket`,
      `#what`
    FROM (
      SELECT
        due,
        `#at`,
        `#what`,
        (
          (
            due
          )
        ) - (
          (
            `#at`
          )
        ) AS `#left`
      FROM (
        SELECT
          version,
          due,
          `#at`,
          `#what`
        FROM (
          SELECT
            version,
            due,
            started,
            `#how`,
            `#ended`,
            `#turn`,
            CASE `#turn`
              WHEN 0
              THEN started
              WHEN 1
              THEN `#ended`
              ELSE (
                (
                  DAY_START((
                    (
                      (
                        LOCAL_DAY(due)
                      )
                    ) + 2 - `#turn`
                  ))
                )
              )
            END AS `#at`,
            CASE `#turn` WHEN 0 THEN 'started' WHEN 1 THEN `#how` ELSE 'evening ' || `#how` END AS `#what`
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
              END AS `#how`,
              CASE
                WHEN verdict = 'open'
                THEN due + late_us
                WHEN verdict = 'kept'
                THEN done
                ELSE due
              END AS `#ended`
            FROM judged
            WHERE
              NOT due IS NULL AND `#recent` AND verdict IN ('kept', 'broken', 'open')
          ) AS ended
          CROSS JOIN (
            SELECT
              0 AS `#turn`
            UNION ALL
            SELECT
              1 AS `#turn`
            UNION ALL
            SELECT
              2 AS `#turn`
            UNION ALL
            SELECT
              3 AS `#turn`
            UNION ALL
            SELECT
              4 AS `#turn`
            UNION ALL
            SELECT
              5 AS `#turn`
            UNION ALL
            SELECT
              6 AS `#turn`
            UNION ALL
            SELECT
              7 AS `#turn`
            UNION ALL
            SELECT
              8 AS `#turn`
          ) AS turn
        ) AS turned
        WHERE
          `#turn` < 2
          OR (
            `#how` <> 'open'
            AND started < `#at`
            AND `#ended` >= `#at`
            AND CAST(TRUNC(
              DATE_ADD(
                CAST('1970-01-01' AS DATE),
                CAST((
                  (
                    (
                      LOCAL_DAY((
                        `#at` - 1
                      ))
                    )
                  )
                ) AS INT)
              ),
              'month'
            ) AS DATE) = CAST(TRUNC(
              DATE_ADD(
                CAST('1970-01-01' AS DATE),
                CAST((
                  (
                    (
                      LOCAL_DAY(due)
                    )
                  )
                ) AS INT)
              ),
              'month'
            ) AS DATE)
          )
      ) AS looked_at
    ) AS placed
  ) AS looked
  CROSS JOIN (
    SELECT
      0 AS `#part`
  ) AS part
) AS each
GROUP BY
  1,
  2,
  3,
  4,
  5;
