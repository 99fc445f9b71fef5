-- Grain: one feed.
CREATE OR REPLACE VIEW feed_health AS
WITH clock AS (
    SELECT max(fetched_at) AS latest FROM fetch_log
),
week AS (
    SELECT url, count(*) AS polls, count(*) FILTER (state IN ('ok', 'not_modified')) AS good,
           arg_max(error, fetched_at) AS last_error
    FROM fetch_log, clock
    WHERE kind = 'feed' AND fetched_at > clock.latest - INTERVAL 7 DAY
    GROUP BY url
)
SELECT feed_state.feed_url, feed_state.source_id, coalesce(sources.name, feed_state.source_id) AS source,
       CASE
           WHEN feed_state.moved_to IS NOT NULL THEN 'moved'
           WHEN feed_state.failures >= 5 THEN 'dead'
           WHEN feed_state.failures > 0 THEN 'failing'
           WHEN feed_state.last_item_at < clock.latest - INTERVAL 14 DAY THEN 'silent'
           ELSE 'healthy'
       END AS health,
       feed_state.last_state, feed_state.failures, feed_state.last_ok_at, feed_state.last_item_at,
       feed_state.next_poll_at, feed_state.moved_to, coalesce(week.polls, 0) AS polls_7d,
       week.good / week.polls AS good_share_7d, nullif(week.last_error, '') AS last_error
FROM feed_state
CROSS JOIN clock
LEFT JOIN sources USING (source_id)
LEFT JOIN week ON week.url = feed_state.feed_url;
COMMENT ON VIEW feed_health IS 'one row a feed: how well it answers';
COMMENT ON COLUMN feed_health.feed_url IS 'address of the feed';
COMMENT ON COLUMN feed_health.source_id IS 'its source';
COMMENT ON COLUMN feed_health.source IS 'name of the source';
COMMENT ON COLUMN feed_health.health IS 'healthy, silent (no new entry for 14 days), failing, dead (5 failures in a row) or moved';
COMMENT ON COLUMN feed_health.last_state IS 'what came of the last poll';
COMMENT ON COLUMN feed_health.failures IS 'polls failed in a row';
COMMENT ON COLUMN feed_health.last_ok_at IS 'last poll that was answered well (UTC)';
COMMENT ON COLUMN feed_health.last_item_at IS 'publication time of its newest entry (UTC)';
COMMENT ON COLUMN feed_health.next_poll_at IS 'not to be polled before (UTC)';
COMMENT ON COLUMN feed_health.moved_to IS 'address it has moved to for good';
COMMENT ON COLUMN feed_health.polls_7d IS 'polls in the seven days before the latest request';
COMMENT ON COLUMN feed_health.good_share_7d IS 'share of them that went well, 0 to 1';
COMMENT ON COLUMN feed_health.last_error IS 'error of the last of them, null if none';
