-- One row a vendor and status: its standing deals that name a chip of its own, each once; vendors with larger sums first.
WITH named AS (
    SELECT vendor, status, deal_id, any_value(usd) AS usd, any_value(gigawatts) AS gigawatts, any_value(units) AS units,
           list(DISTINCT chip) AS chips
    FROM chip_ledger
    WHERE vendor IS NOT NULL AND status <> 'ended'
    GROUP BY vendor, status, deal_id
)
SELECT named.vendor, shown_name(any_value(companies.name), named.vendor) AS name,
       coalesce(any_value(companies.aliases), []) AS aliases, named.status, status_rank(named.status) AS rank,
       count(*) AS deals, sum(named.usd) AS usd, sum(named.gigawatts) AS gigawatts, sum(named.units) AS units,
       list_distinct(flatten(list(named.chips))) AS chips
FROM named
LEFT JOIN companies ON companies.company_id = named.vendor
GROUP BY named.vendor, named.status
ORDER BY sum(coalesce(sum(named.usd), 0)) OVER (PARTITION BY named.vendor) DESC, named.vendor, rank;
