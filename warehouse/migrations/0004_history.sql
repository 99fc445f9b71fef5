-- What the ledger believed, and when: deal_versions keeps every state of a deal. Deals and events show by themselves what
-- views had to gather from claims, parties and articles, and the words of articles can be searched.

ALTER TABLE observations ADD COLUMN expected_on DATE;
COMMENT ON COLUMN observations.expected_on IS 'day still to come that the text gives for it, null where it gives none';
UPDATE observations
SET expected_on = TRY_CAST(regexp_extract(array_to_string(notes, ' '), 'expected for (\d{4}-\d{2}-\d{2})', 1) AS DATE);

ALTER TABLE deals ADD COLUMN headline VARCHAR;
ALTER TABLE deals ADD COLUMN company_ids VARCHAR[];
ALTER TABLE deals ADD COLUMN chips VARCHAR[];
ALTER TABLE deals ADD COLUMN gigawatts DOUBLE;
ALTER TABLE deals ADD COLUMN units BIGINT;
ALTER TABLE deals ADD COLUMN conditional_usd DOUBLE;
ALTER TABLE deals ADD COLUMN expected_on DATE;
ALTER TABLE deals ADD COLUMN sources INTEGER;
ALTER TABLE deals ADD COLUMN articles INTEGER;
ALTER TABLE deals ADD COLUMN languages VARCHAR[];
ALTER TABLE deals ADD COLUMN best_tier INTEGER;
ALTER TABLE deals ADD COLUMN pairs STRUCT(giver VARCHAR, taker VARCHAR, mutual BOOLEAN)[];
ALTER TABLE deals ADD COLUMN told STRUCT(status VARCHAR, sources INTEGER, languages VARCHAR[])[];
COMMENT ON COLUMN deals.headline IS 'who → whom; partners joined by +';
COMMENT ON COLUMN deals.company_ids IS 'ids of all parties';
COMMENT ON COLUMN deals.chips IS 'ids of the chips that it is about';
COMMENT ON COLUMN deals.gigawatts IS 'power of its capacity, GW';
COMMENT ON COLUMN deals.units IS 'number of chips';
COMMENT ON COLUMN deals.conditional_usd IS 'part of usd that hangs on a condition, null where none does';
COMMENT ON COLUMN deals.expected_on IS 'latest day still to come that a claim gave for it';
COMMENT ON COLUMN deals.sources IS 'publishers with a standing claim on it';
COMMENT ON COLUMN deals.articles IS 'articles with a standing claim on it';
COMMENT ON COLUMN deals.languages IS 'languages of these claims';
COMMENT ON COLUMN deals.best_tier IS 'best tier among these publishers, 1 best';
COMMENT ON COLUMN deals.pairs IS 'who gives to whom, by topmost parents; mutual: partners, the first by name';
COMMENT ON COLUMN deals.told IS 'publishers and languages by the status that they state';

UPDATE deals
SET headline = named.headline, company_ids = named.company_ids
FROM (
    SELECT deal_id, list(company_id ORDER BY company_id) AS company_ids,
           concat_ws(' + ',
               nullif(concat_ws(' → ',
                   array_to_string(list(name ORDER BY name) FILTER (side = 'active'), ', '),
                   array_to_string(list(name ORDER BY name) FILTER (side = 'passive'), ', ')), ''),
               array_to_string(list(name ORDER BY name) FILTER (side = 'both'), ' + ')
           ) AS headline
    FROM (
        SELECT deal_id, company_id, side, coalesce(companies.name, ltrim(company_id, '~')) AS name
        FROM deal_parties
        LEFT JOIN companies USING (company_id)
    )
    GROUP BY deal_id
) AS named
WHERE named.deal_id = deals.deal_id;

UPDATE deals
SET pairs = found.pairs
FROM (
    SELECT deal_id,
           list({'giver': giver, 'taker': taker, 'mutual': mutual} ORDER BY mutual, giver, taker) AS pairs
    FROM (
        SELECT DISTINCT deal_id, one.root_id AS giver, other.root_id AS taker, one.side = 'both' AS mutual
        FROM deal_parties AS one
        JOIN deal_parties AS other USING (deal_id)
        WHERE (one.side = 'active' AND other.side = 'passive' AND one.root_id <> other.root_id)
           OR (one.side = 'both' AND other.side = 'both' AND one.root_id < other.root_id)
    )
    GROUP BY deal_id
) AS found
WHERE found.deal_id = deals.deal_id;
UPDATE deals SET pairs = [] WHERE pairs IS NULL;

