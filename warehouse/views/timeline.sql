-- Grain: one event of a deal that the ledger stands by.
-- needs: macros, claims, deal_headlines
CREATE OR REPLACE VIEW timeline AS
WITH support AS (
    SELECT deal_id, status, count(DISTINCT source_id) AS sources, list(DISTINCT lang ORDER BY lang) AS languages
    FROM claims
    WHERE deal_id IS NOT NULL
    GROUP BY deal_id, status
),
chips AS (
    SELECT deal_id, list(DISTINCT chip_id ORDER BY chip_id) AS chips
    FROM deal_compute
    WHERE chip_id IS NOT NULL
    GROUP BY deal_id
)
SELECT deal_events.occurred_on AS date, deal_events.deal_id, deal_events.kind, deals.type,
       deal_types.name AS type_name, deal_events.status, deal_events.previous_status, deal_headlines.headline,
       money_text(deal_events.amount, deal_events.currency, deal_events.bound) AS amount_text,
       deal_events.amount, deal_events.currency, deal_events.bound, deal_events.usd, deal_events.previous_usd,
       coalesce(chips.chips, []) AS chips, deal_headlines.company_ids,
       coalesce(support.sources, 1) AS sources, coalesce(support.languages, [observations.lang]) AS languages,
       observations.evidence, observations.lang, observations.attribution, observations.tier,
       coalesce(sources.name, observations.source_id) AS source, articles.title, articles.url,
       observations.article_id, deal_events.reason, deals.thread_id, deals.parent_id,
       deal_events.recorded_at, deal_events.event_id, deal_events.replaces
FROM deal_events
JOIN deals ON deals.deal_id = deal_events.deal_id AND deals.merged_into IS NULL
JOIN observations USING (observation_id)
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = observations.source_id
LEFT JOIN deal_types ON deal_types.type = deals.type
LEFT JOIN deal_headlines ON deal_headlines.deal_id = deal_events.deal_id
LEFT JOIN support ON support.deal_id = deal_events.deal_id AND support.status = deal_events.status
LEFT JOIN chips ON chips.deal_id = deal_events.deal_id
WHERE deal_events.retracted_at IS NULL;
COMMENT ON VIEW timeline IS 'one row an event of a deal that the ledger stands by';
COMMENT ON COLUMN timeline.date IS 'day in the world';
COMMENT ON COLUMN timeline.deal_id IS 'the deal';
COMMENT ON COLUMN timeline.kind IS 'new, status, reopened, amount or conflict (a claim that did not prevail)';
COMMENT ON COLUMN timeline.type IS 'type of deal';
COMMENT ON COLUMN timeline.type_name IS 'its name to show';
COMMENT ON COLUMN timeline.status IS 'status after the event; for a conflict the status claimed in vain';
COMMENT ON COLUMN timeline.previous_status IS 'status before it';
COMMENT ON COLUMN timeline.headline IS 'who → whom';
COMMENT ON COLUMN timeline.amount_text IS 'the sum to show, such as "over $10 bn"';
COMMENT ON COLUMN timeline.amount IS 'settled sum after the event, in plain units';
COMMENT ON COLUMN timeline.currency IS 'ISO 4217 code';
COMMENT ON COLUMN timeline.bound IS 'exact, about, over, under, up_to, range';
COMMENT ON COLUMN timeline.usd IS 'the sum in US dollars';
COMMENT ON COLUMN timeline.previous_usd IS 'the sum in US dollars before the event';
COMMENT ON COLUMN timeline.chips IS 'ids of the chips that the deal is about';
COMMENT ON COLUMN timeline.company_ids IS 'ids of all parties';
COMMENT ON COLUMN timeline.sources IS 'publishers that state this status of the deal';
COMMENT ON COLUMN timeline.languages IS 'languages that they state it in';
COMMENT ON COLUMN timeline.evidence IS 'the words that best show the event';
COMMENT ON COLUMN timeline.lang IS 'language of these words';
COMMENT ON COLUMN timeline.attribution IS 'who says it: official, named, anonymous, other_outlet, unattributed';
COMMENT ON COLUMN timeline.tier IS 'credibility of that publisher, 1 best';
COMMENT ON COLUMN timeline.source IS 'publisher of these words';
COMMENT ON COLUMN timeline.title IS 'headline of that article';
COMMENT ON COLUMN timeline.url IS 'address of that article';
COMMENT ON COLUMN timeline.article_id IS 'id of that article';
COMMENT ON COLUMN timeline.reason IS 'why the event was recorded so';
COMMENT ON COLUMN timeline.thread_id IS 'earliest deal of the thread';
COMMENT ON COLUMN timeline.parent_id IS 'round or programme that the deal is a part of';
COMMENT ON COLUMN timeline.recorded_at IS 'since when the ledger says so (UTC)';
COMMENT ON COLUMN timeline.event_id IS 'id of the event';
COMMENT ON COLUMN timeline.replaces IS 'earlier event of the same content that this one redates or proves better: no news';
