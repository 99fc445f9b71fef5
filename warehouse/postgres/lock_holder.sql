-- One row where somebody holds the writer's lock: the name that keep_lock.sql gave, and since when (UTC).
SELECT application_name AS told, to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"') AS since
FROM pg_locks
JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND granted AND objsubid = 1
  AND (classid::bigint << 32 | objid::bigint) = hashtextextended('dealwire ledger', 0)
