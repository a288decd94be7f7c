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
    CASE
      WHEN CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END > CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END
      OR CAST(HOUR(
        FROM_UTC_TIMESTAMP(
          CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END,
          'Europe/London'
        )
      ) AS BIGINT) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because,
    CAST(HOUR(
      FROM_UTC_TIMESTAMP(
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
        'Europe/London'
      )
    ) AS BIGINT) > 12 AS correction_0,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought,
    CAST((
      CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
    ) AS STRING) AS `over`,
    CAST(CAST(HOUR(
      FROM_UTC_TIMESTAMP(
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
        'Europe/London'
      )
    ) AS BIGINT) AS STRING) AS `hour`
  FROM `source_items` AS `items`
  WHERE
    (
      CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
      OR CAST(HOUR(
        FROM_UTC_TIMESTAMP(
          CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
          'Europe/London'
        )
      ) AS BIGINT) < 20
    )
    AND COALESCE(UNIX_MICROS(`ordered_at`) <= 1774997999999999, TRUE)
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
      WHEN NOT exempt_because IS NULL
      OR (
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
      WHEN NOT exempt_because IS NULL
      THEN exempt_because
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
      WHEN NOT exempt_because IS NULL
      THEN 'rule'
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
  otherwise,
  CASE
    WHEN `over` IS NULL
    THEN '(none)'
    WHEN `over` LIKE '%(none)%'
    THEN REPLACE(`over`, '(none)', '"(none)"')
    ELSE `over`
  END AS `over`,
  CASE
    WHEN `hour` IS NULL
    THEN '(none)'
    WHEN `hour` LIKE '%(none)%'
    THEN REPLACE(`hour`, '(none)', '"(none)"')
    ELSE `hour`
  END AS `hour`
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
    CASE
      WHEN CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END > CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END
      OR CAST(HOUR(
        FROM_UTC_TIMESTAMP(
          CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END,
          'Europe/London'
        )
      ) AS BIGINT) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because,
    CAST(HOUR(
      FROM_UTC_TIMESTAMP(
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
        'Europe/London'
      )
    ) AS BIGINT) > 12 AS correction_0,
    COALESCE(
      (
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
        OR CAST(HOUR(
          FROM_UTC_TIMESTAMP(
            CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
            'Europe/London'
          )
        ) AS BIGINT) < 20
      ),
      FALSE
    ) AS in_scope,
    COALESCE(
      (
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
        OR CAST(HOUR(
          FROM_UTC_TIMESTAMP(
            CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
            'Europe/London'
          )
        ) AS BIGINT) < 20
      ),
      FALSE
    ) AS in_scope_before_0,
    CASE
      WHEN CASE WHEN FALSE THEN `cancelled_at` END > CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END
      OR CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `cancelled_at` END, 'Europe/London')) AS BIGINT) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_0,
    CAST(HOUR(
      FROM_UTC_TIMESTAMP(
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
        'Europe/London'
      )
    ) AS BIGINT) > 12 AS correction_0_before_0,
    COALESCE(
      (
        CASE WHEN FALSE THEN `delivered_at` END IS NULL
        OR CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `delivered_at` END, 'Europe/London')) AS BIGINT) < 20
      ),
      FALSE
    ) AS in_scope_before_1,
    CASE
      WHEN CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END > CASE WHEN FALSE THEN `delivered_at` END
      OR CAST(HOUR(
        FROM_UTC_TIMESTAMP(
          CASE WHEN UNIX_MICROS(`cancelled_at`) <= 1774997999999999 THEN `cancelled_at` END,
          'Europe/London'
        )
      ) AS BIGINT) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_1,
    CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `delivered_at` END, 'Europe/London')) AS BIGINT) > 12 AS correction_0_before_1,
    COALESCE(
      (
        CASE WHEN FALSE THEN `delivered_at` END IS NULL
        OR CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `delivered_at` END, 'Europe/London')) AS BIGINT) < 20
      ),
      FALSE
    ) AS in_scope_before_2,
    CASE
      WHEN CASE WHEN FALSE THEN `cancelled_at` END > CASE WHEN FALSE THEN `delivered_at` END
      OR CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `cancelled_at` END, 'Europe/London')) AS BIGINT) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_2,
    CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `delivered_at` END, 'Europe/London')) AS BIGINT) > 12 AS correction_0_before_2,
    CASE WHEN `channel` = 'web' THEN 'spring' ELSE CAST(NULL AS STRING) END AS brought,
    CAST((
      CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
    ) AS STRING) AS `over`,
    CAST(CAST(HOUR(
      FROM_UTC_TIMESTAMP(
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
        'Europe/London'
      )
    ) AS BIGINT) AS STRING) AS `hour`
  FROM `source_items` AS `items`
  WHERE
    (
      (
        CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END IS NULL
        OR CAST(HOUR(
          FROM_UTC_TIMESTAMP(
            CASE WHEN UNIX_MICROS(`delivered_at`) <= 1774997999999999 THEN `delivered_at` END,
            'Europe/London'
          )
        ) AS BIGINT) < 20
      )
      OR (
        CASE WHEN FALSE THEN `delivered_at` END IS NULL
        OR CAST(HOUR(FROM_UTC_TIMESTAMP(CASE WHEN FALSE THEN `delivered_at` END, 'Europe/London')) AS BIGINT) < 20
      )
    )
    AND COALESCE(UNIX_MICROS(`ordered_at`) <= 1774997999999999, TRUE)
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
    CASE WHEN cancelled IS NULL THEN NULL ELSE GREATEST(cancelled, started) END AS turn_1,
    CASE WHEN done IS NULL THEN NULL ELSE GREATEST(done, started) END AS turn_2,
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
    CASE
      WHEN done <= looked_at AND cancelled <= looked_at
      THEN exempt_because
      WHEN done <= looked_at
      THEN exempt_because_before_0
      WHEN cancelled <= looked_at
      THEN exempt_because_before_1
      ELSE exempt_because_before_2
    END AS exempt_because,
    CASE
      WHEN done <= looked_at AND cancelled <= looked_at
      THEN correction_0
      WHEN done <= looked_at
      THEN correction_0_before_0
      WHEN cancelled <= looked_at
      THEN correction_0_before_1
      ELSE correction_0_before_2
    END AS correction_0,
    `in_scope`,
    `in_scope_before_0`,
    `exempt_because_before_0`,
    `correction_0_before_0`,
    `in_scope_before_1`,
    `exempt_because_before_1`,
    `correction_0_before_1`,
    `in_scope_before_2`,
    `exempt_because_before_2`,
    `correction_0_before_2`,
    `brought`,
    `over`,
    `hour`,
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
    (
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
    )
    AND CASE
      WHEN done <= looked_at AND cancelled <= looked_at
      THEN in_scope
      WHEN done <= looked_at
      THEN in_scope_before_0
      WHEN cancelled <= looked_at
      THEN in_scope_before_1
      ELSE in_scope_before_2
    END
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
      WHEN NOT exempt_because IS NULL
      OR (
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
      WHEN NOT exempt_because IS NULL
      THEN exempt_because
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
      WHEN NOT exempt_because IS NULL
      THEN 'rule'
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
