-- One row a deal of $deal_ids: its headline, from the parties and names of this moment.
WITH named AS (
    SELECT deal_id, side, shown_name(companies.name, company_id) AS name
    FROM deal_parties
    LEFT JOIN companies USING (company_id)
    WHERE deal_id IN (SELECT unnest($deal_ids))
)
SELECT deal_id,
       headline_text(
           list(name ORDER BY name) FILTER (side = 'active'),
           list(name ORDER BY name) FILTER (side = 'passive'),
           list(name ORDER BY name) FILTER (side = 'both')
       ) AS headline
FROM named
GROUP BY deal_id;