UPDATE deals
SET chips = compute.chips, gigawatts = compute.gigawatts, units = compute.units
FROM (
    SELECT deal_id, coalesce(list(DISTINCT chip_id ORDER BY chip_id) FILTER (chip_id IS NOT NULL), []) AS chips,
           max(gigawatts) AS gigawatts, max(units) AS units
    FROM deal_compute
    GROUP BY deal_id
) AS compute
WHERE compute.deal_id = deals.deal_id;
UPDATE deals SET chips = [] WHERE chips IS NULL;

UPDATE deals
SET conditional_usd = least(deals.usd, parts.usd)
FROM (
    SELECT deal_id, max(usd) AS usd FROM deal_amounts WHERE semantics = 'conditional' GROUP BY deal_id
) AS parts
WHERE parts.deal_id = deals.deal_id AND deals.status IN ('in_talks', 'announced');

UPDATE deals
SET sources = support.sources, articles = support.articles, languages = support.languages,
    best_tier = support.best_tier, expected_on = support.expected_on
FROM (
    SELECT decisions.deal_id, count(DISTINCT source_id) AS sources, count(DISTINCT article_id) AS articles,
           coalesce(list(DISTINCT lang ORDER BY lang) FILTER (lang <> ''), []) AS languages,
           min(tier) AS best_tier, max(expected_on) AS expected_on
    FROM observations
    JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
    WHERE superseded_by IS NULL AND decisions.deal_id IS NOT NULL
    GROUP BY decisions.deal_id
) AS support
WHERE support.deal_id = deals.deal_id;

UPDATE deals
SET told = voices.told
FROM (
    SELECT deal_id, list({'status': status, 'sources': sources, 'languages': languages} ORDER BY status) AS told
    FROM (
        SELECT decisions.deal_id, status, count(DISTINCT source_id)::INTEGER AS sources,
               coalesce(list(DISTINCT lang ORDER BY lang) FILTER (lang <> ''), []) AS languages
        FROM observations
        JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
        WHERE superseded_by IS NULL AND decisions.deal_id IS NOT NULL
        GROUP BY decisions.deal_id, status
    )
    GROUP BY deal_id
) AS voices
WHERE voices.deal_id = deals.deal_id;

ALTER TABLE deal_events ADD COLUMN evidence VARCHAR;
ALTER TABLE deal_events ADD COLUMN lang VARCHAR;
ALTER TABLE deal_events ADD COLUMN attribution VARCHAR;
ALTER TABLE deal_events ADD COLUMN tier INTEGER;
ALTER TABLE deal_events ADD COLUMN source_id VARCHAR;
ALTER TABLE deal_events ADD COLUMN article_id VARCHAR;
ALTER TABLE deal_events ADD COLUMN title VARCHAR;
ALTER TABLE deal_events ADD COLUMN url VARCHAR;
COMMENT ON COLUMN deal_events.evidence IS 'words of that claim';
COMMENT ON COLUMN deal_events.lang IS 'language of these words';
COMMENT ON COLUMN deal_events.attribution IS 'who says it: official, named, anonymous, other_outlet, unattributed';
COMMENT ON COLUMN deal_events.tier IS 'credibility of the publisher, 1 best';
COMMENT ON COLUMN deal_events.source_id IS 'the publisher';
COMMENT ON COLUMN deal_events.article_id IS 'id of the article';
COMMENT ON COLUMN deal_events.title IS 'headline of the article';
COMMENT ON COLUMN deal_events.url IS 'address of the article';

UPDATE deal_events
SET evidence = said.evidence, lang = said.lang, attribution = said.attribution, tier = said.tier,
    source_id = said.source_id, article_id = said.article_id, title = said.title, url = said.url
FROM (
    SELECT observation_id, evidence, observations.lang, attribution, tier, observations.source_id,
           observations.article_id, articles.title, articles.url
    FROM observations
    LEFT JOIN articles USING (version_id)
) AS said
WHERE said.observation_id = deal_events.observation_id;

CREATE TABLE article_words (
    version_id VARCHAR NOT NULL, title VARCHAR NOT NULL, body VARCHAR NOT NULL
);
COMMENT ON TABLE article_words IS 'one row a document version, as search reads it (key: version_id)';
COMMENT ON COLUMN article_words.version_id IS 'the document version';
COMMENT ON COLUMN article_words.title IS 'its headline without case, accents, width and punctuation; East Asian runs stand by themselves';
COMMENT ON COLUMN article_words.body IS 'its text in the same way';

