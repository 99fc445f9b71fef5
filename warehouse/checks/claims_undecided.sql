-- One row a standing claim without exactly one open decision.
SELECT observations.observation_id, count(decisions.decision_id) AS open_decisions
FROM observations
LEFT JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
WHERE observations.superseded_by IS NULL
GROUP BY observations.observation_id
HAVING count(decisions.decision_id) <> 1;
