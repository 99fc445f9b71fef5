-- One row a deal of $type between companies $one and $other (ids, or topmost parents): the one most told of first,
-- by the articles that claim it, then the one with the fewest others in it.
WITH told AS (
    SELECT deal_id, count(DISTINCT article_id) AS articles FROM claims WHERE deal_id IS NOT NULL GROUP BY deal_id
)
SELECT deals.deal_id, deals.status, deals.first_on, any_value(told.articles) AS articles,
       count(DISTINCT deal_parties.root_id) AS parties
FROM deals
JOIN deal_parties USING (deal_id)
JOIN told USING (deal_id)
WHERE deals.type = $type AND deals.merged_into IS NULL AND NOT deals.withdrawn
GROUP BY deals.deal_id, deals.status, deals.first_on
HAVING bool_or($one IN (company_id, root_id)) AND bool_or($other IN (company_id, root_id))
ORDER BY articles DESC, parties, deals.first_on, deals.deal_id;
