-- What each entry of a feed looked like when it was last read, so that only new and changed ones are fetched.

CREATE TABLE feed_items (
    feed_url VARCHAR NOT NULL, guid VARCHAR NOT NULL, source_id VARCHAR NOT NULL, article_id VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, updated_at TIMESTAMPTZ, first_read_at TIMESTAMPTZ NOT NULL, read_at TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE feed_items IS 'one row an entry of a feed (key: feed_url, guid)';
COMMENT ON COLUMN feed_items.feed_url IS 'address of the feed as the source declares it';
COMMENT ON COLUMN feed_items.guid IS 'the feed''s own id of the entry, its address where it has none';
COMMENT ON COLUMN feed_items.source_id IS 'source of the feed';
COMMENT ON COLUMN feed_items.article_id IS 'article that the entry led to';
COMMENT ON COLUMN feed_items.fingerprint IS 'hash of the entry''s address, words and dates when it was last read';
COMMENT ON COLUMN feed_items.updated_at IS 'when the publisher last changed the entry, as the feed says (UTC), null where it does not';
COMMENT ON COLUMN feed_items.first_read_at IS 'when the entry was first read (UTC)';
COMMENT ON COLUMN feed_items.read_at IS 'when it was last read (UTC)';
