-- Grain: one pair of groups and type of deal; a deal between groups counts under their topmost parents.
-- needs: macros
-- No dollar counts twice: a whole counts without the parts (parent_id) that stand as deals of their own, each of which
-- counts where it belongs. What several givers or takers agreed together, shares unknown, stands apart. Ended deals add
-- nothing.
CREATE OR REPLACE VIEW alliances AS
WITH parts AS (
    SELECT parent_id AS deal_id, sum(usd) AS usd
    FROM deals
    WHERE parent_id IS NOT NULL AND merged_into IS NULL AND NOT withdrawn AND status <> 'ended'
    GROUP BY parent_id
),
owned AS (
    SELECT deals.deal_id, deals.type, deals.status, deals.first_on, deals.last_on, unnest(deals.pairs) AS pair,
           len(deals.pairs) > 1 AS joint,
           CASE WHEN deals.usd IS NOT NULL THEN greatest(deals.usd - coalesce(parts.usd, 0), 0) END AS usd,
           CASE WHEN deals.usd IS NOT NULL
                THEN least(greatest(deals.usd - coalesce(parts.usd, 0), 0), coalesce(deals.conditional_usd, 0))
           END AS conditional_usd
    FROM deals
    LEFT JOIN parts USING (deal_id)
    WHERE deals.merged_into IS NULL AND NOT deals.withdrawn
),
summed AS (
    SELECT pair.giver AS from_id, pair.taker AS to_id, type, pair.mutual AS mutual, count(*) AS deals,
           sum(usd - conditional_usd) FILTER (status IN ('announced', 'completed') AND NOT joint) AS usd_committed,
           nullif(sum(conditional_usd) FILTER (status IN ('announced', 'completed') AND NOT joint), 0) AS usd_conditional,
           sum(usd) FILTER (status = 'in_talks' AND NOT joint) AS usd_in_talks,
           sum(usd) FILTER (status IN ('announced', 'completed') AND joint) AS usd_joint,
           sum(usd) FILTER (status = 'in_talks' AND joint) AS usd_joint_in_talks,
           min(first_on) AS first_on, max(last_on) AS last_on, list(deal_id ORDER BY deal_id) AS deal_ids
    FROM owned
    GROUP BY ALL
)
SELECT from_id, shown_name(giver.name, from_id) AS from_name, to_id, shown_name(taker.name, to_id) AS to_name,
       summed.type, mutual, deals, usd_committed, usd_conditional, usd_in_talks, usd_joint, usd_joint_in_talks,
       first_on, last_on, deal_ids
FROM summed
LEFT JOIN companies AS giver ON giver.company_id = from_id
LEFT JOIN companies AS taker ON taker.company_id = to_id;
COMMENT ON VIEW alliances IS 'one row a pair of groups and type of deal, with sums in which no dollar counts twice';
COMMENT ON COLUMN alliances.from_id IS 'group that gives money, service or goods; for partners the first by name';
COMMENT ON COLUMN alliances.from_name IS 'its name';
COMMENT ON COLUMN alliances.to_id IS 'group that gets it';
COMMENT ON COLUMN alliances.to_name IS 'its name';
COMMENT ON COLUMN alliances.type IS 'type of deal';
COMMENT ON COLUMN alliances.mutual IS 'whether both stand on the same footing, so that the direction says nothing';
COMMENT ON COLUMN alliances.deals IS 'number of deals, whatever their status';
COMMENT ON COLUMN alliances.usd_committed IS 'US dollars announced or completed between these two alone, free of conditions; a whole counts without its parts';
COMMENT ON COLUMN alliances.usd_conditional IS 'US dollars announced that hang on a condition';
COMMENT ON COLUMN alliances.usd_in_talks IS 'US dollars talked about';
COMMENT ON COLUMN alliances.usd_joint IS 'US dollars that more than two agreed together, shares unknown, without the parts known: the same sum in the row of each pair';
COMMENT ON COLUMN alliances.usd_joint_in_talks IS 'US dollars that more than two talk about together: the same sum in the row of each pair';
COMMENT ON COLUMN alliances.first_on IS 'earliest day';
COMMENT ON COLUMN alliances.last_on IS 'latest day';
COMMENT ON COLUMN alliances.deal_ids IS 'the deals';
