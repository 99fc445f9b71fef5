-- One row: up to when the last message of $kind that went out covered the ledger; none before the first.
SELECT covers_until
FROM digest_log
WHERE kind = $kind AND state = 'sent'
ORDER BY covers_until DESC
LIMIT 1;
