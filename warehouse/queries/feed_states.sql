-- One row a feed: what is remembered of it between polls.
SELECT feed_url, source_id, etag, last_modified, moved_to, next_poll_at, last_fetched_at, last_ok_at, last_item_at,
       last_state, failures
FROM feed_state
ORDER BY feed_url;
