-- One row a standing observation, with the deal that it belongs to.
SELECT observations.*, decisions.deal_id
FROM observations
LEFT JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
WHERE observations.superseded_by IS NULL;
