-- One row a pair of groups, whatever the type of deal, that gives and gets; called-off deals are no alliance.
-- usd_agreed holds what is committed, what hangs on a condition, and, whole for each pair, what several agreed together.
WITH summed AS (
    SELECT from_id, any_value(from_name) AS from_name, to_id, any_value(to_name) AS to_name,
           sum(deals)::INTEGER AS deals,
           nullif(sum(coalesce(usd_committed, 0) + coalesce(usd_conditional, 0) + coalesce(usd_joint, 0)), 0)
               AS usd_agreed,
           nullif(sum(coalesce(usd_in_talks, 0) + coalesce(usd_joint_in_talks, 0)), 0) AS usd_in_talks
    FROM alliances
    WHERE NOT mutual
    GROUP BY from_id, to_id
)
SELECT summed.*, coalesce(giver.aliases, []) AS from_aliases, coalesce(taker.aliases, []) AS to_aliases
FROM summed
LEFT JOIN companies AS giver ON giver.company_id = summed.from_id
LEFT JOIN companies AS taker ON taker.company_id = summed.to_id
WHERE summed.usd_agreed > 0 OR summed.usd_in_talks > 0
ORDER BY summed.usd_agreed DESC NULLS LAST, summed.usd_in_talks DESC NULLS LAST, summed.from_id, summed.to_id;
