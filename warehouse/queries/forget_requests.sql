-- One row, the number of requests that are deleted from fetch_log: those made before $before.
DELETE FROM fetch_log WHERE fetched_at < $before;
