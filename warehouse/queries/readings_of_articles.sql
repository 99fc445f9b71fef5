-- One row a reading, without error, of any version of the articles $article_ids.
SELECT articles.article_id, readings.version_id, readings.extractor, articles.seen_at, readings.recorded_at
FROM readings
JOIN articles USING (version_id)
WHERE articles.article_id IN (SELECT unnest($article_ids)) AND readings.error IS NULL;
