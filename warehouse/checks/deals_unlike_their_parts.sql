-- One row a standing deal that shows other companies, chips or sums than its rows in the tables of parts say.
WITH named AS (
    SELECT deal_id, list(company_id ORDER BY company_id) AS company_ids FROM deal_parties GROUP BY deal_id
),
compute AS (
    SELECT deal_id, coalesce(list(chip_id ORDER BY chip_id) FILTER (chip_id IS NOT NULL), []) AS chips,
           max(gigawatts) AS gigawatts, max(units) AS units
    FROM deal_compute
    GROUP BY deal_id
),
settled AS (
    SELECT deal_id, max(amount) AS amount FROM deal_amounts WHERE settled GROUP BY deal_id
),
standing AS (
    SELECT * FROM deals WHERE merged_into IS NULL AND NOT withdrawn
)
SELECT deal_id, 'companies' AS part FROM standing JOIN named USING (deal_id)
WHERE standing.company_ids IS DISTINCT FROM named.company_ids
UNION ALL
SELECT deal_id, 'chips' FROM standing LEFT JOIN compute USING (deal_id)
WHERE (standing.chips, standing.gigawatts, standing.units)
      IS DISTINCT FROM (coalesce(compute.chips, []), compute.gigawatts, compute.units)
UNION ALL
SELECT deal_id, 'sum' FROM standing LEFT JOIN settled USING (deal_id)
WHERE standing.amount IS DISTINCT FROM settled.amount;
