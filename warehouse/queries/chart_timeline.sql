-- One row an event (no dispute) of a group of companies that a deal serves: the one that gets money, chips or capacity,
-- else a partner. The $most groups with the largest sums; groups with larger sums first.
WITH served AS (
    SELECT DISTINCT deal_id, root_id
    FROM deal_parties
    WHERE side <> 'active'
),
sums AS (
    SELECT served.root_id, sum(coalesce(deals_current.usd, 0)) AS usd, count(*) AS deals
    FROM served
    JOIN deals_current USING (deal_id)
    GROUP BY served.root_id
    ORDER BY usd DESC, deals DESC, root_id
    LIMIT $most
)
SELECT timeline.date AS day, timeline.status, timeline.usd, timeline.headline, served.root_id AS company_id,
       shown_name(companies.name, served.root_id) AS name, coalesce(companies.aliases, []) AS aliases
FROM timeline
JOIN served USING (deal_id)
JOIN sums ON sums.root_id = served.root_id
LEFT JOIN companies ON companies.company_id = served.root_id
WHERE timeline.kind <> 'conflict'
ORDER BY sums.usd DESC, served.root_id, day, timeline.event_id;
