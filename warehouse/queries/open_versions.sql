-- One row a deal of $deal_ids that stands: the state that the ledger believes in now.
SELECT * FROM deal_versions WHERE ended_at IS NULL AND deal_id IN (SELECT unnest($deal_ids));
