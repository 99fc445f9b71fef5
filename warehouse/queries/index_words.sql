-- One row a document version of $version_ids (null: of all) that search does not know yet is added to its index.
INSERT INTO article_words BY NAME
SELECT version_id, search_text(title) AS title, search_text("text") AS body
FROM articles
ANTI JOIN article_words USING (version_id)
WHERE $version_ids::VARCHAR[] IS NULL OR list_contains($version_ids::VARCHAR[], version_id);
