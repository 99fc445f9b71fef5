-- One row a dispute that the ledger learnt of after $since (null: ever) and up to $until: a claim on a deal's status
-- that did not prevail (kind "conflict"), or a sum that stands against the settled one ("disputed"; was_… is the
-- settled sum). Columns are those of ledger_changes.sql. A dispute told anew, or better proved, is none.
WITH conflicts AS (
    SELECT new.deal_id, 'conflict' AS kind, new.status, new.occurred_on AS date, new.observation_id,
           new.amount, new.currency, new.bound, new.usd,
           NULL::DOUBLE AS was_amount, NULL AS was_currency, NULL AS was_bound, NULL::DOUBLE AS was_usd
    FROM deal_events AS new
    WHERE new.kind = 'conflict' AND new.recorded_at <= $until::TIMESTAMPTZ
      AND (new.retracted_at IS NULL OR new.retracted_at > $until::TIMESTAMPTZ)
      AND NOT EXISTS (
          SELECT 1 FROM deal_events AS old
          WHERE old.deal_id = new.deal_id AND old.kind = 'conflict' AND old.status = new.status
            AND old.recorded_at <= $since::TIMESTAMPTZ
            AND (old.retracted_at IS NULL OR old.retracted_at > $since::TIMESTAMPTZ)
      )
    QUALIFY row_number() OVER (PARTITION BY new.deal_id, new.status ORDER BY new.occurred_on DESC, new.event_id) = 1
),
stated AS (  -- when a sum of a deal was first stated: later readings of the same article are no news
    SELECT claims.deal_id, claims.amount, claims.currency, min(observations.recorded_at) AS first_at
    FROM claims
    JOIN observations ON observations.article_id = claims.article_id AND observations.amount = claims.amount
                     AND observations.currency = claims.currency
    GROUP BY claims.deal_id, claims.amount, claims.currency
),
sums AS (
    SELECT rival.deal_id, 'disputed' AS kind, deals.status, rival.last_on AS date, rival.observation_id,
           rival.amount, rival.currency, rival.bound, rival.usd,
           deals.amount AS was_amount, deals.currency AS was_currency, deals.bound AS was_bound, deals.usd AS was_usd
    FROM deal_amounts AS rival
    JOIN deals USING (deal_id)
    JOIN stated ON stated.deal_id = rival.deal_id AND stated.amount = rival.amount AND stated.currency = rival.currency
    WHERE rival.contested AND deals.amount IS NOT NULL AND stated.first_at <= $until::TIMESTAMPTZ
      AND ($since::TIMESTAMPTZ IS NULL OR stated.first_at > $since::TIMESTAMPTZ)
)
SELECT told.* EXCLUDE (observation_id), NULL AS was_status, NULL::DATE AS was_date, deals.type,
       observations.evidence, observations.lang, observations.tier,
       coalesce(sources.name, observations.source_id) AS source, articles.url
FROM (FROM conflicts UNION ALL BY NAME FROM sums) AS told
JOIN deals USING (deal_id)
JOIN observations USING (observation_id)
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = observations.source_id
WHERE deals.merged_into IS NULL AND NOT deals.withdrawn
ORDER BY told.usd DESC NULLS LAST, told.date DESC, told.deal_id, told.kind, told.status, told.amount;
