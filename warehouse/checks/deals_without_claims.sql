-- One row a standing deal that no standing claim supports, or one given up that still has an event.
SELECT deal_id, 'no standing claim' AS problem
FROM deals ANTI JOIN claims USING (deal_id)
WHERE merged_into IS NULL AND NOT withdrawn
UNION ALL
SELECT deals.deal_id, 'given up, yet has an event'
FROM deals JOIN deal_events ON deal_events.deal_id = deals.deal_id AND deal_events.retracted_at IS NULL
WHERE deals.merged_into IS NOT NULL OR deals.withdrawn;
