-- Grain: one chip family in one standing deal.
-- needs: deals_current
CREATE OR REPLACE VIEW chip_ledger AS
SELECT deal_compute.chip_id, coalesce(chips.name, deal_compute.chip_id) AS chip, chips.vendor, chips.family,
       chips.generation, deals_current.deal_id, deals_current.headline, deals_current.type, deals_current.status,
       deal_compute.units, deal_compute.gigawatts, deals_current.amount_text, deals_current.usd,
       deals_current.first_on AS window_from, deals_current.expected_on AS window_until, deals_current.status_on
FROM deal_compute
JOIN deals_current USING (deal_id)
LEFT JOIN chips USING (chip_id)
WHERE deal_compute.chip_id IS NOT NULL;
COMMENT ON VIEW chip_ledger IS 'one row a chip family in a standing deal';
COMMENT ON COLUMN chip_ledger.chip_id IS 'id of the chip family';
COMMENT ON COLUMN chip_ledger.chip IS 'its name';
COMMENT ON COLUMN chip_ledger.vendor IS 'company that designs it';
COMMENT ON COLUMN chip_ledger.family IS 'family that it belongs to';
COMMENT ON COLUMN chip_ledger.generation IS 'generation within the family, null where the name does not tell';
COMMENT ON COLUMN chip_ledger.deal_id IS 'the deal';
COMMENT ON COLUMN chip_ledger.headline IS 'who → whom';
COMMENT ON COLUMN chip_ledger.type IS 'type of deal';
COMMENT ON COLUMN chip_ledger.status IS 'current status';
COMMENT ON COLUMN chip_ledger.units IS 'chips in the whole deal';
COMMENT ON COLUMN chip_ledger.gigawatts IS 'power in the whole deal, GW';
COMMENT ON COLUMN chip_ledger.amount_text IS 'settled sum of the deal';
COMMENT ON COLUMN chip_ledger.usd IS 'that sum in US dollars';
COMMENT ON COLUMN chip_ledger.window_from IS 'earliest day that a claim speaks of';
COMMENT ON COLUMN chip_ledger.window_until IS 'latest day that a claim expects something of it, null where none names one';
COMMENT ON COLUMN chip_ledger.status_on IS 'day since which the status holds';
