-- Grain: one standing claim, that is an observation no later reading has replaced.
-- inherits: observations
CREATE OR REPLACE VIEW claims AS
SELECT observations.* EXCLUDE (superseded_by, superseded_at, superseded_reason),
       decisions.deal_id, decisions."action", decisions.reason
FROM observations
LEFT JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
WHERE observations.superseded_by IS NULL;
COMMENT ON VIEW claims IS 'one row a standing claim: an observation that no later reading has replaced';
COMMENT ON COLUMN claims.deal_id IS 'deal that it was found to belong to, null where it was skipped';
COMMENT ON COLUMN claims."action" IS 'create, update or skip';
COMMENT ON COLUMN claims.reason IS 'why';
