-- One row a group of companies with deals that had news from $first to $last, the $most with the largest sums, in US
-- dollars. A deal counts whole for each group in it; ended deals, and parts of a whole that is counted, add nothing.
WITH counted AS (
    SELECT deal_id, status, usd, parent_id
    FROM deals_current
    WHERE usd IS NOT NULL AND status <> 'ended' AND last_on BETWEEN $first::DATE AND $last::DATE
),
whole AS (
    SELECT * FROM counted WHERE parent_id IS NULL OR parent_id NOT IN (SELECT deal_id FROM counted)
),
groups AS (
    SELECT DISTINCT deal_id, root_id FROM deal_parties
)
SELECT groups.root_id AS company_id, shown_name(any_value(companies.name), groups.root_id) AS name,
       coalesce(any_value(companies.aliases), []) AS aliases,
       coalesce(sum(usd) FILTER (status IN ('announced', 'completed')), 0) AS usd_agreed,
       coalesce(sum(usd) FILTER (status = 'in_talks'), 0) AS usd_in_talks
FROM whole
JOIN groups USING (deal_id)
LEFT JOIN companies ON companies.company_id = groups.root_id
GROUP BY groups.root_id
ORDER BY sum(usd) DESC, company_id
LIMIT $most;
