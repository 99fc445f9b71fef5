-- One row, the number of runs that are deleted from run_log: those begun before $before.
DELETE FROM run_log WHERE started_at < $before;
