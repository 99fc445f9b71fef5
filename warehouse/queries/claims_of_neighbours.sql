-- One row a standing claim of every deal that the claims asked about may join, part or thread, with what grouping has to
-- keep of the deal. $asked is JSON, a row a group of companies that a claim names: claim (number), root, takes (gets
-- something), lone (no other group is named), giverless (nobody is named that gives), joins (a round with a sum or
-- capacity), background, type, occurred_on, usd. Deals $deal_ids come in any case.
-- Deals of one pair are few, deals of one company are not: two groups in common reach back to $since; one suffices where
-- no other is named or a round is joined, mostly within $weeks days. The deals of the same pairs as a deal found come,
-- too, if less than $longest days lie between: what it gains or loses may be theirs. ($taking: roles of those who get.)
WITH asked AS (
    SELECT unnest(from_json($asked, '[{
        "claim": "INTEGER", "root": "VARCHAR", "takes": "BOOLEAN", "lone": "BOOLEAN", "giverless": "BOOLEAN",
        "joins": "BOOLEAN", "background": "BOOLEAN", "type": "VARCHAR", "occurred_on": "DATE", "usd": "DOUBLE"
    }]'), recursive := TRUE)
),
standing AS MATERIALIZED (
    SELECT decisions.deal_id, observations.parties, observations.type, occurred_on, background, usd
    FROM observations
    JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
    WHERE observations.superseded_by IS NULL AND decisions.deal_id IS NOT NULL
),
parties AS MATERIALIZED (
    SELECT DISTINCT deal_id, party.id AS id, party.root AS root, list_contains($taking, party."role") AS takes
    FROM (SELECT deal_id, unnest(parties) AS party FROM standing)
),
-- A company that deals with its own parent stands for itself, so that both names may be asked for.
named AS MATERIALIZED (
    SELECT deal_id, name, bool_or(takes) AS takes
    FROM (SELECT deal_id, takes, unnest([id, root]) AS name FROM parties)
    GROUP BY deal_id, name
),
spans AS MATERIALIZED (
    SELECT deal_id, min(occurred_on) AS first_on, max(occurred_on) AS last_on, list(DISTINCT type) AS types,
           bool_and(background) AS passing, min(usd) AS least_usd, max(usd) AS most_usd,
           any_value(sides.lone) AS lone, any_value(sides.giverless) AS giverless
    FROM standing
    JOIN (
        SELECT deal_id, count(DISTINCT root) = 1 AS lone, bool_and(takes) AS giverless FROM parties GROUP BY deal_id
    ) AS sides USING (deal_id)
    GROUP BY deal_id
),
pairs AS MATERIALIZED (
    SELECT DISTINCT deal_id, least(one, other) AS one, greatest(one, other) AS other
    FROM (
        SELECT one.deal_id, unnest([one.id, one.id, one.root, one.root]) AS one,
               unnest([other.id, other.root, other.id, other.root]) AS other
        FROM parties AS one
        JOIN parties AS other ON other.deal_id = one.deal_id AND other.id > one.id
    )
    WHERE one <> other
),
asked_pairs AS (
    SELECT DISTINCT one.root AS one, other.root AS other
    FROM asked AS one
    JOIN asked AS other ON other.claim = one.claim AND other.root > one.root
),
found AS MATERIALIZED (
    SELECT unnest($deal_ids)::VARCHAR AS deal_id
    UNION
    SELECT pairs.deal_id
    FROM asked_pairs
    JOIN pairs ON pairs.one = asked_pairs.one AND pairs.other = asked_pairs.other
    JOIN spans ON spans.deal_id = pairs.deal_id
    WHERE spans.last_on >= $since
    UNION
    SELECT spans.deal_id
    FROM asked
    JOIN named ON named.name = asked.root
    JOIN spans ON spans.deal_id = named.deal_id
    WHERE spans.last_on >= $since
      AND CASE
          WHEN (asked.lone OR spans.lone) AND list_contains(spans.types, asked.type) THEN TRUE
          WHEN NOT (asked.lone OR spans.lone OR (asked.takes AND named.takes)) THEN FALSE
          WHEN asked.occurred_on BETWEEN spans.first_on - $weeks AND spans.last_on + $weeks THEN TRUE
          WHEN asked.giverless OR spans.giverless THEN TRUE
          -- A mention in passing recalls a round, however far back, by its sum.
          ELSE asked.joins AND (asked.background OR spans.passing)
               AND coalesce(spans.least_usd <= asked.usd * $widest AND spans.most_usd >= asked.usd / $widest, TRUE)
      END
),
near AS (
    FROM found
    UNION
    SELECT others.deal_id
    FROM found
    JOIN pairs ON pairs.deal_id = found.deal_id
    JOIN pairs AS others ON others.one = pairs.one AND others.other = pairs.other
    JOIN spans AS mine ON mine.deal_id = found.deal_id
    JOIN spans AS theirs ON theirs.deal_id = others.deal_id
    WHERE theirs.first_on <= mine.last_on + $longest AND theirs.last_on >= mine.first_on - $longest
)
SELECT observations.*, decisions.deal_id, deals.thread_id, deals.parent_id, deals.first_recorded_at
FROM observations
JOIN decisions ON decisions.observation_id = observations.observation_id AND decisions.replaced_at IS NULL
JOIN near ON near.deal_id = decisions.deal_id
JOIN deals ON deals.deal_id = decisions.deal_id
WHERE observations.superseded_by IS NULL;
