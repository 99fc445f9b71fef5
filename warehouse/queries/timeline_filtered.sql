-- One row an event, newest first. Every parameter may be null: $company and $chip (ids), $type, $status, $lang,
-- $since and $until (days in the world, inclusive), $recorded_since (moment), $min_usd, $row_limit.
SELECT *
FROM timeline
WHERE ($company IS NULL OR list_contains(company_ids, $company)
       OR deal_id IN (SELECT deal_id FROM deal_parties WHERE root_id = $company))
  AND ($chip IS NULL OR list_contains(chips, $chip))
  AND ($type IS NULL OR type = $type)
  AND ($status IS NULL OR status = $status)
  AND ($lang IS NULL OR list_contains(languages, $lang))
  AND ($since::DATE IS NULL OR date >= $since::DATE)
  AND ($until::DATE IS NULL OR date <= $until::DATE)
  AND ($recorded_since::TIMESTAMPTZ IS NULL OR recorded_at > $recorded_since::TIMESTAMPTZ)
  AND ($min_usd::DOUBLE IS NULL OR usd >= $min_usd::DOUBLE)
ORDER BY date DESC, deal_id, status_rank(status) DESC, kind
LIMIT $row_limit;
