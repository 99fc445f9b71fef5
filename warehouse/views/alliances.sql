-- Grain: one pair of groups and type of deal; a deal between groups counts under their topmost parents.
-- needs: macros
-- A part (parent_id) adds nothing to the sum where its whole stands between the same two; ended deals add nothing.
CREATE OR REPLACE VIEW alliances AS
WITH standing AS (
    SELECT * FROM deals WHERE merged_into IS NULL AND NOT withdrawn
),
pairs AS (
    SELECT DISTINCT deal_id, giver.root_id AS from_id, taker.root_id AS to_id, FALSE AS mutual
    FROM deal_parties AS giver
    JOIN deal_parties AS taker USING (deal_id)
    WHERE giver.side = 'active' AND taker.side = 'passive' AND giver.root_id <> taker.root_id
    UNION ALL
    SELECT DISTINCT deal_id, one.root_id, other.root_id, TRUE
    FROM deal_parties AS one
    JOIN deal_parties AS other USING (deal_id)
    WHERE one.side = 'both' AND other.side = 'both' AND one.root_id < other.root_id
),
counted AS (
    SELECT pairs.*, standing.type, standing.status, standing.usd, standing.first_on, standing.last_on,
           EXISTS (
               SELECT 1 FROM pairs AS whole JOIN standing AS wholes ON wholes.deal_id = whole.deal_id
               WHERE whole.deal_id = standing.parent_id AND whole.from_id = pairs.from_id AND whole.to_id = pairs.to_id
                 AND wholes.status <> 'ended'
           ) AS is_part
    FROM pairs
    JOIN standing ON standing.deal_id = pairs.deal_id
)
SELECT from_id, shown_name(any_value(giver.name), from_id) AS from_name,
       to_id, shown_name(any_value(taker.name), to_id) AS to_name,
       type, mutual,
       count(*) AS deals,
       sum(usd) FILTER (status IN ('announced', 'completed') AND NOT is_part) AS usd_agreed,
       sum(usd) FILTER (status = 'in_talks' AND NOT is_part) AS usd_in_talks,
       min(first_on) AS first_on, max(last_on) AS last_on,
       list(counted.deal_id ORDER BY counted.deal_id) AS deal_ids
FROM counted
LEFT JOIN companies AS giver ON giver.company_id = from_id
LEFT JOIN companies AS taker ON taker.company_id = to_id
GROUP BY from_id, to_id, type, mutual;
COMMENT ON VIEW alliances IS 'one row a pair of groups and type of deal, with the sums of whole deals';
COMMENT ON COLUMN alliances.from_id IS 'group that gives money, service or goods; for partners the first by name';
COMMENT ON COLUMN alliances.from_name IS 'its name';
COMMENT ON COLUMN alliances.to_id IS 'group that gets it';
COMMENT ON COLUMN alliances.to_name IS 'its name';
COMMENT ON COLUMN alliances.type IS 'type of deal';
COMMENT ON COLUMN alliances.mutual IS 'whether both stand on the same footing, so that the direction says nothing';
COMMENT ON COLUMN alliances.deals IS 'number of deals, whatever their status';
COMMENT ON COLUMN alliances.usd_agreed IS 'US dollars announced or completed; a deal of several givers counts whole for each pair';
COMMENT ON COLUMN alliances.usd_in_talks IS 'US dollars talked about';
COMMENT ON COLUMN alliances.first_on IS 'earliest day';
COMMENT ON COLUMN alliances.last_on IS 'latest day';
COMMENT ON COLUMN alliances.deal_ids IS 'the deals';
