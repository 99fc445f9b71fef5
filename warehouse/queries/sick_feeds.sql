-- One row a feed that is dead, failing, moved or silent, in this order, those that fail for longest first.
SELECT health, source_id, feed_url, failures, last_ok_at, last_item_at, moved_to, last_error
FROM feed_health
WHERE health <> 'healthy'
ORDER BY list_position(['dead', 'failing', 'moved', 'silent'], health), failures DESC, feed_url;
