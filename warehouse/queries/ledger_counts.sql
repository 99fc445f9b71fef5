-- One row: how much the ledger holds.
SELECT (SELECT count(DISTINCT article_id) FROM articles) AS articles,
       (SELECT count(*) FROM observations WHERE superseded_by IS NULL) AS claims,
       (SELECT count(*) FROM deals WHERE merged_into IS NULL AND NOT withdrawn) AS deals,
       (SELECT count(*) FROM deal_events WHERE retracted_at IS NULL) AS events,
       (SELECT max(seen_at) FROM articles) AS newest_article_at,
       (SELECT max(recorded_at) FROM deal_events) AS newest_event_at;
