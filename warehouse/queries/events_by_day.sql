-- One row a day and status with events, among the $days up to the latest event ("last_on") known at $until.
WITH believed AS (
    SELECT deal_events.occurred_on, deal_events.status
    FROM deal_events
    JOIN deals ON deals.deal_id = deal_events.deal_id AND deals.merged_into IS NULL AND NOT deals.withdrawn
    WHERE kind <> 'conflict' AND recorded_at <= $until::TIMESTAMPTZ
      AND (retracted_at IS NULL OR retracted_at > $until::TIMESTAMPTZ)
      AND occurred_on <= ($until::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE
),
clock AS (
    SELECT max(occurred_on) AS last_on FROM believed
)
SELECT occurred_on AS day, status, count(*) AS events, any_value(clock.last_on) AS last_on
FROM believed, clock
WHERE occurred_on > clock.last_on - $days::INTEGER
GROUP BY occurred_on, status
ORDER BY day, status_rank(status);
