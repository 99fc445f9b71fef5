-- One row a deal of $deal_ids with a history: the number of its last version, and until when its knowledge time has come.
SELECT deal_id, max("version") AS "version", greatest(max(recorded_at), max(ended_at)) AS known_until
FROM deal_versions
WHERE deal_id IN (SELECT unnest($deal_ids))
GROUP BY deal_id;
