-- One row a deal whose present state is not the one its history ends in, or whose states overlap or leave a number out.
WITH present AS (
    SELECT deal_id, headline, type, status, status_on, amount, currency, bound, usd, conditional_usd, company_ids, chips,
           gigawatts, units, first_on, last_on, expected_on, sources, articles, languages, best_tier, thread_id,
           parent_id, status_reason, amount_reason, first_recorded_at, updated_at
    FROM deals
    WHERE merged_into IS NULL AND NOT withdrawn
),
believed AS (
    SELECT deal_id, headline, type, status, status_on, amount, currency, bound, usd, conditional_usd, company_ids, chips,
           gigawatts, units, first_on, last_on, expected_on, sources, articles, languages, best_tier, thread_id,
           parent_id, status_reason, amount_reason, first_recorded_at, recorded_at AS updated_at
    FROM deal_versions
    WHERE ended_at IS NULL
),
following AS (
    SELECT deal_id, "version", recorded_at,
           lag("version", 1, 0) OVER states AS version_before, lag(ended_at) OVER states AS ended_before,
           row_number() OVER states > 1 AS follows
    FROM deal_versions
    WINDOW states AS (PARTITION BY deal_id ORDER BY "version")
)
SELECT deal_id, 'not in its history' AS problem FROM (FROM present EXCEPT ALL FROM believed)
UNION ALL
SELECT deal_id, 'in its history only' FROM (FROM believed EXCEPT ALL FROM present)
UNION ALL
SELECT deal_id, 'states out of order' FROM following
WHERE "version" <> version_before + 1 OR (follows AND (ended_before IS NULL OR ended_before > recorded_at));
