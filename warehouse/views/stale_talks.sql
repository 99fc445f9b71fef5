-- Grain: one standing deal that somebody should ask about: talks gone silent, or a condition past due.
-- needs: deals_current
-- FROM stale_talks is silence of 60 days; FROM stale_talks_after(30) any other. Today is the day of the newest article.
CREATE OR REPLACE MACRO stale_talks_after(days) AS TABLE
WITH clock AS (
    SELECT (max(seen_at) AT TIME ZONE 'UTC')::DATE AS today FROM articles
),
watched AS (
    SELECT *, date_diff('day', last_on, today) AS silent_days, date_diff('day', expected_on, today) AS overdue_days
    FROM deals_current, clock
)
SELECT deal_id, headline, type, status,
       CASE
           WHEN status = 'in_talks' AND silent_days >= days THEN 'silent talks'
           WHEN expected_on < today THEN 'condition past due'
           ELSE 'condition gone silent'
       END AS why,
       amount_text, usd, conditional_usd, first_on, last_on, silent_days, expected_on,
       CASE WHEN overdue_days > 0 THEN overdue_days END AS overdue_days, sources
FROM watched
WHERE (status = 'in_talks' AND silent_days >= days)
   OR (status IN ('in_talks', 'announced') AND conditional_usd > 0
       AND (expected_on < today OR (expected_on IS NULL AND silent_days >= days)));
CREATE OR REPLACE VIEW stale_talks AS FROM stale_talks_after(60);
COMMENT ON MACRO TABLE stale_talks_after IS 'as the view stale_talks, for silence of that many days';
COMMENT ON VIEW stale_talks IS 'one row a deal in talks without news for 60 days before the newest article, or whose conditional part is past due';
COMMENT ON COLUMN stale_talks.deal_id IS 'the deal';
COMMENT ON COLUMN stale_talks.headline IS 'who → whom';
COMMENT ON COLUMN stale_talks.type IS 'type of deal';
COMMENT ON COLUMN stale_talks.status IS 'in_talks or announced';
COMMENT ON COLUMN stale_talks.why IS 'silent talks, condition past due (its day has gone by) or condition gone silent (no day is known)';
COMMENT ON COLUMN stale_talks.amount_text IS 'sum talked about or announced';
COMMENT ON COLUMN stale_talks.usd IS 'in US dollars';
COMMENT ON COLUMN stale_talks.conditional_usd IS 'part of it that hangs on a condition';
COMMENT ON COLUMN stale_talks.first_on IS 'day of the first report';
COMMENT ON COLUMN stale_talks.last_on IS 'day of the last news';
COMMENT ON COLUMN stale_talks.silent_days IS 'days since, up to the newest article in the ledger';
COMMENT ON COLUMN stale_talks.expected_on IS 'latest day for which a claim expected it, null where none names one';
COMMENT ON COLUMN stale_talks.overdue_days IS 'days since that one, null while it is to come';
COMMENT ON COLUMN stale_talks.sources IS 'publishers that reported it';
