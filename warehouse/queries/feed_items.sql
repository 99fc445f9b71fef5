-- One row an entry that the feeds $feed_urls had when it was last read.
SELECT feed_url, guid, article_id, fingerprint, first_read_at
FROM feed_items
WHERE feed_url IN (SELECT unnest($feed_urls))
ORDER BY feed_url, guid;
