-- Grain: one standing deal.
-- needs: claims
-- The first report is the earliest by its publisher's time, else by when we saw it; copies and passing mentions come last.
CREATE OR REPLACE VIEW coverage AS
WITH reports AS (
    SELECT claims.deal_id, claims.article_id, claims.source_id, claims.lang, claims.background,
           coalesce(articles.published_at, claims.seen_at) AS reported_at, articles.duplicate_of IS NOT NULL AS is_copy,
           articles.title, articles.url
    FROM claims
    JOIN articles USING (version_id)
    WHERE claims.deal_id IS NOT NULL
),
told AS (
    SELECT deal_id, count(DISTINCT article_id) AS articles, count(DISTINCT article_id) FILTER (is_copy) AS copies,
           list(DISTINCT source_id ORDER BY source_id) AS source_ids, list(DISTINCT lang ORDER BY lang) AS languages,
           min(ROW(background, is_copy, reported_at, source_id, lang, title, url)) AS first, max(reported_at) AS last_at
    FROM reports
    GROUP BY deal_id
),
followed AS (
    SELECT reports.deal_id, min(reports.reported_at) AS second_at
    FROM reports
    JOIN told ON told.deal_id = reports.deal_id AND reports.source_id <> told.first[4]
    WHERE reports.reported_at >= told.first[3]
    GROUP BY reports.deal_id
)
SELECT deals.deal_id, deals.headline, deals.type, deals.status, told.articles, told.copies,
       len(told.source_ids) AS sources, told.source_ids, told.languages,
       coalesce(sources.name, told.first[4]) AS first_source, told.first[5] AS first_lang, told.first[3] AS first_at,
       told.first[6] AS first_title, told.first[7] AS first_url,
       followed.second_at, date_diff('hour', told.first[3], followed.second_at) AS lead_hours, told.last_at
FROM deals
JOIN told USING (deal_id)
LEFT JOIN followed USING (deal_id)
LEFT JOIN sources ON sources.source_id = told.first[4]
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn;
COMMENT ON VIEW coverage IS 'one row a standing deal: who reported it, in which languages, who was first and when';
COMMENT ON COLUMN coverage.deal_id IS 'the deal';
COMMENT ON COLUMN coverage.headline IS 'who → whom';
COMMENT ON COLUMN coverage.type IS 'type of deal';
COMMENT ON COLUMN coverage.status IS 'current status';
COMMENT ON COLUMN coverage.articles IS 'articles with a standing claim on it';
COMMENT ON COLUMN coverage.copies IS 'those that repeat another article';
COMMENT ON COLUMN coverage.sources IS 'publishers of these articles';
COMMENT ON COLUMN coverage.source_ids IS 'their ids';
COMMENT ON COLUMN coverage.languages IS 'languages that they write of it in';
COMMENT ON COLUMN coverage.first_source IS 'publisher of the first report: the earliest that is neither a passing mention nor a copy';
COMMENT ON COLUMN coverage.first_lang IS 'language of that report';
COMMENT ON COLUMN coverage.first_at IS 'when it was published, or first seen where that is unknown (UTC)';
COMMENT ON COLUMN coverage.first_title IS 'its headline';
COMMENT ON COLUMN coverage.first_url IS 'its address';
COMMENT ON COLUMN coverage.second_at IS 'when the next publisher followed (UTC), null where none did';
COMMENT ON COLUMN coverage.lead_hours IS 'hours by which the first was ahead of it';
COMMENT ON COLUMN coverage.last_at IS 'time of the last report (UTC)';
