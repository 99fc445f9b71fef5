-- One row a moment at which the ledger recorded events, latest first.
SELECT DISTINCT recorded_at FROM deal_events ORDER BY recorded_at DESC;
