-- One row a document version that the reader $version has not read: the newest of each article that was published (or
-- else first seen) from day $since to day $until by one of $sources (null: by anybody). Those that failed to be read
-- before come last, so that they do not keep the others waiting where only so many are taken at a time.
WITH newest AS (
    SELECT *
    FROM articles
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY seen_at DESC, recorded_at DESC, version_id) = 1
)
SELECT newest.version_id, newest.article_id, newest.source_id, newest.url, newest.title, newest.text, newest.lang,
       newest.author, newest.published_at, newest."precision", newest.published_from, newest.seen_at, newest.text_from,
       newest.raw_sha256, newest.notes
FROM newest
WHERE coalesce(newest.published_at, newest.seen_at)::DATE BETWEEN $since::DATE AND $until::DATE
  AND ($sources::VARCHAR[] IS NULL OR newest.source_id IN (SELECT unnest($sources::VARCHAR[])))
  AND NOT EXISTS (
      SELECT 1 FROM readings
      WHERE readings.version_id = newest.version_id AND readings.extractor = $version AND readings.error IS NULL
  )
ORDER BY EXISTS (SELECT 1 FROM readings WHERE readings.version_id = newest.version_id AND readings.error IS NOT NULL),
         coalesce(newest.published_at, newest.seen_at), newest.version_id;
