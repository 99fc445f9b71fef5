-- What was sent, and to whom, is in the outbox; readers' addresses have no place in a ledger that is published.
DROP TABLE digest_log;
