-- One row a value that is none of its column's.
SELECT 'observations.status' AS column_name, status AS value FROM observations
WHERE status NOT IN ('in_talks', 'announced', 'completed', 'ended')
UNION ALL
SELECT 'observations.attribution', attribution FROM observations
WHERE attribution NOT IN ('official', 'named', 'anonymous', 'other_outlet', 'unattributed')
UNION ALL
SELECT 'observations.modality', modality FROM observations WHERE modality NOT IN ('asserted', 'rumoured', 'conditional')
UNION ALL
SELECT 'decisions.action', "action" FROM decisions WHERE "action" NOT IN ('create', 'update', 'skip')
UNION ALL
SELECT 'deal_events.kind', kind FROM deal_events WHERE kind NOT IN ('new', 'status', 'reopened', 'amount', 'conflict')
UNION ALL
SELECT 'deal_parties.side', side FROM deal_parties WHERE side NOT IN ('active', 'passive', 'both')
UNION ALL
SELECT 'deals.type', type FROM deals
WHERE (SELECT count(*) FROM deal_types) > 0 AND type NOT IN (SELECT type FROM deal_types);
