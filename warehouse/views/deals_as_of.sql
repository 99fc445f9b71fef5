-- Grain: one deal as the ledger believed it to be at a moment: FROM deals_as_of(TIMESTAMPTZ '2025-12-20').
-- needs: macros
-- The columns of deals_current, in its order, then the parties and all sums stated. Names of types are today's.
CREATE OR REPLACE MACRO deals_as_of(moment) AS TABLE
SELECT known.deal_id, known.headline, known.type, deal_types.name AS type_name, known.status, known.status_on,
       money_text(known.amount, known.currency, known.bound) AS amount_text,
       known.amount, known.currency, known.bound, known.usd, known.conditional_usd,
       known.chips, known.gigawatts, known.units, known.company_ids,
       known.first_on, known.last_on, known.expected_on,
       known.sources, known.articles, known.languages, known.best_tier, known.thread_id, known.parent_id,
       known.status_reason, known.amount_reason, known.first_recorded_at, known.recorded_at AS updated_at,
       known.parties, known.amounts
FROM deal_versions AS known
LEFT JOIN deal_types USING (type)
WHERE known.recorded_at <= moment AND (known.ended_at IS NULL OR known.ended_at > moment);
COMMENT ON MACRO TABLE deals_as_of IS 'one row a deal as the ledger believed it to be at a moment: type, parties, sums, chips, status and whole of that time';
