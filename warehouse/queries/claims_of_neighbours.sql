-- One row a standing claim of every deal that names a group of $roots on or after $since, or is one of $deal_ids;
-- with what grouping has to keep of the deal.
WITH near AS (
    SELECT DISTINCT decisions.deal_id
    FROM observations
    JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
    WHERE observations.superseded_by IS NULL
      AND decisions.deal_id IS NOT NULL
      AND (decisions.deal_id IN (SELECT unnest($deal_ids))
           OR (observations.occurred_on >= $since
               AND list_has_any(list_transform(observations.parties, lambda party: party.root), $roots)))
)
SELECT observations.*, decisions.deal_id, deals.thread_id, deals.parent_id, deals.first_recorded_at
FROM observations
JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
JOIN near ON near.deal_id = decisions.deal_id
JOIN deals ON deals.deal_id = decisions.deal_id
WHERE observations.superseded_by IS NULL;
