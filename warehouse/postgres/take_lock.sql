-- One row: whether this transaction now holds the writer's lock. Run by PostgreSQL, as all of this folder.
SELECT pg_try_advisory_xact_lock(hashtextextended('dealwire ledger', 0)) AS taken
