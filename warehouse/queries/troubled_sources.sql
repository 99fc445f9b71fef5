-- One row a source with a feed that fails, the longest failing first.
SELECT source, max(failures) AS failures
FROM feed_health
WHERE health IN ('failing', 'dead')
GROUP BY source
ORDER BY failures DESC, source;
