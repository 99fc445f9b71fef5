-- One row an event of the deals $deal_ids that has not been retracted.
SELECT * FROM deal_events WHERE retracted_at IS NULL AND deal_id IN (SELECT unnest($deal_ids));
