-- One row an event that is news: recorded after $since (null: ever) and up to $until, and no mere redating.
-- party_ids are the ids of all parties and of the companies above them, which filters go by.
WITH RECURSIVE above AS (
    SELECT DISTINCT deal_id, company_id AS id FROM deal_parties
    UNION
    SELECT above.deal_id, companies.parent_id
    FROM above
    JOIN companies ON companies.company_id = above.id
    WHERE companies.parent_id IS NOT NULL
)
SELECT timeline.*, coalesce(parties.ids, []) AS party_ids
FROM timeline
LEFT JOIN (SELECT deal_id, list(id ORDER BY id) AS ids FROM above GROUP BY deal_id) AS parties USING (deal_id)
WHERE ($since::TIMESTAMPTZ IS NULL OR recorded_at > $since::TIMESTAMPTZ)
  AND recorded_at <= $until::TIMESTAMPTZ
  AND replaces IS NULL
ORDER BY usd DESC NULLS LAST, date DESC, deal_id;
