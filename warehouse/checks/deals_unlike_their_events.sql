-- One row a standing deal whose status is not the one that its last event left, or that has no event.
WITH last AS (
    SELECT deal_id, status
    FROM deal_events
    WHERE retracted_at IS NULL AND kind <> 'conflict'
    QUALIFY row_number() OVER (
        PARTITION BY deal_id ORDER BY occurred_on DESC, kind = 'amount' DESC, status_rank(status) DESC
    ) = 1
)
SELECT deals.deal_id, deals.status, last.status AS status_by_events
FROM deals
LEFT JOIN last USING (deal_id)
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn AND deals.status IS DISTINCT FROM last.status;
