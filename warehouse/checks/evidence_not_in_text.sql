-- One row a claim whose evidence is not what its article says at that place.
SELECT observations.observation_id, observations.evidence
FROM observations
JOIN articles USING (version_id)
WHERE substring(
    CASE WHEN articles.title = '' THEN articles.text ELSE articles.title || chr(10) || articles.text END,
    observations.evidence_start + 1, observations.evidence_end - observations.evidence_start
) <> observations.evidence;
