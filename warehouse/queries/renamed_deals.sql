-- One row a standing deal whose companies have other names today than its headline says.
SELECT deals.deal_id, deal_headlines.headline
FROM deals
JOIN deal_headlines USING (deal_id)
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn AND deals.headline IS DISTINCT FROM deal_headlines.headline;
