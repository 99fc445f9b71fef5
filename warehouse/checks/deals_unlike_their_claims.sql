-- One row a standing deal that shows other sources, articles or languages than its standing claims have.
WITH support AS (
    SELECT deal_id, count(DISTINCT source_id) AS sources, count(DISTINCT article_id) AS articles,
           coalesce(list(DISTINCT lang ORDER BY lang) FILTER (lang <> ''), []) AS languages, min(tier) AS best_tier
    FROM claims
    WHERE deal_id IS NOT NULL
    GROUP BY deal_id
)
SELECT deals.deal_id, deals.sources, support.sources AS sources_by_claims
FROM deals
JOIN support USING (deal_id)
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn
  AND (deals.sources, deals.articles, deals.languages, deals.best_tier)
      IS DISTINCT FROM (support.sources, support.articles, support.languages, support.best_tier);
