-- One row a document version published (or first seen) from $first to $last that has a sketch.
SELECT version_id, article_id, lang, coalesce(published_at, seen_at) AS "when", sketch, duplicate_of
FROM articles
WHERE coalesce(published_at, seen_at) BETWEEN $first AND $last AND len(sketch) > 0;
