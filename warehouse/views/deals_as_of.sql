-- Grain: one deal as the ledger knew it at a moment: FROM deals_as_of(TIMESTAMPTZ '2026-01-01').
-- needs: macros, deal_headlines
CREATE OR REPLACE MACRO deals_as_of(moment) AS TABLE
WITH believed AS (
    SELECT *
    FROM deal_events
    WHERE recorded_at <= moment AND (retracted_at IS NULL OR retracted_at > moment) AND kind <> 'conflict'
)
SELECT believed.deal_id, deal_headlines.headline, deals.type, believed.status, believed.occurred_on AS changed_on,
       money_text(believed.amount, believed.currency, believed.bound) AS amount_text,
       believed.amount, believed.currency, believed.bound, believed.usd, deal_headlines.company_ids,
       min(believed.occurred_on) OVER (PARTITION BY believed.deal_id) AS first_on
FROM believed
JOIN deals USING (deal_id)
LEFT JOIN deal_headlines USING (deal_id)
QUALIFY row_number() OVER (
    PARTITION BY believed.deal_id
    ORDER BY believed.occurred_on DESC, believed.kind = 'amount' DESC, status_rank(believed.status) DESC
) = 1;
COMMENT ON MACRO TABLE deals_as_of IS 'one row a deal as the ledger knew it at a moment';
