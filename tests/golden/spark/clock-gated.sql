-- judged

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`delivered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NULL AS exempt_because,
    `region` = 'north' AS correction_0,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
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
      COALESCE(started, LEAST(done, cancelled)) AS basis
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
    (
      (
        LOCAL_DAY(counted_at)
      )
    ) AS day,
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
      WHEN (
        (
          NOT cancelled IS NULL AND (
            done IS NULL OR cancelled < done
          )
        )
        AND cancelled > due
      )
      OR (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      OR COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'exempt'
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= 1774997999999999
      THEN 'broken'
      ELSE 'open'
    END AS verdict,
    CASE
      WHEN (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      AND cancelled > due
      THEN 'cancelled after it was due'
      WHEN NOT cancelled IS NULL AND (
        done IS NULL OR cancelled < done
      )
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'storm'
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
    CASE
      WHEN (
        (
          NOT cancelled IS NULL AND (
            done IS NULL OR cancelled < done
          )
        )
        AND cancelled > due
      )
      OR (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      THEN 'correction'
      ELSE CAST(NULL AS STRING)
    END AS exempt_by,
    CASE
      WHEN (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      AND cancelled > due
      THEN 'broken'
      WHEN NOT cancelled IS NULL AND (
        done IS NULL OR cancelled < done
      )
      THEN 'exempt'
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= 1774997999999999
      THEN 'broken'
      ELSE 'open'
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
  correction_0,
  due > 1774997999999999 - 19008000000000 AS `#recent`,
  cancelled AS `#called_off`,
  brought,
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise
FROM verdicts;

-- known

