-- Grain: one source.
-- needs: claims
CREATE OR REPLACE VIEW source_coverage AS
WITH read AS (
    SELECT source_id, count(DISTINCT article_id) AS articles,
           count(DISTINCT article_id) FILTER (duplicate_of IS NOT NULL) AS copies,
           list(DISTINCT lang ORDER BY lang) AS languages, min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at
    FROM articles
    GROUP BY source_id
),
told AS (
    SELECT source_id, count(*) AS claims, count(DISTINCT deal_id) AS deals
    FROM claims
    GROUP BY source_id
)
SELECT source_id, coalesce(sources.name, source_id) AS source, sources.tier, sources.country,
       coalesce(read.articles, 0) AS articles, coalesce(read.copies, 0) AS copies,
       coalesce(read.languages, []) AS languages,
       coalesce(told.claims, 0) AS claims, coalesce(told.deals, 0) AS deals, read.first_seen_at, read.last_seen_at
FROM sources
FULL JOIN read USING (source_id)
LEFT JOIN told USING (source_id);
COMMENT ON VIEW source_coverage IS 'one row a source: what it brought';
COMMENT ON COLUMN source_coverage.source_id IS 'the source';
COMMENT ON COLUMN source_coverage.source IS 'its name';
COMMENT ON COLUMN source_coverage.tier IS 'credibility, 1 best';
COMMENT ON COLUMN source_coverage.country IS 'country of the publisher';
COMMENT ON COLUMN source_coverage.articles IS 'articles read';
COMMENT ON COLUMN source_coverage.copies IS 'those that repeat another article';
COMMENT ON COLUMN source_coverage.languages IS 'languages they are written in';
COMMENT ON COLUMN source_coverage.claims IS 'standing claims they make';
COMMENT ON COLUMN source_coverage.deals IS 'deals these claims speak of';
COMMENT ON COLUMN source_coverage.first_seen_at IS 'first article seen (UTC)';
COMMENT ON COLUMN source_coverage.last_seen_at IS 'last article seen (UTC)';
