-- One row a deal that the ledger says something else of at $until than it said at $since (null: it knew nothing).
-- Both states are what was believed at that moment, so a period has the same changes whenever it is asked for; an event
-- that was redated, or recorded and taken back in between, is none. A deal that was merged counts as the one it is part
-- of. "kind" is new, status, reopened, amount or taken_back; was_… is what the reader was told before; the words are
-- those that best show the new state, or, of what was taken back, the old one.
WITH RECURSIVE heirs AS (
    SELECT deal_id, deal_id AS heir FROM deals WHERE merged_into IS NULL
    UNION
    SELECT deals.deal_id, heirs.heir FROM deals JOIN heirs ON deals.merged_into = heirs.deal_id
),
events AS (
    SELECT deal_events.*, heirs.heir, deal_events.deal_id = heirs.heir AS own,
           $since::TIMESTAMPTZ IS NOT NULL AND recorded_at <= $since::TIMESTAMPTZ
           AND (retracted_at IS NULL OR retracted_at > $since::TIMESTAMPTZ) AS before,
           recorded_at <= $until::TIMESTAMPTZ
           AND (retracted_at IS NULL OR retracted_at > $until::TIMESTAMPTZ) AS after
    FROM deal_events
    JOIN heirs USING (deal_id)
    WHERE kind <> 'conflict'
),
touched AS (
    SELECT DISTINCT heir FROM events WHERE before IS DISTINCT FROM after OR $since IS NULL
),
ranked AS (
    SELECT events.*
    FROM events
    JOIN touched USING (heir)
    WHERE before OR after
),
was AS (
    SELECT * FROM ranked WHERE before
    QUALIFY row_number() OVER (
        PARTITION BY heir ORDER BY own DESC, occurred_on DESC, kind = 'amount' DESC, status_rank(status) DESC
    ) = 1
),
now AS (
    SELECT * FROM ranked WHERE after
    QUALIFY row_number() OVER (
        PARTITION BY heir ORDER BY own DESC, occurred_on DESC, kind = 'amount' DESC, status_rank(status) DESC
    ) = 1
),
compared AS (
    SELECT coalesce(now.heir, was.heir) AS deal_id,
           CASE
               WHEN was.heir IS NULL THEN 'new'
               WHEN now.heir IS NULL THEN 'taken_back'
               WHEN was.status = 'ended' AND now.status <> 'ended' THEN 'reopened'
               WHEN was.status <> now.status THEN 'status'
               WHEN was.amount IS NULL AND now.amount IS NULL THEN NULL
               WHEN was.amount IS NULL OR now.amount IS NULL THEN 'amount'
               WHEN was.currency = now.currency
                    THEN CASE WHEN abs(was.amount - now.amount) > 0.005 * greatest(was.amount, now.amount) THEN 'amount' END
               WHEN abs(was.usd - now.usd) <= 0.06 * greatest(was.usd, now.usd) THEN NULL  -- told in another currency
               ELSE 'amount'
           END AS kind,
           coalesce(now.event_id, was.event_id) AS event_id, coalesce(now.status, was.status) AS status,
           coalesce(now.occurred_on, was.occurred_on) AS date,
           coalesce(now.observation_id, was.observation_id) AS observation_id,
           CASE WHEN now.heir IS NULL THEN was.amount ELSE now.amount END AS amount,
           CASE WHEN now.heir IS NULL THEN was.currency ELSE now.currency END AS currency,
           CASE WHEN now.heir IS NULL THEN was.bound ELSE now.bound END AS bound,
           CASE WHEN now.heir IS NULL THEN was.usd ELSE now.usd END AS usd,
           was.status AS was_status, was.amount AS was_amount, was.currency AS was_currency, was.bound AS was_bound,
           was.usd AS was_usd, was.occurred_on AS was_date
    FROM now
    FULL JOIN was ON was.heir = now.heir
)
SELECT compared.* EXCLUDE (event_id, observation_id), deals.type, NULL AS rival_source,
       observations.evidence, observations.lang, observations.tier,
       coalesce(sources.name, observations.source_id) AS source, articles.url
FROM compared
JOIN deals USING (deal_id)
JOIN observations USING (observation_id)
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = observations.source_id
WHERE compared.kind IS NOT NULL
ORDER BY compared.usd DESC NULLS LAST, compared.date DESC, compared.deal_id;
