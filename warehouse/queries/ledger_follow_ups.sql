-- One row a deal to be asked after, that became so after $since and up to $until: talks that have been silent for
-- $silent_days ("quiet"; "days" counts them), or a deal that a report expected to be done by a day now past ("due").
-- Columns are those of ledger_changes.sql, and "days". None before the first digest.
WITH believed AS (
    FROM deals_as_of($until::TIMESTAMPTZ)
),
heard AS (
    SELECT claims.deal_id, claims.occurred_on, claims.observation_id, claims.expected_on
    FROM claims
    WHERE claims.deal_id IS NOT NULL AND claims.recorded_at <= $until::TIMESTAMPTZ
),
last AS (
    SELECT deal_id, max(occurred_on) AS last_on, arg_max(observation_id, occurred_on) AS observation_id
    FROM heard
    GROUP BY deal_id
),
expected AS (
    SELECT deal_id, max(expected_on) AS expected_on, arg_max(observation_id, expected_on) AS observation_id
    FROM heard
    WHERE expected_on IS NOT NULL
    GROUP BY deal_id
),
silent AS (
    SELECT believed.*, 'quiet' AS follow_up, last.last_on AS on_day, last.observation_id,
           date_diff('day', last.last_on, ($until::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE) AS days,
           date_diff('day', last.last_on, ($since::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE) AS days_before
    FROM believed
    JOIN last USING (deal_id)
    WHERE believed.status = 'in_talks'
),
late AS (
    SELECT believed.*, 'due' AS follow_up, expected.expected_on AS on_day, expected.observation_id,
           date_diff('day', expected.expected_on, ($until::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE) AS days,
           date_diff('day', expected.expected_on, ($since::TIMESTAMPTZ AT TIME ZONE 'UTC')::DATE) AS days_before
    FROM believed
    JOIN expected USING (deal_id)
    WHERE believed.status IN ('in_talks', 'announced')
),
told AS (
    SELECT * FROM silent WHERE days >= $silent_days AND days_before < $silent_days
    UNION ALL
    SELECT * FROM late WHERE days >= 1 AND days_before < 1
)
SELECT told.deal_id, told.follow_up AS kind, told.status, told.on_day AS date, told.amount, told.currency, told.bound,
       told.usd, told.days, told.type, NULL AS was_status, NULL::DATE AS was_date,
       NULL::DOUBLE AS was_amount, NULL AS was_currency, NULL AS was_bound, NULL::DOUBLE AS was_usd,
       observations.evidence, observations.lang, observations.tier,
       coalesce(sources.name, observations.source_id) AS source, articles.url
FROM told
JOIN deals ON deals.deal_id = told.deal_id AND deals.merged_into IS NULL
JOIN observations ON observations.observation_id = told.observation_id
LEFT JOIN articles USING (version_id)
LEFT JOIN sources ON sources.source_id = observations.source_id
ORDER BY told.usd DESC NULLS LAST, told.deal_id, kind;
