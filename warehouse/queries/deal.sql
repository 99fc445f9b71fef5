-- One row: deal $deal_id as it stands now; none where it is unknown, merged or withdrawn.
SELECT *
FROM deals_current
WHERE deal_id = $deal_id;
