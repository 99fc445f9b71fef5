-- One row a claim of a standing deal that is not over: what may name a day to come, with who says so and where.
SELECT claims.observation_id, claims.deal_id, deals_current.headline, deals_current.type,
       deals_current.status, claims.status AS claimed, claims.modality, claims.amount, claims.currency, claims.bound,
       deals_current.amount AS settled_amount, deals_current.currency AS settled_currency,
       deals_current.bound AS settled_bound,
       claims.evidence, claims.lang, claims.published_on, claims.expected_on, claims.tier, claims.recorded_at,
       coalesce(sources.name, claims.source_id) AS source, articles.url,
       CASE WHEN claims.evidence_start = min(claims.evidence_start) OVER (PARTITION BY claims.version_id)
            THEN articles.title END AS title  -- a heading speaks of the first deal that its article tells of
FROM claims
JOIN deals_current USING (deal_id)
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = claims.source_id
WHERE deals_current.status <> 'ended' AND NOT claims.background
ORDER BY claims.tier, claims.published_on DESC, claims.observation_id;
