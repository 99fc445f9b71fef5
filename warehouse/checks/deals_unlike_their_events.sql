-- One row a standing deal whose status is not the one that its last event left, or that has no event.
SELECT deals.deal_id, deals.status, history.status AS status_by_events
FROM deals
LEFT JOIN deals_as_of(TIMESTAMPTZ '9999-01-01 00:00:00+00') AS history USING (deal_id)
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn AND deals.status IS DISTINCT FROM history.status;
