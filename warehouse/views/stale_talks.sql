-- Grain: one standing deal that is still in talks, and silent for 60 days or more before the newest article.
-- needs: deals_current
CREATE OR REPLACE VIEW stale_talks AS
WITH clock AS (
    SELECT (max(seen_at) AT TIME ZONE 'UTC')::DATE AS today FROM articles
)
SELECT deals_current.deal_id, deals_current.headline, deals_current.type, deals_current.amount_text,
       deals_current.usd, deals_current.first_on, deals_current.last_on,
       date_diff('day', deals_current.last_on, clock.today) AS silent_days, deals_current.sources
FROM deals_current, clock
WHERE deals_current.status = 'in_talks' AND date_diff('day', deals_current.last_on, clock.today) >= 60;
COMMENT ON VIEW stale_talks IS 'one row a deal still in talks with no news for 60 days before the newest article';
COMMENT ON COLUMN stale_talks.deal_id IS 'the deal';
COMMENT ON COLUMN stale_talks.headline IS 'who → whom';
COMMENT ON COLUMN stale_talks.type IS 'type of deal';
COMMENT ON COLUMN stale_talks.amount_text IS 'sum talked about';
COMMENT ON COLUMN stale_talks.usd IS 'in US dollars';
COMMENT ON COLUMN stale_talks.first_on IS 'day of the first report';
COMMENT ON COLUMN stale_talks.last_on IS 'day of the last news';
COMMENT ON COLUMN stale_talks.silent_days IS 'days since, up to the newest article in the ledger';
COMMENT ON COLUMN stale_talks.sources IS 'publishers that reported it';
