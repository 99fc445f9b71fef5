-- Grain: one sum that is contested beside the settled sum of a standing deal.
-- needs: macros, deals_current
CREATE OR REPLACE VIEW amount_disputes AS
SELECT deals_current.deal_id, deals_current.headline, deals_current.status,
       deals_current.amount_text AS settled_text, deals_current.usd AS settled_usd,
       deals_current.amount_reason AS settled_reason,
       money_text(rival.amount, rival.currency, rival.bound) AS rival_text, rival.usd AS rival_usd,
       rival.reason AS rival_reason, rival.sources AS rival_sources, rival.best_tier AS rival_tier,
       rival.last_on AS rival_on, observations.evidence, articles.url
FROM deal_amounts AS rival
JOIN deals_current USING (deal_id)
LEFT JOIN observations USING (observation_id)
LEFT JOIN articles USING (version_id)
WHERE rival.contested;
COMMENT ON VIEW amount_disputes IS 'one row a sum that is contested beside the settled sum of a deal';
COMMENT ON COLUMN amount_disputes.deal_id IS 'the deal';
COMMENT ON COLUMN amount_disputes.headline IS 'who → whom';
COMMENT ON COLUMN amount_disputes.status IS 'current status';
COMMENT ON COLUMN amount_disputes.settled_text IS 'the sum that prevails';
COMMENT ON COLUMN amount_disputes.settled_usd IS 'in US dollars';
COMMENT ON COLUMN amount_disputes.settled_reason IS 'why it prevails';
COMMENT ON COLUMN amount_disputes.rival_text IS 'the sum that stands against it';
COMMENT ON COLUMN amount_disputes.rival_usd IS 'in US dollars';
COMMENT ON COLUMN amount_disputes.rival_reason IS 'why it does not prevail';
COMMENT ON COLUMN amount_disputes.rival_sources IS 'publishers that state it';
COMMENT ON COLUMN amount_disputes.rival_tier IS 'best tier among them';
COMMENT ON COLUMN amount_disputes.rival_on IS 'latest day it was stated for';
COMMENT ON COLUMN amount_disputes.evidence IS 'the words that best show it';
COMMENT ON COLUMN amount_disputes.url IS 'address of that article';
