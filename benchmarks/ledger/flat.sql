-- Flat copies: all that a view joins, joined already. What is asked of them is the least that the same answer can take.

CREATE TABLE flat_timeline AS FROM timeline;
CREATE TABLE flat_deals AS FROM deals_current;
CREATE TABLE flat_versions AS
SELECT deal_versions.*, deal_types.name AS type_name, money_text(amount, currency, bound) AS amount_text
FROM deal_versions LEFT JOIN deal_types USING (type);
CREATE TABLE flat_pairs AS
SELECT DISTINCT deals.deal_id, giver.root_id AS from_id, taker.root_id AS to_id, deals.type, deals.status, deals.usd,
       deals.first_on, deals.last_on, deals.parent_id IS NOT NULL AS is_part
FROM deals
JOIN deal_parties AS giver USING (deal_id)
JOIN deal_parties AS taker USING (deal_id)
WHERE giver.root_id <> taker.root_id
  AND ((giver.side = 'active' AND taker.side = 'passive')
       OR (giver.side = 'both' AND taker.side = 'both' AND giver.root_id < taker.root_id));