WITH item AS (
  SELECT
    `order_id` AS item_id,
    UNIX_MICROS(`ordered_at`) AS started,
    CASE
      WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999
      THEN UNIX_MICROS(`delivered_at`)
    END AS done,
    CASE
      WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999
      THEN UNIX_MICROS(`cancelled_at`)
    END AS cancelled,
    NULL AS exempt_because,
    `region` = 'north' AS correction_0,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought
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
      COALESCE(started, LEAST(done, cancelled)) AS basis
    FROM item
  ) AS item
), with_due AS (
  SELECT
    *,
    (
      started + 14400000000
    ) AS due
  FROM dated
), turned AS (
  SELECT
    *,
    CASE
      WHEN CASE
        WHEN COALESCE(due < done, TRUE) AND COALESCE(due < cancelled, TRUE)
        THEN due
      END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE
          WHEN COALESCE(due < done, TRUE) AND COALESCE(due < cancelled, TRUE)
          THEN due
        END,
        started
      )
    END AS turn_0,
    CASE
      WHEN CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END IS NULL
      THEN NULL
      ELSE GREATEST(CASE WHEN COALESCE(cancelled < done, TRUE) THEN cancelled END, started)
    END AS turn_1,
    CASE
      WHEN CASE WHEN done <= due THEN done END IS NULL
      THEN NULL
      ELSE GREATEST(CASE WHEN done <= due THEN done END, started)
    END AS turn_2,
    CASE
      WHEN CASE
        WHEN (
          (
            LOCAL_DAY(started)
          )
        ) BETWEEN 20487 AND 20488
        OR (
          (
            LOCAL_DAY(due)
          )
        ) BETWEEN 20487 AND 20488
        OR (
          (
            LOCAL_DAY(done)
          )
        ) BETWEEN 20487 AND 20488
        OR (
          (
            LOCAL_DAY(cancelled)
          )
        ) BETWEEN 20487 AND 20488
        THEN 1770163200000000
      END IS NULL
      THEN NULL
      ELSE GREATEST(
        CASE
          WHEN (
            (
              LOCAL_DAY(started)
            )
          ) BETWEEN 20487 AND 20488
          OR (
            (
              LOCAL_DAY(due)
            )
          ) BETWEEN 20487 AND 20488
          OR (
            (
              LOCAL_DAY(done)
            )
          ) BETWEEN 20487 AND 20488
          OR (
            (
              LOCAL_DAY(cancelled)
            )
          ) BETWEEN 20487 AND 20488
          THEN 1770163200000000
        END,
        started
      )
    END AS turn_3
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
      WHEN turn = 3
      THEN turn_3
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
    UNION ALL
    SELECT
      3 AS turn
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
      END,
      CASE
        WHEN turn_3 > looked_at OR (
          turn_3 = looked_at AND turn < 3
        )
        THEN turn_3
      END
    ) AS until
  FROM each
), asked AS (
  SELECT
    `item_id`,
    `started`,
    CASE WHEN done <= looked_at THEN done END AS done,
    CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled,
    `exempt_because`,
    `correction_0`,
    `brought`,
    `basis`,
    `version`,
    `started_day`,
    `due`,
    `turn_0`,
    `turn_1`,
    `turn_2`,
    `turn_3`,
    `turn`,
    `looked_at`,
    `until`
  FROM ended
  WHERE
    NOT looked_at IS NULL
    AND COALESCE((
      (
        LOCAL_DAY(looked_at)
      )
    ) < (
      (
        LOCAL_DAY(until)
      )
    ), TRUE)
), counted AS (
  SELECT
    *,
    (
      (
        LOCAL_DAY(counted_at)
      )
    ) AS day,
    COALESCE(done, looked_at) - due AS late_us
  FROM (
    SELECT
      *,
      COALESCE(due, started, LEAST(done, cancelled)) AS counted_at
    FROM asked
  ) AS asked
), verdicts AS (
  SELECT
    *,
    CASE
      WHEN (
        (
          NOT cancelled IS NULL AND (
            done IS NULL OR cancelled < done
          )
        )
        AND cancelled > due
      )
      OR (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      OR (
        COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
        AND looked_at >= 1770163200000000
      )
      THEN 'exempt'
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= looked_at
      THEN 'broken'
      ELSE 'open'
    END AS verdict,
    CASE
      WHEN (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      AND cancelled > due
      THEN 'cancelled after it was due'
      WHEN NOT cancelled IS NULL AND (
        done IS NULL OR cancelled < done
      )
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
      THEN 'storm'
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
      WHEN due <= looked_at
      THEN 'not done and overdue'
      ELSE 'not due yet'
    END AS reason,
    CASE
      WHEN (
        (
          NOT cancelled IS NULL AND (
            done IS NULL OR cancelled < done
          )
        )
        AND cancelled > due
      )
      OR (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      THEN 'cancelled'
      WHEN COALESCE(day BETWEEN 20487 AND 20488 AND correction_0, FALSE)
      AND looked_at >= 1770163200000000
      THEN 'correction'
      ELSE CAST(NULL AS STRING)
    END AS exempt_by,
    CASE
      WHEN (
        NOT cancelled IS NULL AND (
          done IS NULL OR cancelled < done
        )
      )
      AND cancelled > due
      THEN 'broken'
      WHEN NOT cancelled IS NULL AND (
        done IS NULL OR cancelled < done
      )
      THEN 'exempt'
      WHEN item_id IS NULL OR started IS NULL OR done < started OR due IS NULL
      THEN 'unknown'
      WHEN done <= due
      THEN 'kept'
      WHEN done > due OR due <= looked_at
      THEN 'broken'
      ELSE 'open'
    END AS otherwise
  FROM counted
)
SELECT
  DATE_ADD(CAST('1970-01-01' AS DATE), CAST(day AS INT)) AS day,
  looked_at,
  until,
  verdict
FROM verdicts
WHERE
  looked_at <= 1774997999999999;

-- what fills verdict_cell

SELECT
  day,
  version,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
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
    CASE WHEN exempt_by = 'correction' THEN otherwise END AS otherwise,
    COALESCE(
      COALESCE(
        (
          (
            LOCAL_DAY(started)
          )
        ),
        (
          (
            LOCAL_DAY(due)
          )
        ),
        (
          (
            LOCAL_DAY(done)
          )
        )
      ) BETWEEN 20487 AND 20488
      AND correction_0,
      FALSE
    ) AS corrected_started,
    COALESCE(
      COALESCE(
        (
          (
            LOCAL_DAY(due)
          )
        ),
        (
          (
            LOCAL_DAY(started)
          )
        ),
        (
          (
            LOCAL_DAY(done)
          )
        )
      ) BETWEEN 20487 AND 20488
      AND correction_0,
      FALSE
    ) AS corrected_due,
    COALESCE(
      COALESCE(
        (
          (
            LOCAL_DAY(done)
          )
        ),
        (
          (
            LOCAL_DAY(due)
          )
        ),
        (
          (
            LOCAL_DAY(started)
          )
        )
      ) BETWEEN 20487 AND 20488
      AND correction_0,
      FALSE
    ) AS corrected_done,
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
    10,
    11
) AS grouped
WHERE
  COALESCE(otherwise, verdict) IN ('kept', 'broken', 'open');

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
                WHEN exempt_by = 'cancelled' AND `#called_off` <= due
                THEN 'cancelled'
                ELSE 'broken'
              END AS `#how`,
              CASE
                WHEN verdict = 'open'
                THEN due + late_us
                WHEN verdict = 'kept'
                THEN done
                WHEN exempt_by = 'cancelled' OR reason IS NOT DISTINCT FROM 'cancelled'
                THEN LEAST(`#called_off`, due)
                ELSE due
              END AS `#ended`
            FROM judged
            WHERE
              NOT due IS NULL
              AND `#recent`
              AND (
                verdict IN ('kept', 'broken', 'open') OR exempt_by = 'cancelled'
              )
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

-- what fills launch_cell

SELECT
  DATE_ADD(
    CAST('1970-01-01' AS DATE),
    CAST((
      (
        (
          LOCAL_DAY(started)
        )
      )
    ) AS INT)
  ) AS day,
  brought AS brought,
  COUNT(CASE WHEN verdict = 'kept' THEN 1 END) AS kept,
  COUNT(CASE WHEN verdict = 'broken' THEN 1 END) AS broken,
  COUNT(CASE WHEN verdict = 'open' THEN 1 END) AS open,
  COUNT(CASE WHEN verdict = 'exempt' THEN 1 END) AS exempt,
  COUNT(CASE WHEN verdict = 'unknown' THEN 1 END) AS unknown,
  CAST(0 AS BIGINT) AS not_promised
FROM judged
GROUP BY
  1,
  2;

-- what fills known_daily

SELECT
  day,
  known_from,
  known_until,
  CAST(SUM(CASE WHEN verdict IN ('kept', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS kept,
  CAST(SUM(CASE WHEN verdict IN ('broken', 'counted') THEN 1 ELSE 0 END) AS BIGINT) AS broken,
  CAST(SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS BIGINT) AS open
FROM (
  SELECT
    *,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(looked_at)
          )
        )
      ) AS INT)
    ) AS known_from,
    DATE_ADD(
      CAST('1970-01-01' AS DATE),
      CAST((
        (
          (
            LOCAL_DAY(until)
          )
        )
      ) AS INT)
    ) AS known_until
  FROM known
) AS known
WHERE
  verdict IN ('kept', 'broken', 'open', 'counted')
GROUP BY
  1,
  2,
  3;
