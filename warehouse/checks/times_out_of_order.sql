-- One row a row whose end lies before its beginning.
SELECT 'event' AS what, event_id AS id FROM deal_events WHERE retracted_at < recorded_at
UNION ALL SELECT 'decision', decision_id FROM decisions WHERE replaced_at < recorded_at
UNION ALL SELECT 'deal', deal_id FROM deals WHERE last_on < first_on OR updated_at < first_recorded_at
UNION ALL SELECT 'observation', observation_id FROM observations WHERE superseded_at < recorded_at
UNION ALL SELECT 'state of a deal', deal_id FROM deal_versions WHERE ended_at < recorded_at;
