-- One row a pair of groups, whatever the type of deal, that gives and gets; called-off deals are no alliance.
SELECT alliances.from_id, any_value(alliances.from_name) AS from_name,
       coalesce(any_value(giver.aliases), []) AS from_aliases,
       alliances.to_id, any_value(alliances.to_name) AS to_name, coalesce(any_value(taker.aliases), []) AS to_aliases,
       sum(alliances.usd_agreed) AS usd_agreed, sum(alliances.usd_in_talks) AS usd_in_talks,
       sum(alliances.deals)::INTEGER AS deals
FROM alliances
LEFT JOIN companies AS giver ON giver.company_id = alliances.from_id
LEFT JOIN companies AS taker ON taker.company_id = alliances.to_id
WHERE NOT alliances.mutual
GROUP BY alliances.from_id, alliances.to_id
HAVING sum(alliances.usd_agreed) > 0 OR sum(alliances.usd_in_talks) > 0
ORDER BY usd_agreed DESC NULLS LAST, usd_in_talks DESC NULLS LAST, alliances.from_id, alliances.to_id;
