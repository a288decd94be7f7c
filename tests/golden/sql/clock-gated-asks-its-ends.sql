-- what authors ask of when an item was done or cancelled, as it stood at the moment and at each turn before
--
-- promise:
--   measure:
--     items: items
--     id: order_id
--     started: ordered_at
--     done: delivered_at
--     within: 4 hours
--     cancelled: cancelled_at
--     only: delivered_at is null or hour(delivered_at) < 20
--     exempt:
--     - when: cancelled_at > delivered_at or hour(cancelled_at) > 18
--       because: the customer waited
--     segments:
--     - over: delivered_at is null
--     - hour: hour(delivered_at)
-- corrections:
--   storm:
--     promises:
--     - p
--     from: 2026-02-03
--     to: 2026-02-04
--     only: hour(delivered_at) > 12
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

-- judged

create or replace temp view judged as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("delivered_at") <= 1774997999999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    CASE
      WHEN CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END > CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END
      OR HOUR(CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because,
    HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) > 12 AS correction_0,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought,
    CAST((
      CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
    ) AS TEXT) AS "over",
    CAST(HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) AS TEXT) AS "hour"
  FROM source."items"
  WHERE
    (
      CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
      OR HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) < 20
    )
    AND COALESCE(EPOCH_US("ordered_at") <= 1774997999999999, TRUE)
), dated AS (
  SELECT
    *,
    1 AS version,
    LOCAL_DAY(started) AS started_day
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
    LOCAL_DAY(counted_at) AS day,
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
      ELSE CAST(NULL AS TEXT)
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
  due > 1774997999999999 - 19008000000000 AS "#recent",
  cancelled AS "#called_off",
  brought,
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  verdict,
  reason,
  exempt_by,
  otherwise,
  CASE
    WHEN "over" IS NULL
    THEN '(none)'
    WHEN "over" LIKE '%(none)%'
    THEN REPLACE("over", '(none)', '"(none)"')
    ELSE "over"
  END AS "over",
  CASE
    WHEN "hour" IS NULL
    THEN '(none)'
    WHEN "hour" LIKE '%(none)%'
    THEN REPLACE("hour", '(none)', '"(none)"')
    ELSE "hour"
  END AS "hour"
FROM verdicts;

-- known

create or replace temp view known as WITH item AS (
  SELECT
    "order_id" AS item_id,
    EPOCH_US("ordered_at") AS started,
    CASE
      WHEN EPOCH_US("delivered_at") <= 1774997999999999
      THEN EPOCH_US("delivered_at")
    END AS done,
    CASE
      WHEN EPOCH_US("cancelled_at") <= 1774997999999999
      THEN EPOCH_US("cancelled_at")
    END AS cancelled,
    CASE
      WHEN CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END > CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END
      OR HOUR(CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because,
    HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) > 12 AS correction_0,
    COALESCE(
      (
        CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) < 20
      ),
      FALSE
    ) AS in_scope,
    COALESCE(
      (
        CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) < 20
      ),
      FALSE
    ) AS in_scope_before_0,
    CASE
      WHEN CASE WHEN FALSE THEN "cancelled_at" END > CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END
      OR HOUR(CASE WHEN FALSE THEN "cancelled_at" END) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_0,
    HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) > 12 AS correction_0_before_0,
    COALESCE(
      (
        CASE WHEN FALSE THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN FALSE THEN "delivered_at" END) < 20
      ),
      FALSE
    ) AS in_scope_before_1,
    CASE
      WHEN CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END > CASE WHEN FALSE THEN "delivered_at" END
      OR HOUR(CASE WHEN EPOCH_US("cancelled_at") <= 1774997999999999 THEN "cancelled_at" END) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_1,
    HOUR(CASE WHEN FALSE THEN "delivered_at" END) > 12 AS correction_0_before_1,
    COALESCE(
      (
        CASE WHEN FALSE THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN FALSE THEN "delivered_at" END) < 20
      ),
      FALSE
    ) AS in_scope_before_2,
    CASE
      WHEN CASE WHEN FALSE THEN "cancelled_at" END > CASE WHEN FALSE THEN "delivered_at" END
      OR HOUR(CASE WHEN FALSE THEN "cancelled_at" END) > 18
      THEN 'the customer waited'
      ELSE NULL
    END AS exempt_because_before_2,
    HOUR(CASE WHEN FALSE THEN "delivered_at" END) > 12 AS correction_0_before_2,
    CASE WHEN "channel" = 'web' THEN 'spring' ELSE CAST(NULL AS TEXT) END AS brought,
    CAST((
      CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
    ) AS TEXT) AS "over",
    CAST(HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) AS TEXT) AS "hour"
  FROM source."items"
  WHERE
    (
      (
        CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN EPOCH_US("delivered_at") <= 1774997999999999 THEN "delivered_at" END) < 20
      )
      OR (
        CASE WHEN FALSE THEN "delivered_at" END IS NULL
        OR HOUR(CASE WHEN FALSE THEN "delivered_at" END) < 20
      )
    )
    AND COALESCE(EPOCH_US("ordered_at") <= 1774997999999999, TRUE)
), dated AS (
  SELECT
    *,
    1 AS version,
    LOCAL_DAY(started) AS started_day
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
    *
    REPLACE (CASE WHEN done <= looked_at THEN done END AS done, CASE WHEN cancelled <= looked_at THEN cancelled END AS cancelled, CASE
      WHEN done <= looked_at AND cancelled <= looked_at
      THEN exempt_because
      WHEN done <= looked_at
      THEN exempt_because_before_0
      WHEN cancelled <= looked_at
      THEN exempt_because_before_1
      ELSE exempt_because_before_2
    END AS exempt_because, CASE
      WHEN done <= looked_at AND cancelled <= looked_at
      THEN correction_0
      WHEN done <= looked_at
      THEN correction_0_before_0
      WHEN cancelled <= looked_at
      THEN correction_0_before_1
      ELSE correction_0_before_2
    END AS correction_0)
  FROM ended
  WHERE
    (
      NOT looked_at IS NULL AND COALESCE(LOCAL_DAY(looked_at) < LOCAL_DAY(until), TRUE)
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
    LOCAL_DAY(counted_at) AS day,
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
      ELSE CAST(NULL AS TEXT)
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
  (
    CAST('1970-01-01' AS DATE) + CAST(day AS INT)
  ) AS day,
  looked_at,
  until,
  verdict
FROM verdicts
WHERE
  looked_at <= 1774997999999999;