CREATE TABLE deal_versions (
    deal_id VARCHAR NOT NULL, "version" INTEGER NOT NULL, headline VARCHAR, type VARCHAR NOT NULL,
    status VARCHAR NOT NULL, status_on DATE NOT NULL, status_reason VARCHAR NOT NULL,
    amount DOUBLE, currency VARCHAR, bound VARCHAR, usd DOUBLE, conditional_usd DOUBLE, amount_reason VARCHAR,
    company_ids VARCHAR[], chips VARCHAR[], gigawatts DOUBLE, units BIGINT,
    first_on DATE NOT NULL, last_on DATE NOT NULL, expected_on DATE,
    sources INTEGER, articles INTEGER, languages VARCHAR[], best_tier INTEGER,
    thread_id VARCHAR NOT NULL, parent_id VARCHAR,
    parties STRUCT(company_id VARCHAR, root_id VARCHAR, "role" VARCHAR, side VARCHAR, claims INTEGER)[] NOT NULL,
    amounts STRUCT(
        semantics VARCHAR, amount DOUBLE, currency VARCHAR, bound VARCHAR, usd DOUBLE, settled BOOLEAN,
        contested BOOLEAN, reason VARCHAR, claims INTEGER, sources INTEGER, best_tier INTEGER, observation_id VARCHAR
    )[] NOT NULL,
    reconstructed BOOLEAN NOT NULL, first_recorded_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL, ended_at TIMESTAMPTZ, ended_by VARCHAR
);
COMMENT ON TABLE deal_versions IS 'one row a state of a deal that the ledger has believed in, from recorded_at until ended_at; append-only (key: deal_id, version)';
COMMENT ON COLUMN deal_versions.deal_id IS 'the deal';
COMMENT ON COLUMN deal_versions."version" IS 'number of the state, from 1';
COMMENT ON COLUMN deal_versions.headline IS 'who → whom; partners joined by +';
COMMENT ON COLUMN deal_versions.type IS 'type of deal (deal_types)';
COMMENT ON COLUMN deal_versions.status IS 'in_talks, announced, completed, ended';
COMMENT ON COLUMN deal_versions.status_on IS 'day since which the status holds';
COMMENT ON COLUMN deal_versions.status_reason IS 'why this status holds';
COMMENT ON COLUMN deal_versions.amount IS 'settled sum in plain units of its currency';
COMMENT ON COLUMN deal_versions.currency IS 'ISO 4217 code of that sum';
COMMENT ON COLUMN deal_versions.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN deal_versions.usd IS 'the sum in US dollars';
COMMENT ON COLUMN deal_versions.conditional_usd IS 'part of usd that hangs on a condition, null where none does';
COMMENT ON COLUMN deal_versions.amount_reason IS 'why this sum holds where reports differ';
COMMENT ON COLUMN deal_versions.company_ids IS 'ids of all parties';
COMMENT ON COLUMN deal_versions.chips IS 'ids of the chips that it is about';
COMMENT ON COLUMN deal_versions.gigawatts IS 'power of its capacity, GW';
COMMENT ON COLUMN deal_versions.units IS 'number of chips';
COMMENT ON COLUMN deal_versions.first_on IS 'earliest day that a claim speaks of';
COMMENT ON COLUMN deal_versions.last_on IS 'latest day with news of it';
COMMENT ON COLUMN deal_versions.expected_on IS 'latest day still to come that a claim gave for it';
COMMENT ON COLUMN deal_versions.sources IS 'publishers with a claim on it';
COMMENT ON COLUMN deal_versions.articles IS 'articles with a claim on it';
COMMENT ON COLUMN deal_versions.languages IS 'languages of these claims';
COMMENT ON COLUMN deal_versions.best_tier IS 'best tier among these publishers, 1 best';
COMMENT ON COLUMN deal_versions.thread_id IS 'earliest deal of the thread that it continues';
COMMENT ON COLUMN deal_versions.parent_id IS 'round or programme that it is a part of';
COMMENT ON COLUMN deal_versions.parties IS 'the companies in it: id, topmost parent, role, side, claims that name it (as deal_parties)';
COMMENT ON COLUMN deal_versions.amounts IS 'all sums stated for it (as deal_amounts)';
COMMENT ON COLUMN deal_versions.reconstructed IS 'rebuilt from events when this table came: status and sum are those of the time, all else is of the upgrade';
COMMENT ON COLUMN deal_versions.first_recorded_at IS 'when the ledger first knew of the deal (UTC)';
COMMENT ON COLUMN deal_versions.recorded_at IS 'since when the ledger believed this (UTC)';
COMMENT ON COLUMN deal_versions.ended_at IS 'since when it no longer did (UTC), null while it does';
COMMENT ON COLUMN deal_versions.ended_by IS 'revised (by the next version), renamed (a company is called otherwise), merged (into deals.merged_into) or withdrawn';

