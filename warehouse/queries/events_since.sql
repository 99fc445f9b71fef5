-- One row an event that is news: recorded after $since (null: ever) and up to $until, and no mere redating.
SELECT *
FROM timeline
WHERE ($since::TIMESTAMPTZ IS NULL OR recorded_at > $since::TIMESTAMPTZ)
  AND recorded_at <= $until::TIMESTAMPTZ
  AND replaces IS NULL
ORDER BY usd DESC NULLS LAST, date DESC, deal_id;
