-- One row a row that points at one that is not there.
SELECT 'observations without article' AS problem, observation_id AS id FROM observations ANTI JOIN articles USING (version_id)
UNION ALL SELECT 'decisions without observation', decision_id FROM decisions ANTI JOIN observations USING (observation_id)
UNION ALL
SELECT 'decisions without deal', decision_id FROM decisions ANTI JOIN deals USING (deal_id) WHERE deal_id IS NOT NULL
UNION ALL SELECT 'events without deal', event_id FROM deal_events ANTI JOIN deals USING (deal_id)
UNION ALL SELECT 'events without observation', event_id FROM deal_events ANTI JOIN observations USING (observation_id)
UNION ALL SELECT 'history without deal', deal_id FROM deal_versions ANTI JOIN deals USING (deal_id)
UNION ALL SELECT 'parties without deal', deal_id FROM deal_parties ANTI JOIN deals USING (deal_id)
UNION ALL SELECT 'amounts without deal', deal_id FROM deal_amounts ANTI JOIN deals USING (deal_id)
UNION ALL SELECT 'compute without deal', deal_id FROM deal_compute ANTI JOIN deals USING (deal_id)
UNION ALL
SELECT 'deals of an unknown thread', deal_id FROM deals WHERE thread_id NOT IN (SELECT deal_id FROM deals)
UNION ALL
SELECT 'deals of an unknown whole', deal_id FROM deals
WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT deal_id FROM deals);
