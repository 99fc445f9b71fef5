-- One row a deal of $deal_ids: who told of it first, its chips and power, who backs it, and all ids a filter may name
-- (its parties and the companies above them).
WITH RECURSIVE above AS (
    SELECT deal_id, company_id AS id FROM deal_parties WHERE deal_id IN (SELECT unnest($deal_ids))
    UNION
    SELECT above.deal_id, companies.parent_id
    FROM above
    JOIN companies ON companies.company_id = above.id
    WHERE companies.parent_id IS NOT NULL
),
parties AS (
    SELECT deal_id, list(id ORDER BY id) AS ids FROM above GROUP BY deal_id
),
told AS (
    SELECT claims.deal_id, claims.source_id, claims.lang, coalesce(sources.name, claims.source_id) AS source,
           row_number() OVER (
               PARTITION BY claims.deal_id
               ORDER BY coalesce(articles.published_at, claims.published_on), claims.tier, claims.observation_id
           ) AS place
    FROM claims
    LEFT JOIN articles USING (version_id)
    LEFT JOIN sources ON sources.source_id = claims.source_id
    WHERE claims.deal_id IN (SELECT unnest($deal_ids))
),
backing AS (
    SELECT deal_id, count(DISTINCT source_id) AS sources, list(DISTINCT lang ORDER BY lang) AS languages,
           any_value(source) FILTER (place = 1) AS first_source
    FROM told
    GROUP BY deal_id
),
compute AS (
    SELECT deal_id, list(DISTINCT chip_id ORDER BY chip_id) FILTER (chip_id IS NOT NULL) AS chips,
           max(gigawatts) AS gigawatts, max(units) AS units
    FROM deal_compute
    GROUP BY deal_id
)
SELECT deals.deal_id, coalesce(parties.ids, []) AS party_ids, coalesce(backing.sources, 1) AS sources,
       coalesce(backing.languages, []) AS languages, backing.first_source, coalesce(compute.chips, []) AS chips,
       compute.gigawatts, compute.units
FROM deals
LEFT JOIN parties USING (deal_id)
LEFT JOIN backing USING (deal_id)
LEFT JOIN compute USING (deal_id)
WHERE deals.deal_id IN (SELECT unnest($deal_ids));
