-- One row an event that is news: recorded after $since (null: ever) and up to $until, and no mere redating.
-- party_ids are the ids of all parties and of their topmost parents, which filters go by.
SELECT timeline.*, coalesce(parties.ids, []) AS party_ids
FROM timeline
LEFT JOIN (
    SELECT deal_id, list_distinct(list(company_id) || list(root_id)) AS ids FROM deal_parties GROUP BY deal_id
) AS parties USING (deal_id)
WHERE ($since::TIMESTAMPTZ IS NULL OR recorded_at > $since::TIMESTAMPTZ)
  AND recorded_at <= $until::TIMESTAMPTZ
  AND replaces IS NULL
ORDER BY usd DESC NULLS LAST, date DESC, deal_id;