-- Ledgers from before this table: a version for each moment at which an event of the deal came or went, and the present.
INSERT INTO deal_versions BY NAME
WITH ticks AS (
    SELECT deal_id, recorded_at AS tick FROM deal_events WHERE kind <> 'conflict'
    UNION
    SELECT deal_id, retracted_at FROM deal_events WHERE kind <> 'conflict' AND retracted_at IS NOT NULL
    UNION
    SELECT deal_id, updated_at FROM deals
),
spans AS (
    SELECT deal_id, tick, lead(tick) OVER (PARTITION BY deal_id ORDER BY tick) AS next_tick FROM ticks
),
believed AS (
    SELECT spans.deal_id, spans.tick, spans.next_tick, deal_events.status, deal_events.amount, deal_events.currency,
           deal_events.bound, deal_events.usd, deal_events.reason, deal_events.occurred_on,
           min(deal_events.occurred_on) OVER (PARTITION BY spans.deal_id, spans.tick) AS first_on
    FROM spans
    JOIN deal_events ON deal_events.deal_id = spans.deal_id AND deal_events.kind <> 'conflict'
        AND deal_events.recorded_at <= spans.tick
        AND (deal_events.retracted_at IS NULL OR deal_events.retracted_at > spans.tick)
    QUALIFY row_number() OVER (
        PARTITION BY spans.deal_id, spans.tick
        ORDER BY deal_events.occurred_on DESC, deal_events.kind = 'amount' DESC,
            list_position(['in_talks', 'announced', 'completed', 'ended'], deal_events.status) DESC
    ) = 1
),
named AS (
    SELECT deal_id,
           list({'company_id': company_id, 'root_id': root_id, 'role': "role", 'side': side, 'claims': claims}
                ORDER BY side, company_id) AS parties
    FROM deal_parties
    GROUP BY deal_id
),
sums AS (
    SELECT deal_id,
           list({'semantics': semantics, 'amount': amount, 'currency': currency, 'bound': bound, 'usd': usd,
                 'settled': settled, 'contested': contested, 'reason': reason, 'claims': claims, 'sources': sources,
                 'best_tier': best_tier, 'observation_id': observation_id}
                ORDER BY NOT settled, semantics, amount, currency) AS amounts
    FROM deal_amounts
    GROUP BY deal_id
),
counted AS (
    SELECT believed.*,
           believed.next_tick IS NULL AND deals.merged_into IS NULL AND NOT deals.withdrawn AS present,
           row_number() OVER (PARTITION BY believed.deal_id ORDER BY believed.tick) AS "version",
           lead(believed.tick) OVER (PARTITION BY believed.deal_id ORDER BY believed.tick) IS NULL AS final
    FROM believed
    JOIN deals USING (deal_id)
)
SELECT deal_id, counted."version", deals.headline, deals.type,
       CASE WHEN present THEN deals.status ELSE counted.status END AS status,
       CASE WHEN present THEN deals.status_on ELSE counted.occurred_on END AS status_on,
       CASE WHEN present THEN deals.status_reason ELSE counted.reason END AS status_reason,
       CASE WHEN present THEN deals.amount ELSE counted.amount END AS amount,
       CASE WHEN present THEN deals.currency ELSE counted.currency END AS currency,
       CASE WHEN present THEN deals.bound ELSE counted.bound END AS bound,
       CASE WHEN present THEN deals.usd ELSE counted.usd END AS usd,
       CASE WHEN present THEN deals.conditional_usd END AS conditional_usd,
       CASE WHEN present THEN deals.amount_reason END AS amount_reason,
       deals.company_ids, deals.chips, deals.gigawatts, deals.units,
       CASE WHEN present THEN deals.first_on ELSE counted.first_on END AS first_on,
       CASE WHEN present THEN deals.last_on ELSE counted.occurred_on END AS last_on,
       deals.expected_on, deals.sources, deals.articles, deals.languages, deals.best_tier, deals.thread_id,
       deals.parent_id, coalesce(named.parties, []) AS parties, coalesce(sums.amounts, []) AS amounts,
       NOT present AS reconstructed, deals.first_recorded_at, counted.tick AS recorded_at,
       CASE WHEN present THEN NULL ELSE coalesce(counted.next_tick, deals.updated_at) END AS ended_at,
       CASE
           WHEN present THEN NULL
           WHEN NOT counted.final THEN 'revised'
           WHEN deals.merged_into IS NOT NULL THEN 'merged'
           ELSE 'withdrawn'
       END AS ended_by
FROM counted
JOIN deals USING (deal_id)
LEFT JOIN named USING (deal_id)
LEFT JOIN sums USING (deal_id);
