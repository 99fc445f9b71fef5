-- Grain: one event of a deal that the ledger stands by.
-- needs: macros
-- Events keep the words that show them and deals what they show, so that one company's timeline costs two small joins.
CREATE OR REPLACE VIEW timeline AS
WITH shown AS (
    SELECT deal_events.*, deals.type, deals.headline, deals.chips, deals.company_ids, deals.thread_id, deals.parent_id,
           list_filter(deals.told, lambda voice: voice.status = deal_events.status)[1] AS support
    FROM deal_events
    JOIN deals USING (deal_id)
    WHERE deal_events.retracted_at IS NULL AND deals.merged_into IS NULL
)
SELECT shown.occurred_on AS date, shown.deal_id, shown.kind, shown.type, deal_types.name AS type_name, shown.status,
       shown.previous_status, shown.headline, money_text(shown.amount, shown.currency, shown.bound) AS amount_text,
       shown.amount, shown.currency, shown.bound, shown.usd, shown.previous_usd, shown.chips, shown.company_ids,
       coalesce(shown.support.sources, 1) AS sources, coalesce(shown.support.languages, [shown.lang]) AS languages,
       shown.evidence, shown.lang, shown.attribution, shown.tier, coalesce(sources.name, shown.source_id) AS source,
       shown.title, shown.url, shown.article_id, shown.reason, shown.thread_id, shown.parent_id,
       shown.recorded_at, shown.event_id, shown.replaces
FROM shown
LEFT JOIN sources ON sources.source_id = shown.source_id
LEFT JOIN deal_types ON deal_types.type = shown.type;
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
