-- One row a standing observation that names one of $company_ids, with the deal that it belongs to.
SELECT observations.*, decisions.deal_id
FROM observations
LEFT JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
WHERE observations.superseded_by IS NULL
  AND list_has_any(list_transform(observations.parties, lambda party: party.id), $company_ids);
