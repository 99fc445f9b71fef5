-- One row a piece of news that alerts may tell: an event that the ledger stands by, a sum that is contested, or the
-- first report of a standing deal in a language. All first recorded after $since (null: ever), or those with $ids, in
-- the order of recording.
WITH RECURSIVE chains AS (  -- an event that redates another, or proves it better, is the same news under a new id
    SELECT event_id, event_id AS news_id, recorded_at AS known_at FROM deal_events WHERE replaces IS NULL
    UNION
    SELECT deal_events.event_id, chains.news_id, chains.known_at
    FROM deal_events
    JOIN chains ON deal_events.replaces = chains.event_id
),
news AS (
    SELECT event_id, arg_min(news_id, known_at) AS news_id, min(known_at) AS known_at FROM chains GROUP BY event_id
),
parties AS (
    SELECT deal_id, list_distinct(list(company_id) || list(root_id)) AS party_ids FROM deal_parties GROUP BY deal_id
),
contested AS (  -- since the later of the two claims that contradict each other
    SELECT rival.*, settled.usd AS settled_usd, greatest(says.recorded_at, denies.recorded_at) AS known_at
    FROM deal_amounts AS rival
    JOIN deal_amounts AS settled ON settled.deal_id = rival.deal_id AND settled.settled
    JOIN observations AS says ON says.observation_id = rival.observation_id
    JOIN observations AS denies ON denies.observation_id = settled.observation_id
    WHERE rival.contested
    QUALIFY row_number() OVER (PARTITION BY rival.deal_id, rival.amount, rival.currency ORDER BY known_at) = 1
),
heard AS (  -- claims that a later reading replaced count too: a language is first heard once
    SELECT decisions.deal_id, observations.lang, min(observations.recorded_at) AS known_at
    FROM decisions
    JOIN observations USING (observation_id)
    WHERE decisions.deal_id IS NOT NULL AND NOT observations.background
    GROUP BY decisions.deal_id, observations.lang
),
first_claims AS (
    SELECT heard.deal_id, heard.lang, heard.known_at,
           arg_min(claims.observation_id, (claims.published_on, claims.tier, claims.observation_id)) AS observation_id
    FROM heard
    JOIN claims ON claims.deal_id = heard.deal_id AND claims.lang = heard.lang AND NOT claims.background
    GROUP BY heard.deal_id, heard.lang, heard.known_at
),
told AS (
    SELECT news.news_id AS id, timeline.kind, news.known_at AS recorded_at, timeline.deal_id, timeline.type,
           timeline.status, timeline.previous_status, timeline.date AS "on", timeline.amount, timeline.currency,
           timeline.bound, timeline.usd, timeline.previous_usd, timeline.chips, timeline.company_ids,
           timeline.sources, timeline.languages, timeline.evidence, timeline.lang, timeline.attribution, timeline.tier,
           timeline.source, timeline.title, timeline.url
    FROM timeline
    JOIN news USING (event_id)
    UNION ALL
    SELECT substr(sha256(concat_ws('|', deals_current.deal_id, contested.amount, contested.currency)), 1, 16),
           'contested', contested.known_at, deals_current.deal_id, deals_current.type, deals_current.status, NULL,
           contested.last_on, contested.amount, contested.currency, contested.bound, contested.usd,
           contested.settled_usd, deals_current.chips, deals_current.company_ids, contested.sources,
           deals_current.languages, observations.evidence, observations.lang, observations.attribution,
           observations.tier, coalesce(sources.name, observations.source_id), articles.title, articles.url
    FROM contested
    JOIN deals_current USING (deal_id)
    JOIN observations USING (observation_id)
    LEFT JOIN articles USING (version_id)
    LEFT JOIN sources ON sources.source_id = observations.source_id
    UNION ALL
    SELECT substr(sha256(concat_ws('|', deals_current.deal_id, 'first report', first_claims.lang)), 1, 16),
           'first_report', first_claims.known_at, deals_current.deal_id, deals_current.type, observations.status, NULL,
           observations.occurred_on, observations.amount, observations.currency, observations.bound, observations.usd,
           NULL, deals_current.chips, deals_current.company_ids, deals_current.sources, deals_current.languages,
           observations.evidence, observations.lang, observations.attribution, observations.tier,
           coalesce(sources.name, observations.source_id), articles.title, articles.url
    FROM first_claims
    JOIN deals_current USING (deal_id)
    JOIN observations USING (observation_id)
    LEFT JOIN articles USING (version_id)
    LEFT JOIN sources ON sources.source_id = observations.source_id
)
SELECT told.*, coalesce(parties.party_ids, []) AS party_ids
FROM told
LEFT JOIN parties USING (deal_id)
WHERE CASE
    WHEN $ids::VARCHAR[] IS NOT NULL THEN list_contains($ids::VARCHAR[], told.id)
    ELSE $since::TIMESTAMPTZ IS NULL OR told.recorded_at > $since::TIMESTAMPTZ
END
ORDER BY told.recorded_at, told.usd DESC NULLS LAST, told.deal_id, told.kind, told.id;
