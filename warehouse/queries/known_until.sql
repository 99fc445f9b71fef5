-- One row: the latest moment at which the ledger recorded or took back an event; null where it has none.
SELECT max(greatest(recorded_at, coalesce(retracted_at, recorded_at))) AS known_until FROM deal_events;
