-- One row a deal of $deal_ids: what grouping has to keep of it.
SELECT deal_id, thread_id, parent_id, first_recorded_at
FROM deals
WHERE deal_id IN (SELECT unnest($deal_ids));
