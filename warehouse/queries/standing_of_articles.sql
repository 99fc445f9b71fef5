-- One row a standing observation of the articles $article_ids, with the deal that it belongs to.
SELECT observations.*, decisions.deal_id
FROM observations
LEFT JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
WHERE observations.superseded_by IS NULL AND observations.article_id IN (SELECT unnest($article_ids));
