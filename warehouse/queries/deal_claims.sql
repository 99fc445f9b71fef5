-- One row a standing claim on deal $deal_id, with the decision that put it there.
SELECT claims.occurred_on, claims.status, money_text(claims.amount, claims.currency, claims.bound) AS amount_text,
       claims.attribution, claims.tier, claims.background, claims.evidence, claims.lang, claims."action", claims.reason,
       coalesce(sources.name, claims.source_id) AS source, articles.title, articles.url, articles.duplicate_of,
       claims.observation_id, claims.confidence, claims.extractor
FROM claims
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = claims.source_id
WHERE claims.deal_id = $deal_id
ORDER BY claims.occurred_on, claims.tier, claims.observation_id;
