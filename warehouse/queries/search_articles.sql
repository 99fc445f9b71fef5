-- One row an article in which $text is found, the best first; $lang (may be null) and $row_limit narrow it down.
SELECT *
FROM search($text)
WHERE $lang IS NULL OR lang = $lang
ORDER BY score DESC, published_at DESC, article_id
LIMIT $row_limit;
