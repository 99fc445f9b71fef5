-- Grain: one pair of a financing deal and a supply deal in which the financier's group sells to the one it finances.
-- needs: macros
CREATE OR REPLACE VIEW circular_flows AS
WITH standing AS (
    SELECT deal_id, type, status, usd, money_text(amount, currency, bound) AS amount_text, len(pairs) > 1 AS joint,
           unnest(pairs) AS pair
    FROM deals
    WHERE merged_into IS NULL AND NOT withdrawn AND status <> 'ended'
      AND type IN ('equity_investment', 'debt_financing', 'compute_contract', 'chip_supply')
),
flows AS (
    SELECT * EXCLUDE (pair), pair.giver AS giver_id, pair.taker AS taker_id FROM standing WHERE NOT pair.mutual
)
SELECT money.giver_id AS financier_id, shown_name(financier.name, money.giver_id) AS financier,
       money.taker_id AS financed_id, shown_name(financed.name, money.taker_id) AS financed,
       money.deal_id AS financing_deal_id, money.status AS financing_status, money.amount_text AS financing_text,
       money.usd AS financing_usd, money.joint AS financing_joint,
       goods.deal_id AS supply_deal_id, goods.type AS supply_type, goods.status AS supply_status,
       goods.amount_text AS supply_text, goods.usd AS supply_usd
FROM flows AS money
JOIN flows AS goods ON goods.giver_id = money.giver_id AND goods.taker_id = money.taker_id
LEFT JOIN companies AS financier ON financier.company_id = money.giver_id
LEFT JOIN companies AS financed ON financed.company_id = money.taker_id
WHERE money.type IN ('equity_investment', 'debt_financing') AND goods.type IN ('compute_contract', 'chip_supply');
COMMENT ON VIEW circular_flows IS 'one row a financing deal and a supply deal by which the money returns to the financier';
COMMENT ON COLUMN circular_flows.financier_id IS 'group that invests or lends, and sells';
COMMENT ON COLUMN circular_flows.financier IS 'its name';
COMMENT ON COLUMN circular_flows.financed_id IS 'group that is financed, and buys';
COMMENT ON COLUMN circular_flows.financed IS 'its name';
COMMENT ON COLUMN circular_flows.financing_deal_id IS 'the investment or loan';
COMMENT ON COLUMN circular_flows.financing_status IS 'its status';
COMMENT ON COLUMN circular_flows.financing_text IS 'its sum';
COMMENT ON COLUMN circular_flows.financing_usd IS 'in US dollars';
COMMENT ON COLUMN circular_flows.financing_joint IS 'whether several gave that sum together, or it went to several';
COMMENT ON COLUMN circular_flows.supply_deal_id IS 'the contract';
COMMENT ON COLUMN circular_flows.supply_type IS 'compute_contract or chip_supply';
COMMENT ON COLUMN circular_flows.supply_status IS 'its status';
COMMENT ON COLUMN circular_flows.supply_text IS 'its sum';
COMMENT ON COLUMN circular_flows.supply_usd IS 'in US dollars';
