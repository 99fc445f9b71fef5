-- One row a key that stands twice in a table: no table declares one, the single writer has to keep them.
SELECT 'articles' AS table_name, version_id AS key FROM articles GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'readings', version_id || '/' || extractor FROM readings GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'observations', observation_id FROM observations GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'decisions', decision_id FROM decisions GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'deals', deal_id FROM deals GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'deal_versions', deal_id || ' ' || "version" FROM deal_versions GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'deal_events', event_id || ' ' || recorded_at FROM deal_events GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'deal_parties', deal_id || '/' || company_id FROM deal_parties GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT 'deal_amounts', concat_ws('/', deal_id, semantics, amount, currency) FROM deal_amounts
GROUP BY ALL HAVING count(*) > 1
UNION ALL
SELECT 'deal_compute', concat_ws('/', deal_id, chip_id) FROM deal_compute GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'companies', company_id FROM companies GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'chips', chip_id FROM chips GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'sources', source_id FROM sources GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'feed_state', feed_url FROM feed_state GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'feed_items', feed_url || ' ' || guid FROM feed_items GROUP BY ALL HAVING count(*) > 1
UNION ALL SELECT 'fx_rates', currency || ' ' || rate_date FROM fx_rates GROUP BY ALL HAVING count(*) > 1;
