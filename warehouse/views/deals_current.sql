-- Grain: one deal as it stands now; merged and withdrawn ones are left out.
-- needs: macros
-- What it shows is kept in deals by the loader, so that it costs no more than reading that table.
CREATE OR REPLACE VIEW deals_current AS
SELECT deals.deal_id, deals.headline, deals.type, deal_types.name AS type_name, deals.status, deals.status_on,
       money_text(deals.amount, deals.currency, deals.bound) AS amount_text,
       deals.amount, deals.currency, deals.bound, deals.usd, deals.conditional_usd,
       deals.chips, deals.gigawatts, deals.units, deals.company_ids,
       deals.first_on, deals.last_on, deals.expected_on,
       deals.sources, deals.articles, deals.languages, deals.best_tier, deals.thread_id, deals.parent_id,
       deals.status_reason, deals.amount_reason, deals.first_recorded_at, deals.updated_at
FROM deals
LEFT JOIN deal_types USING (type)
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn;
COMMENT ON VIEW deals_current IS 'one row a deal as it stands now';
COMMENT ON COLUMN deals_current.deal_id IS 'readable id that never changes once given';
COMMENT ON COLUMN deals_current.headline IS 'who → whom';
COMMENT ON COLUMN deals_current.type IS 'type of deal';
COMMENT ON COLUMN deals_current.type_name IS 'its name to show';
COMMENT ON COLUMN deals_current.status IS 'in_talks, announced, completed, ended';
COMMENT ON COLUMN deals_current.status_on IS 'day since which the status holds';
COMMENT ON COLUMN deals_current.amount_text IS 'the settled sum to show, such as "over $10 bn"';
COMMENT ON COLUMN deals_current.amount IS 'the settled sum in plain units of its currency';
COMMENT ON COLUMN deals_current.currency IS 'ISO 4217 code';
COMMENT ON COLUMN deals_current.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN deals_current.usd IS 'the settled sum in US dollars';
COMMENT ON COLUMN deals_current.conditional_usd IS 'part of it that hangs on a condition, null where none does';
COMMENT ON COLUMN deals_current.chips IS 'ids of the chips that it is about';
COMMENT ON COLUMN deals_current.gigawatts IS 'power of its capacity, GW';
COMMENT ON COLUMN deals_current.units IS 'number of chips';
COMMENT ON COLUMN deals_current.company_ids IS 'ids of all parties';
COMMENT ON COLUMN deals_current.first_on IS 'earliest day that a claim speaks of';
COMMENT ON COLUMN deals_current.last_on IS 'latest day with news of it';
COMMENT ON COLUMN deals_current.expected_on IS 'latest day still to come that a claim gave for it';
COMMENT ON COLUMN deals_current.sources IS 'publishers with a standing claim on it';
COMMENT ON COLUMN deals_current.articles IS 'articles with a standing claim on it';
COMMENT ON COLUMN deals_current.languages IS 'languages of these articles';
COMMENT ON COLUMN deals_current.best_tier IS 'best tier among these publishers, 1 best';
COMMENT ON COLUMN deals_current.thread_id IS 'earliest deal of the thread that it continues';
COMMENT ON COLUMN deals_current.parent_id IS 'round or programme that it is a part of';
COMMENT ON COLUMN deals_current.status_reason IS 'why this status holds';
COMMENT ON COLUMN deals_current.amount_reason IS 'why this sum holds';
COMMENT ON COLUMN deals_current.first_recorded_at IS 'when the ledger first knew of it (UTC)';
COMMENT ON COLUMN deals_current.updated_at IS 'when it last changed in the ledger (UTC)';
